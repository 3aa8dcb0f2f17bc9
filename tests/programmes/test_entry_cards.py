"""Entry cards: shown once, one use, 30 days, nobody's name; and the page anybody may read."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from portal.models import JournalEntry, Person, User
from portal.typography import french
from programmes.access import joinable_by
from programmes.models import EntryCard
from programmes.services import entry_cards, rollout
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

ENTRY, WELCOME = "/entree/", "/entree/bienvenue/"


@pytest.fixture(autouse=True)
def _counters_at_zero():
    cache.clear()
    yield
    cache.clear()


def issue(programme, **options):
    return entry_cards.issue(programme=programme, count=1, by=referent_of(programme), **options)[0]


def login(email: str = "") -> User:
    return User.objects.create_user(email or f"{uuid.uuid4().hex[:8]}@personnel.invalid")


def enter(card, user=None, given="Candide", family="Rey") -> Person:
    return entry_cards.enter(card=card, user=user or login(), given=given, family=family)


def type_code(client, code):
    return client.post(ENTRY, {"code": code})


class TestCode:
    def test_the_table_never_holds_the_code(self, db):
        card, code = issue(make_programme())
        assert code.replace("-", "") not in str(EntryCard.objects.values_list().get(pk=card.pk))

    def test_codes_have_sixty_bits_and_no_sign_taken_for_another(self):
        signs = entry_cards.SIGNS
        assert len(set(signs)) ** (entry_cards.GROUPS * entry_cards.GROUP) >= 2**60
        assert not set("IO01") & set(signs)

    def test_it_may_be_typed_in_small_letters_without_dashes(self, db):
        card, code = issue(make_programme())
        assert entry_cards.find(f" {code.replace('-', ' ').lower()} ") == card

    def test_no_more_than_ten_at_once(self, db):
        programme = make_programme()
        with pytest.raises(DomainError):
            entry_cards.issue(programme=programme, count=11, by=referent_of(programme))


class TestTyping:
    def test_wrong_used_revoked_and_expired_are_one_same_page(self, db):
        programme = make_programme()
        used, used_code = issue(programme)
        enter(used)
        taken, taken_code = issue(programme)
        entry_cards.revoke(card=taken, by=referent_of(programme))
        with clock.at(clock.now() - dt.timedelta(days=30)):
            _, old_code = issue(programme)
        pages = set()
        for code in ("AAAA-BBBB-CCCC", used_code, taken_code, old_code):
            answer = type_code(Client(), code)
            assert answer.status_code == 200
            assert french(entry_cards.WRONG) in answer.content.decode()
            lines = answer.content.decode().splitlines()
            pages.add("\n".join(line for line in lines if "csrf" not in line).replace(code, "code"))
        assert len(pages) == 1

    def test_guessing_is_stopped_and_the_right_code_then_waits_too(self, db):
        _, code = issue(make_programme())
        client = Client()
        for _ in range(10):
            type_code(client, "AAAA-BBBB-CCCC")
        assert "Trop d’essais" in type_code(client, code).content.decode()

    def test_typing_the_code_or_reading_uses_nothing_up(self, db):
        card, code = issue(make_programme())
        client = Client()
        assert type_code(client, code).headers["Location"] == WELCOME
        page = client.get(WELCOME).content.decode()
        for number in ("15", "112", "114", "3114"):
            assert f">{number}</strong>" in page
        card.refresh_from_db()
        assert card.used_at is None

    def test_without_a_code_the_welcome_page_says_nothing_of_a_programme(self, client, db):
        issue(make_programme())
        assert client.get(WELCOME).headers["Location"] == ENTRY

    def test_somebody_who_has_an_account_keeps_the_card_unused(self, db):
        programme = make_programme()
        card, code = issue(programme)
        type_code(client_of(make_person(make_employer())), code)
        card.refresh_from_db()
        assert card.used_at is None


class TestUsing:
    def test_it_makes_an_agent_of_the_employer_who_may_join(self, db):
        programme = make_programme()
        card, _ = issue(programme)
        person = enter(card)
        assert [row.employer for row in person.affiliations.all()] == [programme.lead_employer]
        assert programme in joinable_by(person)

    def test_a_card_serves_once(self, db):
        card, _ = issue(make_programme())
        enter(card)
        with pytest.raises(DomainError):
            enter(card)
        assert Person.objects.filter(given="Candide").count() == 1

    def test_a_sign_up_with_a_personal_address_ends_as_an_agent(self, db, committed):
        programme = make_programme()
        card, code = issue(programme)
        client = Client()
        type_code(client, code)
        data = {"given": "Candide", "family": "Rey", "email": "candide@personnel.invalid", "password1": ""}
        with committed():
            assert client.post(reverse("account_signup"), data).status_code == 302
        assert not Person.objects.filter(given="Candide").exists(), "before the address is verified"
        code = client.session["account_email_verification_code"]["code"]
        client.post(reverse("account_email_verification_sent"), {"code": code})
        person = Person.objects.get(given="Candide")
        assert person.affiliations.get().employer == programme.lead_employer
        card.refresh_from_db()
        assert card.used_at is not None

    def test_without_a_card_a_personal_address_opens_nothing(self, client, db):
        data = {"given": "Candide", "family": "Rey", "email": "candide@personnel.invalid", "password1": ""}
        assert "employeur inscrit" in client.post(reverse("account_signup"), data).content.decode()

    def test_nothing_links_a_card_of_nobody_to_who_used_it(self, db):
        card, _ = issue(make_programme())
        person = enter(card)
        card.refresh_from_db()
        assert card.person is None
        assert not JournalEntry.objects.filter(object_ref=card.ref, subject_ref=person.ref).exists()


class TestPages:
    def test_codes_are_shown_once(self, db):
        programme = make_programme()
        client, url = client_of(referent_of(programme)), reverse("programmes:entry_cards", args=[programme.slug])
        form = {"count": "3", "receipt": str(uuid.uuid4())}
        shown = client.post(url, form)
        assert shown.content.decode().count("entry-code") == 3
        again = client.post(url, form, follow=True).content.decode()
        assert "entry-code" not in again and "déjà été montrées" in again
        assert EntryCard.objects.count() == 3

    def test_a_printed_card_says_neither_who_nor_what_for(self, db):
        programme = make_programme()
        client, url = client_of(referent_of(programme)), reverse("programmes:entry_cards", args=[programme.slug])
        page = client.post(url, {"count": "1", "receipt": str(uuid.uuid4())}).content.decode()
        card = page[page.index('class="card-r entry-card"') :].partition("</section>")[0].lower()
        for word in ("santé", "handicap", "pair", programme.name.lower(), programme.lead_employer.name.lower()):
            assert word not in card

    @pytest.mark.parametrize("count", ["0", "11", "", "x"])
    def test_a_wrong_number_loses_nothing_and_makes_nothing(self, db, count):
        programme = make_programme()
        url = reverse("programmes:entry_cards", args=[programme.slug])
        answer = client_of(referent_of(programme)).post(url, {"count": count, "receipt": str(uuid.uuid4())})
        assert answer.status_code == 200
        assert not EntryCard.objects.exists()

    def test_the_deputy_rh_and_strangers_have_no_cards(self, db):
        programme = make_programme()
        deputy = make_person(programme.lead_employer)
        rollout.grant(programme=programme, person=deputy, role="deputy", by=referent_of(programme))
        url = reverse("programmes:entry_cards", args=[programme.slug])
        for person in (
            deputy,
            make_person(programme.lead_employer, roles=("hr_reader",)),
            referent_of(make_programme()),
        ):
            assert client_of(person).get(url).status_code == 404

    def test_another_programme_s_card_is_not_found(self, db):
        programme, other = make_programme(), make_programme()
        card, _ = issue(other)
        url = reverse("programmes:revoke_card", args=[programme.slug, card.ref])
        assert client_of(referent_of(programme)).post(url).status_code == 404
        assert entry_cards.find_by_ref(card.ref)

    def test_counts(self, db):
        programme = make_programme()
        enter(issue(programme)[0])
        issue(programme)
        entry_cards.revoke(card=issue(programme)[0], by=referent_of(programme))
        assert entry_cards.counts(programme) == {"issued": 3, "valid": 1, "used": 1, "expired": 1}

    def test_the_list_makes_as_many_queries(self, db):
        programme = make_programme()
        client, url = client_of(referent_of(programme)), reverse("programmes:entry_cards", args=[programme.slug])
        assert_same_queries(lambda: client.get(url), lambda: issue(programme))


class TestPublicPage:
    def test_it_is_there_only_while_the_programme_is_open(self, client, db):
        for programme, code in ((make_programme(), 200), (make_programme(opened=False), 404)):
            for name in ("public", "talk", "talk_thanks"):
                assert client.get(reverse(f"programmes:{name}", args=[programme.slug])).status_code == code

    @pytest.mark.parametrize("query", ["", "?simple=1"])
    def test_it_lists_nobody(self, client, db, query):
        programme = make_programme()
        people = [make_participation(programme, side).person for side in ("helper", "helped")]
        page = client.get(reverse("programmes:public", args=[programme.slug]) + query).content.decode()
        for person in (*people, referent_of(programme)):
            assert person.given not in page and person.family not in page

    def test_a_door_leads_a_visitor_to_sign_in_and_back(self, client, db):
        programme = make_programme()
        url = reverse("programmes:join_side", args=[programme.slug, "etre-accompagne"])
        assert url in client.get(reverse("programmes:public", args=[programme.slug])).content.decode()
        assert url in client.get(url).headers["Location"]
