"""Wishes of people without an account, attacked first: whoever keeps a copy of the card still reads nothing."""

import html
import io
import logging
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from pairing.enums import RunMode
from pairing.models import Run, WishRound, WishSeat
from pairing.services import wish_cards, wishes
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail, Person, Transition, User
from programmes.enums import Form, Side
from programmes.models import EntryCard, Participation
from programmes.services import entry_cards, on_behalf
from programmes.services import participation as participations
from tests import builders
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of
from tests.pairing.wish_worlds import after, met, peers, plan

pytestmark = pytest.mark.django_db
URL = "/voeux/"
THANKS = "Vos vœux sont scellés"
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


class World:
    """Three published presentations; Capucine has no account, Ariane has one."""

    def __init__(self):
        self.programme = make_programme()
        type(self.programme).objects.filter(pk=self.programme.pk).update(wishes_on_presentations=True)
        self.programme.refresh_from_db()
        self.referent = referent_of(self.programme)
        self.helpers = []
        for given in ("Alba", "Chems", "Morgane"):
            row = make_participation(self.programme, Side.HELPER, make_person(self.programme.lead_employer, given))
            row.presentation, row.presentation_published = f"Bonjour de {given}.", True
            row.save()
            self.helpers.append(row)
        self.ariane = make_participation(self.programme, Side.HELPED, make_person(self.programme.lead_employer))
        said = builders.wishes(side=Side.HELPED, given="Capucine", family="Vert", phone="06 39 98 55 01")
        self.paper = on_behalf.enter(programme=self.programme, by=self.referent, **said).participation
        participations.answer(participation=self.paper, move="accept", by=self.referent)
        until = clock.today(self.programme.time_zone) + clock.dt.timedelta(days=10)
        self.row = wishes.open_on_presentations(
            programme=self.programme, form=Form.PAIR, wishes_until=until, by=self.referent
        )
        self.code = self.cards()[0]

    def cards(self) -> list[str]:
        """By the référent's button: the codes shown."""
        url = reverse("pairing:wish_cards", args=[self.programme.slug, self.row.ref])
        return CODE.findall(client_of(self.referent).post(url, follow=True).content.decode())

    @property
    def seat(self) -> WishSeat:
        return self.row.seats.get(participation=self.paper)


@pytest.fixture
def world(settings):
    settings.ACCOUNT_RATE_LIMITS = {"entry_code": "100/m/ip"}
    cache.clear()
    return World()


def write(code: str, *names: Participation, client: Client | None = None):
    refs = [*(str(one.ref) for one in names), "", "", ""][:3]
    data = {"code": code, **{f"wish_{number}": ref for number, ref in enumerate(refs, 1)}}
    return (client or Client()).post(URL, data, follow=True)


def seen(page) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|receipt)" value="[\w-]+', "", html.unescape(page.content.decode()))


def test_a_card_writes_wishes_that_make_a_pair(world):
    page = seen(Client().post(URL, {"code": world.code.lower().replace("-", " ")}))
    assert "Bonjour de Chems." in page and "Capucine" not in page, "the page says not whose card it is"
    assert THANKS in seen(write(world.code, world.helpers[1], world.helpers[0]))
    run = wishes.close(row=world.row, by=world.referent)
    assert run.mode == RunMode.PRESENTATIONS
    staged = {frozenset(seat.participation for seat in row.members.all()) for row in run.candidates.all()}
    assert frozenset({world.paper, world.helpers[1]}) in staged
    assert not WishSeat.objects.exclude(card_hash=None).exists()
    assert wish_cards.WRONG in seen(Client().post(URL, {"code": world.code})), "the card ended with the round"


# --- Attacks ----------------------------------------------------------------------------------------------------------
def test_whoever_kept_the_code_reads_the_same_page_before_and_after(world):
    before = seen(Client().post(URL, {"code": world.code}))
    write(world.code, world.helpers[2])
    after = seen(Client().post(URL, {"code": world.code}))
    assert after == before and "selected" not in after.replace('value="" selected', "")
    # Nor by writing, nor signed in as the référent, nor with a form that is wrong.
    again = seen(write(world.code, world.helpers[2]))
    other = World()
    assert seen(write(other.code, other.helpers[0])) == again, "a first and a second time end alike"
    twice = seen(write(world.code, world.helpers[2], world.helpers[2]))
    assert "toutes différentes" in twice and THANKS not in twice
    mine = seen(client_of(world.referent).post(URL, {"code": world.code}))
    assert str(world.helpers[2].ref) in mine and f'value="{world.helpers[2].ref}" selected' not in mine


def test_an_account_made_in_the_holder_s_place_reads_nothing_of_what_the_card_wrote(world):
    """The référent makes a new entry card, comes in by it under the holder's name, and looks for the wishes."""
    write(world.code, world.helpers[2])
    person = world.paper.person
    entry_cards.replace(programme=world.programme, person=person, by=world.referent)
    card = EntryCard.objects.filter(person=person, expires_at__gt=clock.now()).get()
    user = User.objects.create_user("ailleurs@exemple.invalid", "x" * 20)
    entry_cards.enter(card=card, user=user, given="Capucine", family="Vert")
    person.refresh_from_db()
    assert person.user == user and wishes.own(world.seat, person) == []
    page = client_of(person).get(reverse("pairing:my_round", args=[world.row.ref]))
    assert page.status_code == 200 and f'value="{world.helpers[2].ref}" selected' not in page.content.decode()
    assert str(world.helpers[2].ref) not in str([row.choices for row in wishes.in_words(person)])


