"""« Reprise de l’existant »: a past enters whole or not at all, and opens no door for what starts afterwards."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pairing.enums import PairState
from pairing.models import Pair, SupervisionSession
from pairing.services import meetings, takeover, takeover_file
from pairing.services import pairs as pair_service
from pairing.services.gates import missing_gates
from pairing.services.takeover import Past, PastSessions
from pairing.services.takeover_file import HEADERS, PastPair
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import EmailDomain, JournalEntry, OutgoingMail, Person
from portal.typography import french
from programmes.enums import LetterState, Origin, ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Letter, Participation, Partner, TrainingSession
from programmes.services import letters, rollout, training
from tests.builders import (
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
    supervise,
)

pytestmark = pytest.mark.django_db
START = dt.date(2024, 3, 1)


@pytest.fixture
def programme():
    return make_programme()


def row(line=1, one=("Alix", "Exemple"), other=("Jo", "Modèle"), **more):
    names = dict(zip(("one_given", "one_family", "other_given", "other_family"), (*one, *other), strict=True))
    return PastPair(line=line, **{"starts": START, **names, **more})


def enter(programme, *rows, sessions=None):
    past = Past(list(rows), sessions or PastSessions())
    return takeover.enter(programme=programme, past=past, by=referent_of(programme))


def errors(programme, *rows):
    return takeover.check(programme=programme, past=Past(list(rows)), by=referent_of(programme))


def csv_of(*lines, headers=None):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([headers or list(HEADERS.values()), *lines])
    return text.getvalue()


def line(given="Alix", other="Jo", starts="01/03/2024", ends="", **more):
    cells = dict.fromkeys(HEADERS, "")
    cells |= {"one_given": given, "one_family": "A", "other_given": other, "other_family": "B"}
    return list((cells | {"starts": starts, "ends": ends, **more}).values())


def send(client, programme, data):
    file = SimpleUploadedFile("reprise.csv", data.encode("utf-8-sig") if isinstance(data, str) else data)
    return client.post(reverse("pairing:takeover", args=[programme.slug]), {"way": "file", "file": file})


def confirm(client, programme, token):
    return client.post(reverse("pairing:confirm_takeover", args=[programme.slug]), {"past": token})


# --- What is written ------------------------------------------------------------------------------------------------------
def test_a_running_pair_lives_without_any_gate_and_a_past_one_is_ended(programme):
    running, ended = enter(
        programme,
        row(meetings=9),
        row(2, ("Lou", "Exemple"), ("Sacha", "Modèle"), ends=dt.date(2024, 9, 1), meetings=4),
    )
    assert (running.state, running.origin, running.declared_meetings) == (PairState.ACTIVE, Origin.BEFORE, 9)
    assert missing_gates(running) == [] and running.members.filter(live=True).count() == 2
    assert (ended.state, ended.ended_on, ended.members.filter(live=True).count()) == (
        PairState.ENDED,
        dt.date(2024, 9, 1),
        0,
    )
    assert set(Participation.objects.values_list("state", flat=True)) == {ParticipationState.ACCEPTED}
    assert set(Participation.objects.values_list("entered_by_ref", flat=True)) == {referent_of(programme).ref}


def test_the_person_reads_who_entered_them(programme):
    known = make_person(programme.lead_employer, "Alix")
    enter(programme, row(one=(known.given, known.family), one_email=known.user.email))
    part = Participation.objects.get(person=known)
    entries = JournalEntry.objects.filter(subject_ref=known.ref, verb=Verb.ENTERED_FOR)
    assert part.ref in set(entries.values_list("object_ref", flat=True))


def test_only_people_of_a_running_pair_with_an_account_are_written_to(programme):
    known, past = (make_person(programme.lead_employer) for _ in range(2))
    enter(
        programme,
        row(one=(known.given, known.family), one_email=known.user.email),
        row(2, (past.given, past.family), ("Sacha", "S"), one_email=past.user.email, ends=dt.date(2024, 9, 1)),
    )
    assert set(OutgoingMail.objects.filter(kind="pairing/news").values_list("person", flat=True)) == {known.pk}


def test_a_new_pair_of_somebody_taken_over_still_needs_every_gate(programme):
    supervise(programme)
    long = {"letter_starts": START, "letter_ends": clock.today("Europe/Paris") + dt.timedelta(days=200)}
    enter(programme, row(**long, letter_minutes=240, training_on=START, training_minutes=840))
    helper = Participation.objects.get(side=Side.HELPER)
    assert not training.complete(helper), "hours declared hold no module of the base"
    Participation.objects.filter(pk=helper.pk).update(places=2)
    helper.refresh_from_db()
    pair = pair_service.propose(helper=helper, helped=make_participation(programme), by=referent_of(programme))
    assert (pair.needs_training, pair.needs_charter, pair.needs_baseline) == (True, True, True)
    assert {"training", "charter", "baseline"} <= set(missing_gates(pair))


def test_a_pair_that_began_after_the_portal_cannot_pass_for_a_past_one(programme):
    make_pair(programme)
    found = errors(programme, row(starts=clock.today("Europe/Paris")))
    assert 1 in found
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert (
            "se proposent dans le portail"
            in errors(programme, row(starts=clock.today("Europe/Paris") - dt.timedelta(days=3)))[1][0]
        )


def test_the_helper_of_past_pairs_is_offered_to_nobody_else(programme):
    enter(programme, row(), row(2, ("Lou", "L"), ("Sacha", "S"), ends=dt.date(2024, 9, 1)))
    assert sorted(Participation.objects.filter(side=Side.HELPER).values_list("places", flat=True)) == [0, 1]


def test_a_paper_letter_is_in_force_without_text_and_its_page_says_so(programme):
    today = clock.today("Europe/Paris")
    enter(programme, row(letter_starts=START, letter_ends=today + dt.timedelta(days=30), letter_minutes=270))
    letter = Letter.objects.get()
    assert (letter.origin, letter.state, letter.body, letter.minutes_month) == (
        Origin.BEFORE,
        LetterState.IN_FORCE,
        "",
        270,
    )
    assert letters.in_force(letter.participation)
    url = reverse("programmes:letter", args=[programme.slug, letter.ref])
    assert "signée sur papier, avant le portail" in client_of(referent_of(programme)).get(url).content.decode()


def test_one_letter_written_on_two_lines_is_one(programme):
    paper = {"letter_starts": START, "letter_ends": dt.date(2025, 3, 1), "letter_minutes": 240}
    enter(programme, row(**paper), row(2, other=("Sacha", "Modèle"), ends=dt.date(2024, 9, 1), **paper))
    assert Letter.objects.get().state == LetterState.ENDED


def test_training_and_supervision_of_before_are_held(programme):
    supervisor = supervise(programme).supervisor
    days = (dt.date(2024, 4, 2), dt.date(2024, 5, 14))
    enter(
        programme,
        row(training_on=START, training_minutes=420),
        row(2, ("Lou", "L"), ("Sacha", "S"), training_on=START, training_minutes=420),
        sessions=PastSessions(supervisor.ref, days, 90),
    )
    session = TrainingSession.objects.get(origin=Origin.BEFORE)
    assert session.attendances.count() == 2
    assert SupervisionSession.objects.filter(state="held", minutes=90).count() == 2


def test_two_peers_come_in_as_peers():
    programme = make_programme(forms=["reciprocal"])
    (pair,) = enter(programme, row())
    assert set(pair.members.values_list("part", flat=True)) == {"peer"}
    paper = {"letter_starts": START, "letter_ends": dt.date(2025, 3, 1)}
    assert "pas de lettre de mission" in errors(programme, row(2, ("Lou", "L"), ("Sacha", "S"), **paper))[2][0]


def test_meetings_already_declared_cannot_be_noted_again(programme):
    one, other = (make_person(programme.lead_employer) for _ in range(2))
    (pair,) = enter(
        programme,
        row(
            one=(one.given, one.family),
            one_email=one.user.email,
            other=(other.given, other.family),
            other_email=other.user.email,
            meetings=12,
        ),
    )
    with pytest.raises(DomainError, match="avant l’entrée"):
        meetings.log(pair=pair, by=one, key=pair.ref, on=dt.date(2024, 6, 1))
    assert meetings.log(pair=pair, by=one, key=pair.ref).pair == pair


# --- Who is who ------------------------------------------------------------------------------------------------------------
def test_known_people_are_found_by_their_address_and_the_same_name_is_one_person(programme):
    known = make_person(programme.lead_employer, "Alix")
    before = Person.objects.count()
    enter(
        programme,
        row(one=(known.given, known.family), one_email=known.user.email),
        row(2, (known.given, known.family), ("Sacha", "S"), ends=dt.date(2024, 9, 1)),
    )
    assert Person.objects.count() == before + 2, "Jo and Sacha only"
    assert set(Participation.objects.filter(side=Side.HELPER).values_list("person", flat=True)) == {known.pk}


def test_entering_the_same_file_twice_makes_nobody_twice(programme):
    enter(programme, row())
    assert "déjà un binôme" in errors(programme, row())[1][0]
    enter(programme, row(2, other=("Sacha", "Modèle"), ends=dt.date(2024, 9, 1)))
    assert Person.objects.filter(given="Alix", family="Exemple").count() == 1


def test_an_address_says_nothing_about_who_has_it(programme):
    here = make_person(programme.lead_employer)
    (said,) = errors(programme, row(one_email=here.user.email))[1]
    assert "ne vont pas ensemble" in said and here.family not in said


def test_nobody_learns_that_an_address_has_an_account_with_another_employer(programme):
    """Under the right name or another, it reads like an address without any account."""
    elsewhere = make_person(make_employer())
    rows = [
        row(one_email=elsewhere.user.email),
        row(one=(elsewhere.given, elsewhere.family), one_email=elsewhere.user.email),
        row(one_email="personne@ailleurs.invalid"),
    ]
    assert [errors(programme, one) for one in rows] == [{}, {}, {}]
    enter(programme, rows[1])
    assert not Participation.objects.filter(person=elsewhere).exists()


def test_the_employer_of_a_partner_agent_is_frozen_at_entry(programme):
    partner = make_employer()
    Partner.objects.create(programme=programme, employer=partner, joined=START)
    EmailDomain.objects.create(employer=partner, domain="phares.invalid")
    agent = make_person(partner, "Lou")
    enter(
        programme,
        row(one=(agent.given, agent.family), one_email=agent.user.email, other_email="jo@phares.invalid"),
    )
    assert set(Participation.objects.values_list("employer", flat=True)) == {partner.pk}


def test_nobody_enters_their_own_pair(programme):
    by = referent_of(programme)
    assert errors(programme, row(one=(by.given, by.family), one_email=by.user.email)) == {1: [takeover.OWN]}


# --- Refusals by line --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"starts": dt.date(2999, 1, 1)}, "jour passé"),
        ({"ends": dt.date(2023, 1, 1)}, "La fin vient après"),
        ({"other": ("Alix", "Exemple")}, "sont la même"),
        ({"form": "reciprocal"}, "pas celle du programme"),
        ({"letter_starts": START}, "deux dates"),
        ({"training_minutes": 60}, "une date et une durée"),
        ({"one_email": "pas une adresse"}, "n’est pas complète"),
        ({"ends": START, "meetings": 3}, "plus de rencontres que de jours"),
    ],
)
def test_each_line_says_what_is_wrong_and_nothing_is_written(programme, change, word):
    good = row(1, ("Lou", "L"), ("Sacha", "S"))
    found = errors(programme, good, row(2, **change))
    assert list(found) == [2] and word in found[2][0]
    with pytest.raises(DomainError):
        enter(programme, good, row(2, **change))
    assert not Pair.objects.exists() and not Participation.objects.exists()


def test_places_hold_line_by_line(programme):
    rows = [row(number, other=(f"Jo{number}", "M")) for number in range(1, 4)]
    assert errors(programme, *rows) == {3: [takeover.FULL]}, "two places for each helper"
    same_helped = [row(1), row(2, one=("Lou", "L"))]
    assert errors(programme, *same_helped) == {2: [takeover.FULL]}
    enter(programme, *rows[:2])
    assert errors(programme, rows[2]) == {3: [takeover.FULL]}


def test_a_request_not_accepted_yet_is_answered_first(programme):
    waiting = make_participation(programme, accepted=False).person
    found = errors(programme, row(other=(waiting.given, waiting.family), other_email=waiting.user.email))
    assert "répondez-y d’abord" in found[1][0]


# --- The sealed preview -----------------------------------------------------------------------------------------------------
def test_the_preview_belongs_to_one_person_one_programme_and_two_hours(programme):
    by, other = referent_of(programme), make_person(programme.lead_employer)
    token = takeover.sealed(Past([row()]), programme=programme, by=by)
    assert takeover.opened(token, programme=programme, by=by).rows == [row()]
    assert "Alix" not in token
    for person, place in ((other, programme), (by, make_programme(programme.lead_employer, referent=by))):
        with pytest.raises(DomainError):
            takeover.opened(token, programme=place, by=person)
    for broken in ("", token[:-4] + "AAAA", "v1:x"):
        with pytest.raises(DomainError):
            takeover.opened(broken, programme=programme, by=by)
    with clock.at(clock.now() + dt.timedelta(hours=3)), pytest.raises(DomainError):
        takeover.opened(token, programme=programme, by=by)


def test_a_file_is_previewed_then_written_once(programme):
    client = client_of(referent_of(programme))
    page = send(client, programme, csv_of(line(meetings="7"), line("Lou", "Sacha", ends="01/09/2024")))
    assert not Pair.objects.exists() and not Participation.objects.exists()
    token = page.context["token"]
    assert confirm(client, programme, token).status_code == 302
    confirm(client, programme, token)
    assert sorted(Pair.objects.values_list("declared_meetings", flat=True)) == [0, 7]


def test_a_file_with_one_wrong_line_offers_no_confirmation(programme):
    page = send(client_of(referent_of(programme)), programme, csv_of(line(), line(starts="hier")))
    body = page.content.decode()
    assert reverse("pairing:confirm_takeover", args=[programme.slug]) not in body
    assert page.context["token"] not in body
    assert french("« Début » : écrivez la date comme 31/12/2024.") in body


def test_what_changed_between_preview_and_confirmation_is_said(programme):
    client, by = client_of(referent_of(programme)), referent_of(programme)
    token = takeover.sealed(Past([row()]), programme=programme, by=by)
    enter(programme, row())
    page = confirm(client, programme, token)
    assert page.status_code == 200 and "déjà un binôme" in page.content.decode()
    assert Pair.objects.count() == 1


def test_the_page_takes_several_pairs_and_loses_nothing(programme):
    client, url = client_of(referent_of(programme)), reverse("pairing:takeover", args=[programme.slug])
    data = {"way": "page", "s-minutes": "120"}
    for number in range(1, 5):
        data |= {
            f"b{number}-one_given": f"Alix{number}",
            f"b{number}-one_family": "A",
            f"b{number}-other_given": f"Jo{number}",
            f"b{number}-other_family": "B",
            f"b{number}-starts": "2024-03-01",
            f"b{number}-form": "pair",
        }
    wrong = client.post(url, data | {"b2-starts": "demain"})
    assert 'value="Jo2"' in wrong.content.decode() and not Pair.objects.exists()
    preview = client.post(url, data)
    back = client.post(url, {"way": "correct", "past": preview.context["token"]})
    assert 'value="Jo4"' in back.content.decode()
    confirm(client, programme, preview.context["token"])
    assert Pair.objects.count() == 4


# --- The file -----------------------------------------------------------------------------------------------------------------
def test_the_model_reads_as_it_is_written():
    data = takeover_file.model()
    assert data.startswith(b"\xef\xbb\xbf")
    reading = takeover_file.read(data)
    assert (len(reading.rows), reading.errors, reading.note) == (2, {}, "")
    assert reading.rows[0].letter_minutes == 240


@pytest.mark.parametrize(("encoding", "noted"), [("utf-8-sig", False), ("utf-8", False), ("cp1252", True)])
def test_encodings_of_offices_are_read(encoding, noted):
    reading = takeover_file.read(csv_of(line("Zoé")).encode(encoding))
    assert reading.rows[0].one_given == "Zoé"
    assert bool(reading.note) == noted


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 xlsx",
        "Prénom A".encode("utf-16"),
        b"\x81\x8d\xff" * 9,
        b"a;b\n1;2",
        csv_of(headers=[*HEADERS.values(), "Diagnostic"]).encode(),
        csv_of().encode(),
        b'"never closed;' + b"x" * 50,
        b"x" * (takeover_file.MAX_BYTES + 1),
        csv_of(*[line()] * 201).encode(),
    ],
)
def test_what_is_no_table_of_ours_gets_a_sentence(programme, data):
    with pytest.raises(DomainError):
        takeover_file.read(data)
    assert send(client_of(referent_of(programme)), programme, data).status_code == 200
    assert not Pair.objects.exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_formula_is_refused(start):
    reading = takeover_file.read(csv_of(line(given=f"{start}HYPERLINK(1)")).encode())
    assert reading.rows == [] and "formule" in reading.errors[2][0]


# --- Who may -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["pairing:takeover", "pairing:takeover_model"])
def test_the_referent_alone_takes_over(programme, name):
    url = reverse(name, args=[programme.slug])
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    hr = make_person(programme.lead_employer, roles=("hr_signatory",))
    for person in (deputy, hr, make_person(programme.lead_employer), make_person(make_employer())):
        assert client_of(person).get(url).status_code == 404
    assert client_of(referent_of(programme)).get(url).status_code == 200
