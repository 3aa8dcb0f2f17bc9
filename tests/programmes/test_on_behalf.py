"""Entered by the référent after a talk: nothing waits for an address, the person sees who typed it, may claim it later."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.enums import MailState, Verb
from portal.errors import DomainError, Refused
from portal.models import Job, JournalEntry, OutgoingMail, Person, User
from portal.services import journal
from programmes.enums import ParticipationState, Side
from programmes.forms.entry import OnBehalfForm
from programmes.models import EntryCard, Participation
from programmes.services import entry_cards, on_behalf, participation, rollout
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of, wishes

PHONE = "06 12 34 56 78"


@pytest.fixture(autouse=True)
def _counters_at_zero():
    cache.clear()
    yield
    cache.clear()


def enter(programme, **changes) -> on_behalf.Entered:
    who = {"given": "Candide", "family": "Rey", "phone": PHONE, "side": Side.HELPED}
    return on_behalf.enter(programme=programme, by=referent_of(programme), **wishes(**{**who, **changes}))


def posted(**changes) -> dict:
    form = {"receipt": str(uuid.uuid4()), "given": "Candide", "family": "Rey", "phone": PHONE, "channels": ["phone"]}
    return {**form, "slots": ["5"], "information_read": "on", **changes}


def url_of(programme, name="on_behalf_form", *arguments):
    return reverse(f"programmes:{name}", args=[programme.slug, *(arguments or ("etre-accompagne",))])


def claim(made, *, family="Rey", code="") -> Person:
    user = User.objects.create_user(f"{uuid.uuid4().hex[:8]}@personnel.invalid")
    card = entry_cards.find(code or made.code)
    return entry_cards.enter(card=card, user=user, given="Candide", family=family)


class TestEntering:
    def test_nothing_is_sent_and_no_answer_waits_for_an_address(self, db, committed, mailoutbox):
        programme = make_programme()
        with committed():
            row = enter(programme).participation
            participation.answer(participation=row, move="accept", by=referent_of(programme))
        row.refresh_from_db()
        assert row.state == ParticipationState.ACCEPTED
        assert mailoutbox == [] and not Job.objects.filter(kind="portal.mail").exists()
        # To be handed over on paper.
        assert {mail.state for mail in OutgoingMail.objects.filter(person=row.person)} == {MailState.KEPT}

    def test_it_is_in_the_person_s_journal_and_in_their_data(self, db):
        programme = make_programme()
        made = enter(programme)
        entries = journal.about(made.participation.person)
        assert {entry.verb for entry in entries} >= {Verb.ENTERED_FOR}
        assert {entry.actor_ref for entry in entries} == {referent_of(programme).ref}
        person = claim(made)
        page = client_of(person).get(reverse("portal:my_data")).content.decode()
        assert f"saisi par {referent_of(programme).short_name} pour vous" in page

    def test_nobody_writes_words_for_somebody_else(self, db):
        programme = make_programme()
        for side in (Side.HELPED, Side.HELPER):
            form = OnBehalfForm(programme=programme, side=side)
            assert not {"free_text", "readers"} & set(form.fields)
        client_of(referent_of(programme)).post(url_of(programme), posted(free_text="un diagnostic", readers=["pair"]))
        row = Participation.objects.get()
        assert not row.free_text and row.readers == []

    def test_the_page_shows_a_card_once_and_the_same_form_is_taken_once(self, db):
        programme = make_programme()
        client, data = client_of(referent_of(programme)), posted()
        assert "entry-code" in client.post(url_of(programme), data).content.decode()
        again = client.post(url_of(programme), data, follow=True).content.decode()
        assert "entry-code" not in again
        assert Person.objects.filter(given="Candide").count() == EntryCard.objects.count() == 1

    def test_a_card_already_handed_over_becomes_theirs(self, db):
        programme = make_programme()
        card, code = entry_cards.issue(programme=programme, count=1, by=referent_of(programme))[0]
        made = enter(programme, card_code=code.lower())
        assert made.code == "" and EntryCard.objects.get().person == made.participation.person
        assert claim(made, code=code) == made.participation.person

    def test_a_card_of_another_programme_or_of_somebody_else_is_refused_and_nothing_stays(self, db):
        programme, other = make_programme(), make_programme()
        _, foreign = entry_cards.issue(programme=other, count=1, by=referent_of(other))[0]
        taken = enter(programme).code
        for code in (foreign, taken, "AAAA-BBBB-CCCC"):
            answer = client_of(referent_of(programme)).post(url_of(programme), posted(given="Autre", card_code=code))
            assert answer.status_code == 200 and 'value="Autre"' in answer.content.decode()
        assert not Person.objects.filter(given="Autre").exists()

    @pytest.mark.parametrize("missing", ["given", "family", "phone", "channels", "information_read"])
    def test_an_error_keeps_what_was_typed(self, db, missing):
        programme = make_programme()
        data = posted()
        del data[missing]
        answer = client_of(referent_of(programme)).post(url_of(programme), data)
        assert answer.status_code == 200 and not Person.objects.filter(given="Candide").exists()

    def test_only_the_referent_of_this_programme_enters_for_others(self, db):
        programme = make_programme()
        deputy = make_person(programme.lead_employer)
        rollout.grant(programme=programme, person=deputy, role="deputy", by=referent_of(programme))
        hr = make_person(programme.lead_employer, roles=("hr_signatory",))
        for person in (deputy, hr, make_person(programme.lead_employer), referent_of(make_programme())):
            assert client_of(person).post(url_of(programme), posted()).status_code == 404
        assert not Person.objects.filter(given="Candide").exists()

    def test_nothing_is_entered_in_a_programme_that_is_not_open(self, db):
        programme = make_programme(opened=False)
        assert client_of(referent_of(programme)).post(url_of(programme), posted()).status_code == 404


class TestPaper:
    def test_the_status_is_a_sheet_and_the_reading_is_in_the_journal(self, db):
        programme = make_programme()
        row = enter(programme).participation
        page = client_of(referent_of(programme)).get(url_of(programme, "on_paper", row.ref))
        assert "Bien reçue" in page.content.decode()
        assert JournalEntry.objects.filter(verb=Verb.READ_FILE, subject_ref=row.person.ref).count() == 1

    def test_the_file_gives_the_number_to_the_referent_who_is_told_to_call(self, db):
        programme = make_programme()
        row = enter(programme).participation
        client = client_of(referent_of(programme))
        assert PHONE in client.get(url_of(programme, "participation", row.ref)).content.decode()
        told = client.post(url_of(programme, "answer", row.ref), {"answer": "accept"}, follow=True).content.decode()
        assert "prévenez par téléphone" in told and "en est prévenu" not in told

    def test_people_with_an_account_have_no_sheet_and_no_card(self, db):
        programme = make_programme()
        row = make_participation(programme)
        client = client_of(referent_of(programme))
        assert client.get(url_of(programme, "on_paper", row.ref)).status_code == 404
        assert client.post(url_of(programme, "new_card", row.ref)).status_code == 404
        assert not EntryCard.objects.exists()

    def test_a_lost_card_is_replaced_and_stops_working(self, db):
        programme = make_programme()
        made = enter(programme)
        answer = client_of(referent_of(programme)).post(url_of(programme, "new_card", made.participation.ref))
        assert "entry-code" in answer.content.decode()
        assert entry_cards.find(made.code) is None
        assert entry_cards.counts(programme)["valid"] == 1

    def test_what_is_said_by_voice_is_noted_and_is_in_the_journal(self, db):
        programme = make_programme()
        row = enter(programme).participation
        client = client_of(referent_of(programme))
        before = journal.about(row.person).filter(verb=Verb.ENTERED_FOR).count()
        url = url_of(programme, "said_by_voice", row.ref, "retrait")
        assert client.get(url).status_code == 200
        row.refresh_from_db()
        assert row.state == ParticipationState.RECEIVED, "reading writes nothing"
        client.post(url)
        row.refresh_from_db()
        assert row.state == ParticipationState.WITHDRAWN
        assert journal.about(row.person).filter(verb=Verb.ENTERED_FOR).count() == before + 1

    def test_nobody_decides_so_for_somebody_with_an_account(self, db):
        programme = make_programme()
        row = make_participation(programme)
        url = url_of(programme, "said_by_voice", row.ref, "retrait")
        assert client_of(referent_of(programme)).post(url).status_code == 404
        with pytest.raises(Refused):
            participation.withdraw(participation=row, by=referent_of(programme))
        paper = enter(programme).participation
        with pytest.raises(Refused):
            participation.withdraw(participation=paper, by=make_person(programme.lead_employer))

    def test_rh_reads_nothing_of_it(self, db):
        programme = make_programme()
        row = enter(programme).participation
        hr = client_of(make_person(programme.lead_employer, roles=("hr_reader", "hr_signatory")))
        slug = programme.lead_employer.slug
        for name in ("portal:hr_home", "programmes:hr_letters", "evaluation:hr_reports", "programmes:hr_expenses"):
            assert "Candide" not in hr.get(reverse(name, args=[slug])).content.decode()
        assert hr.get(url_of(programme, "on_paper", row.ref)).status_code == 404


class TestClaiming:
    def test_the_person_gets_their_own_request_back(self, db):
        programme = make_programme()
        made = enter(programme)
        person = claim(made)
        assert person == made.participation.person and person.user is not None
        assert Person.objects.filter(family="Rey").count() == 1
        page = client_of(person).get(reverse("programmes:my_participation", args=[made.participation.ref]))
        assert page.status_code == 200

    def test_whoever_finds_the_card_must_know_the_name_and_the_card_stays_usable(self, db):
        made = enter(make_programme())
        with pytest.raises(DomainError):
            claim(made, family="Dupont")
        assert claim(made, family="  rey ")

    def test_before_the_claim_the_pages_of_the_card_name_nobody(self, db):
        made = enter(make_programme())
        client = Client()
        client.post("/entree/", {"code": made.code})
        for path in ("/entree/bienvenue/", reverse("account_signup")):
            page = client.get(path).content.decode()
            assert "Candide" not in page and "Rey" not in page and PHONE not in page

    def test_a_card_serves_one_claim(self, db):
        made = enter(make_programme())
        card = entry_cards.find(made.code)
        claim(made)
        stranger = User.objects.create_user("autre@personnel.invalid")
        with pytest.raises(DomainError):
            entry_cards.enter(card=card, user=stranger, given="Autre", family="Rey")
        assert not Person.objects.filter(user=stranger).exists()

    def test_guessing_the_name_is_stopped(self, db):
        made = enter(make_programme())
        user = User.objects.create_user("trouve@personnel.invalid")
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.post("/entree/", {"code": made.code})
        url = reverse("portal:no_person")
        for number in range(10):
            client.post(url, {"given": "X", "family": f"Nom{number}"})
        assert "Trop d’essais" in client.post(url, {"given": "X", "family": "Rey"}).content.decode()
        assert not Person.objects.filter(user=user).exists()