def test_the_pages_of_the_referent_and_of_hr_do_not_change(world):
    people = [world.referent, make_person(world.programme.lead_employer, roles=("hr_signatory",))]
    slug = world.programme.slug
    urls = [
        world.row.get_absolute_url(),
        *(reverse(f"pairing:{name}", args=[slug]) for name in ("wish_rounds", "runs", "pairs")),
        reverse("programmes:home", args=[slug]),
        reverse("programmes:participation", args=[slug, world.paper.ref]),
        reverse("programmes:on_paper", args=[slug, world.paper.ref]),
    ]

    def read():
        pages = [client_of(person).get(url) for person in people for url in urls]
        return [(page.status_code, re.sub(r"\d+", "n", seen(page))) for page in pages]

    first = read()
    write(world.code, world.helpers[0])
    assert read() == first
    assert [status for status, _ in first[: len(urls)]] == [200] * len(urls)
    assert {status for status, _ in first[len(urls) :]} == {404}


def test_no_row_no_line_no_mail_no_session_and_no_log_says_that_a_card_served(world, caplog):
    def rows() -> list:
        """The whole database but the seat, whose sealed text only changes, at the same length."""
        out = io.StringIO()
        call_command("dumpdata", "--all", "--exclude", "pairing.wishseat", stdout=out)
        return [out.getvalue(), *(model.objects.count() for model in (JournalEntry, Transition, OutgoingMail, Session))]

    before, seat, sealed = rows(), world.row.seats.values("pk", "answer", "here", "card_hash"), world.seat.choices
    was = list(seat)
    with caplog.at_level(logging.DEBUG):
        write(world.code, world.helpers[0], world.helpers[1])
    assert rows() == before and list(seat.all()) == was
    now = world.seat.choices
    assert now.token != sealed.token and len(now.token) == len(sealed.token)
    for secret in (world.code, wish_cards.hash_of(world.code), str(world.helpers[0].ref), str(world.seat.ref)):
        assert secret not in caplog.text


def test_only_the_hash_of_a_code_is_kept_and_a_new_card_replaces_the_one_before(world):
    write(world.code, world.helpers[1])
    assert world.code not in str(list(WishSeat.objects.values()))
    (code,) = world.cards()
    assert wish_cards.WRONG in seen(Client().post(URL, {"code": world.code}))
    assert "Jusqu’à trois vœux" in seen(Client().post(URL, {"code": code}))
    run = wishes.close(row=world.row, by=world.referent)
    pairs = {frozenset(seat.participation for seat in row.members.all()) for row in run.candidates.all()}
    assert frozenset({world.paper, world.helpers[1]}) in pairs, "what was written stays"


def test_codes_that_open_nothing_get_one_sentence_and_too_many_tries_are_stopped(world, settings):
    settings.ACCOUNT_RATE_LIMITS = {"entry_code": "3/m/ip"}
    for code in ("AAAA-BBBB-CCCC", str(uuid.uuid4())[:12], world.code[:-1]):
        assert wish_cards.WRONG in seen(Client().post(URL, {"code": code}))
    stopped = seen(write(world.code, world.helpers[0]))
    assert THANKS not in stopped and wish_cards.WRONG not in stopped


def test_nobody_with_an_account_gets_a_card_and_an_account_ends_the_card(world):
    assert [seat.participation for seat in wish_cards.without_account(world.row)] == [world.paper]
    person = world.paper.person
    person.user = User.objects.create_user("capucine@exemple.invalid")
    person.save()
    assert wish_cards.WRONG in seen(Client().post(URL, {"code": world.code}))
    with pytest.raises(DomainError, match="ont un compte"):
        wish_cards.issue(row=world.row, by=world.referent)


def test_cards_are_made_by_a_referent_outside_of_the_round_while_it_is_open(world):
    url = reverse("pairing:wish_cards", args=[world.programme.slug, world.row.ref])
    assert client_of(world.ariane.person).post(url).status_code == 404
    assert client_of(world.referent).get(url).status_code == 405
    with pytest.raises(Refused):
        wish_cards.issue(row=world.row, by=world.ariane.person)
    wishes.cancel(row=world.row, by=world.referent)
    with pytest.raises(DomainError):
        wish_cards.issue(row=WishRound.objects.get(), by=world.referent)
    assert not Run.objects.exists()


def test_after_a_session_the_sheet_of_whoever_has_no_account_speaks_of_the_card_which_names_those_met():
    programme, people = peers(6)
    row = met(plan(programme, people))
    Person.objects.filter(pk=people[0].person_id).update(user=None)
    sheets = seen(
        client_of(referent_of(programme)).get(reverse("pairing:dating_sheets", args=[programme.slug, row.ref]))
    )
    assert sheets.count("avec la carte de vœux qu’on vous remet") == 1
    assert sheets.count("dans votre espace") == 5
    ((seat, code),) = wish_cards.issue(row=row, by=referent_of(programme))
    assert seat.participation == people[0] and wish_cards.find(code) is None, "not before the session"
    with after(row):
        page = seen(Client().post(URL, {"code": code}))
        assert all(f'value="{other.ref}"' in page for other in people[1:]) and str(people[0].ref) not in page
        assert THANKS in seen(write(code, people[3], people[4]))
        run = wishes.close(row=row, by=referent_of(programme))
    assert run.mode == RunMode.DATING and run.candidates.count() == 3
