"""« Mes données », attacked first: what another person wrote must never leave with mine, and nothing of mine may stay."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.urls import reverse

from evaluation.models import WaveInvitation
from pairing.models import Meeting, PairMember
from portal import clock, registry
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import ErasureRecord, JournalEntry, OutgoingMail, Person, StoredDocument
from portal.services import erasure, my_data, retention
from portal.tasks import forget
from portal.typography import french
from programmes.enums import LetterState
from programmes.models import Letter, Participation
from scripts.registry import listed_fields
from tests.builders import client_of, make_employer, make_person, name_as_avoided, signatory_of
from tests.portal import my_data_world as world

pytestmark = pytest.mark.django_db
PERSONAL = {"identity", "account", "participation", "own-text", "pairing"}
# Columns of these classes that the file leaves out, and why.
LEFT_OUT = {
    # What a thief would need: never shown, not even to the owner.
    "secret": {
        *("portal.User.password", "mfa.Authenticator.data", "portal.Invitation.token_hash"),
        *("programmes.EntryCard.code_hash", "pairing.WishSeat.card_hash"),
        *("portal.OutgoingMail.payload", "sessions.Session.session_key", "sessions.Session.session_data"),
    },
    # Somebody else: who accompanies, decides, signs or is written to; why the other one stopped; a number left to be
    # called back, by somebody without account.
    "somebody else": {
        *("pairing.Pair.referee", "pairing.Pair.end_code", "pairing.Meeting.entered_by_ref"),
        *("pairing.MonthCount.entered_by_ref", "pairing.MonthCount.for_ref", "pairing.Opening.by_ref"),
        "pairing.PairPoint.by_ref",
        *("programmes.CallBack.phone", "programmes.CallBack.given", "programmes.CallBack.asked_at"),
        *("programmes.CallBack.slots", "programmes.CallBack.called_at", "programmes.Readiness.decided_by"),
        *("programmes.Interview.held_by", "programmes.Letter.visa_address", "programmes.Signature.sent_to"),
        # A manager who has no account.
        "evaluation.WaveInvitation.address",
        # Two people at a table, on one's own sheet of the day.
        *("pairing.Encounter.one", "pairing.Encounter.other", "pairing.WishRound.apart"),
    },
    # Keys from one row to another of the same file, or to the person; sorting keys made from the name; papers.
    "link": {
        *("account.EmailAddress.user", "mfa.Authenticator.user", "portal.Person.user", "portal.OutgoingMail.person"),
        "portal.NewsPreference.person",
        *("portal.Person.sort_key", "portal.Person.search_key", "sessions.Session.expire_date"),
        *("account.EmailConfirmation.email_address", "account.EmailConfirmation.created"),
        *("account.EmailConfirmation.sent", "pairing.Meeting.pair", "pairing.PairMember.pair"),
        *(
            "pairing.FitCheck.member",
            "pairing.ReviewAnswer.member",
            "pairing.DateProposal.pair",
            "pairing.DateProposal.by",
            "pairing.ProposedDate.proposal",
            "pairing.Opening.pair",
            "pairing.PairPoint.pair",
            "pairing.MonthCount.pair",
            "pairing.ReturnPlan.member",
            "pairing.PairFrame.pair",
            "pairing.PairFrame.accepted_by",
        ),
        *("pairing.PairMember.participation", "pairing.PairMember.person"),
        *("pairing.NeedVoice.need", "pairing.NeedVoice.participation", "pairing.HoursTally.participation"),
        "evaluation.WaveRole.person",
        *("pairing.WishSeat.round", "pairing.WishSeat.participation"),
        "pairing.IntervisionSeat.participation",
        *("pairing.SupervisionAttendance.participation", "programmes.Avoid.owner", "programmes.JoinDraft.person"),
        *("pairing.SearchChoice.participation", "pairing.SearchChoice.pair"),
        *("pairing.Alert.sender", "pairing.SupportRequest.person"),
        *("programmes.CharterAcceptance.participation", "programmes.Letter.participation"),
        *("programmes.Letter.document", "programmes.Letter.replaces", "programmes.Participation.person"),
        *("programmes.Readiness.participation", "programmes.Signature.letter", "programmes.Signature.person"),
        *("programmes.Signature.document", "programmes.Testimony.person"),
        *("programmes.Interview.participation", "programmes.MentionRequest.participation"),
        *("programmes.Membership.person", "programmes.Registration.person"),
        *(
            "programmes.EntryCard.person",
            "programmes.SelfPositioning.participation",
            "programmes.TrainingAttendance.guest",
            "programmes.TrainingAttendance.participation",
            "evaluation.WaveInvitation.person",
        ),
    },
    # Conditions of the frame, about the pair as a whole: shown on its page.
    "machinery": {
        f"pairing.Pair.{name}"
        for gate in ("letter", "charter", "training", "supervisor", "baseline")
        for name in (f"needs_{gate}", f"{gate}_ok_at")
    }
    | {"pairing.Pair.baseline_how"},
}
THROUGH = {"programmes.Participation_themes", "programmes.Participation_sites", "pairing.PairFrame_accepted_by"}


@pytest.fixture
def made():
    return world.build()


def taken_away(person: Person) -> str:
    return client_of(person).post(reverse("portal:export_my_data")).content.decode()


# --- Taking away ----------------------------------------------------------------------------------------------------
def test_my_file_holds_my_words_and_never_those_of_the_other(made):
    for mine, theirs, row in (
        ("CANARIAIDANT", "CANARIAIDE", made.helper),
        ("CANARIAIDE", "CANARIAIDANT", made.helped),
    ):
        text = taken_away(row.person)
        for kind in ("Prenom", "Nom", "Contact", "Mots", "perso", "compte"):
            assert f"{kind}{mine}".lower() in text.lower(), kind
        assert theirs.lower() not in text.lower()


def test_my_file_says_nothing_of_whoever_avoids_me(made):
    name_as_avoided(made.helped.person, person=made.helper.person)
    held = json.loads(taken_away(made.helper.person))["donnees"]
    assert [row["target"] for row in held["programmes.Avoid"]] == ["Evitee N."]
    assert "CANARIAIDE" not in json.dumps(held).upper()


def test_every_personal_column_is_in_the_file_or_left_out_for_a_reason(made):
    taken = {
        f"{records.label}.{name}"
        for records in registry.gather(registry.EXPORT, made.helper.person)
        for name in records.fields
    }
    personal = {
        f"{model}.{name}"
        for model, fields in listed_fields().items()
        for name, kind in fields.items()
        if kind in PERSONAL and model not in THROUGH
    }
    left_out = set().union(*LEFT_OUT.values())
    assert personal - taken == left_out & personal
    assert not left_out - personal, "no longer personal, or gone"


def test_every_table_of_the_file_is_filled_by_somebody(made):
    """A query that finds nothing would hide behind the list of columns."""
    held = {label for row in (made.helper, made.helped) for label in my_data.export(person=row.person)["donnees"]}
    named = {records.label for records in registry.gather(registry.EXPORT, made.helper.person)}
    empty = {"mfa.Authenticator", "account.EmailAddress", "portal.EmployerRole", "programmes.ProgrammeRole"}
    elsewhere = {
        *("pairing.SupervisorEngagement", "pairing.SupervisionAttendance", "pairing.WishSeat", "pairing.NeedVoice"),
        "pairing.IntervisionSeat",
    }
    assert named - held <= empty | elsewhere
    assert all(apps.get_model(label) for label in named)


def test_taking_away_is_in_the_journal_and_reading_the_page_writes_nothing(made):
    person = made.helped.person
    client = client_of(person)
    before = JournalEntry.objects.count()
    assert "CANARIAIDE" in client.get(reverse("portal:export_my_data")).content.decode()
    assert JournalEntry.objects.count() == before
    answer = client.post(reverse("portal:export_my_data"))
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert JournalEntry.objects.filter(verb=Verb.EXPORTED, actor_ref=person.ref).count() == 1
    assert not StoredDocument.objects.filter(kind__contains="export").exists()


def test_ten_copies_an_hour_and_no_more(made):
    person = made.helped.person
    for _ in range(10):
        my_data.export(person=person)
    assert client_of(person).post(reverse("portal:export_my_data")).status_code == 302
    with clock.at(clock.now() + dt.timedelta(hours=2)):
        my_data.export(person=person)


# --- Correcting -----------------------------------------------------------------------------------------------------
def form(person: Person, **changes) -> dict:
    return {"given": "Noé", "family": "Dupré", "contact": "", "notify_email": "", "seen": person.version, **changes}


def test_i_correct_my_name_and_where_i_am_written_to(made):
    person = made.helped.person
    client = client_of(person)
    client.post(reverse("portal:correct_my_data"), form(person, notify_email="Noe@Maison.invalid", contact="06 11"))
    person.refresh_from_db()
    assert (person.full_name, person.search_key) == ("Noé Dupré", "noe dupre")
    assert person.notify_email.open(person.ref) == "noe@maison.invalid"
    assert person.contact.open(person.ref) == "06 11"


def test_a_stale_or_wrong_correction_loses_nothing_of_what_was_typed(made):
    person = made.helped.person
    client, url = client_of(person), reverse("portal:correct_my_data")
    wrong = client.post(url, form(person, notify_email="pas une adresse"))
    assert "Dupré" in wrong.content.decode()
    Person.objects.filter(pk=person.pk).update(version=person.version + 1)
    stale = client.post(url, form(person)).content.decode()
    assert "Dupré" in stale and "vient de modifier" in stale
    person.refresh_from_db()
    assert person.family == "NomCANARIAIDE"


# --- Erasing --------------------------------------------------------------------------------------------------------
def test_erasure_waits_six_days_and_may_be_given_up(made):
    person = made.helped.person
    client = client_of(person)
    page = client.get(reverse("portal:erase_my_data")).content.decode()
    assert "Qui le saura" in page and "Les totaux déjà publiés" in page
    person.refresh_from_db()
    assert person.erase_on is None, "reading asks for nothing"
    client.post(reverse("portal:erase_my_data"))
    person.refresh_from_db()
    assert person.erase_on == clock.today("Europe/Paris") + dt.timedelta(days=6)
    assert "Garder mes données" in client.get(reverse("portal:my_data")).content.decode()
    with clock.at(clock.now() + dt.timedelta(days=5)):
        forget()
    assert Person.objects.filter(pk=person.pk).exists()
    client_of(person).post(reverse("portal:keep_my_data"))
    with clock.at(clock.now() + dt.timedelta(days=8)):
        forget()
    assert Person.objects.filter(pk=person.pk).exists()
    with pytest.raises(DomainError):
        erasure.renounce(person=person)


def test_on_the_day_nothing_of_the_person_helped_is_left_anywhere(made):
    person = made.helped.person
    ref, user = person.ref, person.user_id
    assert world.left("CANARIAIDE") and world.left_of(ref, user)
    erasure.ask(person=person)
    with clock.at(clock.now() + dt.timedelta(days=6)):
        forget()
        forget()
    assert world.left("CANARIAIDE") == set()
    assert not world.left_of(ref, user)
    assert ErasureRecord.objects.get().person_ref == ref
    assert OutgoingMail.objects.filter(person__ref=ref).count() == 0
    left = PairMember.objects.get(pair=made.pair, part="helped")
    assert (left.person, left.participation) == (None, None)


def test_the_other_one_keeps_days_and_hours_and_reads_a_neutral_word(made):
    helper = made.helper.person
    told = OutgoingMail.objects.filter(kind="pairing/news", person=helper)
    before = told.count()
    erasure.erase(person=made.helped.person)
    made.pair.refresh_from_db()
    assert made.pair.state == "ended" and made.pair.end_code == "unspecified"
    noted = Meeting.objects.filter(pair=made.pair)
    assert sorted(noted.values_list("minutes", flat=True)) == [30, 30]
    assert noted.filter(entered_by_ref=None).count() == 1
    assert not noted.get(entered_by_ref=None).themes
    assert told.count() == before + 1
    page = client_of(helper).get(reverse("pairing:pair", args=[made.pair.ref])).content.decode()
    assert "ancien·ne participant·e" in page and "CANARIAIDE" not in page


def test_the_letter_of_mission_outlives_its_helper_by_one_year_for_rh_only(made):
    person, employer = made.helper.person, made.programme.lead_employer
    page = client_of(person).get(reverse("portal:erase_my_data")).content.decode()
    assert "un an après sa fin" in page
    erasure.erase(person=person)
    letter = Letter.objects.get()
    assert letter.state == LetterState.ENDED
    held = {name.partition(".")[2].partition(".")[0] for name in world.left("NomCANARIAIDANT")}
    assert held == {"Letter"}, "its own text only"
    rh = client_of(signatory_of(employer))
    assert letter.holder in rh.get(reverse("programmes:hr_letters", args=[employer.slug])).content.decode()
    assert rh.get(reverse("programmes:hr_letter", args=[employer.slug, letter.ref])).status_code == 200
    by = client_of(made.programme.roles.get(role="referent").person)
    assert by.get(reverse("programmes:letter", args=[made.programme.slug, letter.ref])).status_code == 404
    for name in ("letters", "requests", "training"):
        assert by.get(reverse(f"programmes:{name}", args=[made.programme.slug])).status_code == 200
    for name in ("supervision", "pairs"):
        assert by.get(reverse(f"pairing:{name}", args=[made.programme.slug])).status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=366)):
        forget()
    assert world.left("CANARIAIDANT") == set()
    letter.refresh_from_db()
    assert letter.minutes_month == 240, "hours already counted do not change"
    assert (
        reverse("programmes:hr_letter", args=[employer.slug, letter.ref])
        not in rh.get(reverse("programmes:hr_letters", args=[employer.slug])).content.decode()
    )


def test_an_erasure_changes_neither_how_many_were_asked_nor_of_which_side(made):
    asked = WaveInvitation.objects.order_by("pk")
    before = list(asked.values_list("wave", "side"))
    erasure.erase(person=made.helped.person)
    assert list(asked.values_list("wave", "side")) == before
    assert asked.filter(person__isnull=True).count() == 1


def test_somebody_brought_back_by_a_backup_is_erased_again(made):
    ref = made.helped.person.ref
    erasure.erase(person=made.helped.person)
    back = Person.objects.create(ref=ref, given="Revenue", family="Sauvegarde")
    forget()
    assert not Person.objects.filter(pk=back.pk).exists()


def test_one_person_erased_takes_nobody_else_along(made):
    kept = set(Person.objects.exclude(pk=made.helped.person_id).values_list("pk", flat=True))
    rows = Participation.objects.count()
    erasure.erase(person=made.helped.person)
    assert set(Person.objects.values_list("pk", flat=True)) == kept
    assert Participation.objects.count() == rows
    assert world.left("NomCANARIAIDANT"), "the other one is whole"


# --- Delays ---------------------------------------------------------------------------------------------------------
def test_with_time_alone_nothing_is_left_of_somebody_who_left(made):
    """Withdrawn, never erased on demand: the rules alone take the participation's words and links away."""
    from programmes.services import participation as participations

    for row in (made.helped, made.helper):
        participations.withdraw(participation=row, by=row.person)
    start = clock.now()
    with clock.at(start + dt.timedelta(days=212)):
        forget()
        assert PairMember.objects.filter(pair=made.pair, person__isnull=False).count() == 2, "not a day early"
    with clock.at(start + dt.timedelta(days=216)):
        forget()
    assert not PairMember.objects.filter(pair=made.pair, person__isnull=False).exists()
    assert Participation.objects.get(pk=made.helped.pk).person is None
    assert Participation.objects.get(pk=made.helper.pk).person == made.helper.person, "the training file stays"
    with clock.at(start + dt.timedelta(days=367)):
        forget()
    assert not Meeting.objects.exclude(channel="", entered_by_ref=None).exists()
    assert not Letter.objects.exclude(body="").exists()
    with clock.at(start + dt.timedelta(days=5 * 365 + 2)):
        forget()
    assert not Participation.objects.filter(person__isnull=False).exists()


def test_every_rule_is_said_in_words_and_runs_twice_without_harm(made):
    first = retention.run()
    assert set(first) == {rule.code for rule in retention.rules()}
    assert len(first) == len(retention.rules()), "one code, one rule"
    assert all(rule.data and rule.kept and rule.then for rule in retention.rules())
    assert not any(retention.run().values())


def test_everybody_reads_the_delays_and_the_administrator_has_them_on_a_page():
    employer = make_employer()
    said = retention.rules()[0].data
    agent = client_of(make_person(employer))
    assert said in agent.get(reverse("portal:my_data")).content.decode()
    url = reverse("portal:retention", args=[employer.slug])
    assert agent.get(url).status_code == 404
    assert said in client_of(make_person(employer, roles=("administrator",))).get(url).content.decode()


def test_agreements_lead_to_where_they_are_taken_back(made):
    page = client_of(made.helped.person).get(reverse("portal:my_data")).content.decode()
    assert reverse("programmes:withdraw", args=[made.helped.ref]) in page
    assert (
        french("Charte « Une")[:9] in page
        and reverse("programmes:my_testimony", args=[made.helped.person.testimonies.get().ref]) in page
    )
