"""Mission letters: who moves them, what freezes, what nobody else reads."""

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock, registry
from portal.errors import Conflict, DomainError, Refused
from portal.models import Job, OutgoingMail
from portal.typography import french
from portal.workflow import history
from programmes.enums import LetterKind, LetterState, ProgrammeRoleKind, Side
from programmes.models import Letter, Signature
from programmes.services import letters, rollout, visas
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.programmes.letter_world import (
    MANAGER,
    agree,
    make_framed_programme,
    make_letter,
    signatory,
    terms,
)

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.7 signed"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def cleared(monkeypatch) -> list:
    """What the hooks called CLEARED are told, and whether the letter was then in force."""
    told: list = []
    hook = lambda part, gate: told.append((part.pk, gate, letters.in_force(part)))  # noqa: E731
    monkeypatch.setitem(registry._hooks, registry.CLEARED, [hook])
    return told


# --- Drafting -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mission_title": "  "}, "mission_title"),
        ({"mission_title": "Mission handicap"}, "mission_title"),
        ({"mission_title": "Appui SANTÉ au travail"}, "mission_title"),
        ({"mission_title": "mission de pair-aidance"}, "mission_title"),
        ({"mission_title": "Pairs aidants"}, "mission_title"),
        ({"minutes_month": 0}, "hours_month"),
        ({"minutes_month": 601}, "hours_month"),
        ({"missions": []}, "missions"),
        ({"missions": ["care"]}, "missions"),
        ({"ends": dt.date(2020, 1, 1)}, "ends"),
        ({"ends": dt.date(2099, 1, 1)}, "ends"),
    ],
)
def test_terms_out_of_the_frame_are_refused_on_their_field(change, field):
    programme = make_framed_programme()
    helper = make_participation(programme, Side.HELPER)
    with pytest.raises(DomainError) as refusal:
        letters.draft(participation=helper, by=referent_of(programme), **terms(programme, **change))
    assert refusal.value.field == field
    assert not Letter.objects.exists()


def test_a_neutral_title_with_besoin_or_invalid_is_no_false_alarm():
    assert make_letter(mission_title="Besoins des équipes, formulaires invalides").pk


def test_the_default_period_ends_with_the_programme_and_never_after_twelve_months():
    programme = make_programme()
    today = clock.today(programme.time_zone)
    assert letters.default_period(programme) == (today, letters.last_day(today))
    programme.ends = today + dt.timedelta(days=90)
    assert letters.default_period(programme)[1] == programme.ends
    assert letters.last_day(dt.date(2024, 2, 29)) == dt.date(2025, 2, 27)
    assert letters.last_day(dt.date(2025, 1, 31)) == dt.date(2026, 1, 30)


def test_a_letter_is_for_an_accepted_helper_without_one():
    programme = make_framed_programme()
    by = referent_of(programme)
    for row in (
        make_participation(programme, Side.HELPED),
        make_participation(programme, Side.HELPER, accepted=False),
    ):
        with pytest.raises(DomainError, match="personne acceptée"):
            letters.draft(participation=row, by=by, **terms(programme))
    letter = make_letter(programme=programme)
    with pytest.raises(DomainError, match="déjà une lettre"):
        letters.draft(participation=letter.participation, by=by, **terms(programme))
    letters.cancel(letter=letter, by=by)
    assert letters.draft(participation=letter.participation, by=by, **terms(programme)).number == 2


def test_nobody_drafts_their_own_letter_and_the_deputy_does():
    programme = make_framed_programme()
    referent = referent_of(programme)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
    from programmes.services import participation as participations

    row = make_participation(programme, Side.HELPER, referent, accepted=False)
    participations.answer(participation=row, move="accept", by=deputy)
    with pytest.raises(Refused):
        letters.draft(participation=row, by=referent, **terms(programme))
    letter = letters.draft(participation=row, by=deputy, **terms(programme))
    assert letters.visa_of(letter)["contact"]["name"] == deputy.full_name
    page = reverse("programmes:letter", args=[programme.slug, letter.ref])
    assert client_of(deputy).get(page).status_code == 200
    assert client_of(referent).get(page).status_code == 404


def test_without_a_charter_in_force_no_letter_leaves():
    programme = make_programme()
    letter = letters.draft(
        participation=make_participation(programme, Side.HELPER), by=referent_of(programme), **terms(programme)
    )
    with pytest.raises(DomainError, match="charte"):
        letters.send(letter=letter, by=referent_of(programme))


# --- The agent's yes ------------------------------------------------------------------------------------------------
def test_the_yes_freezes_both_texts_and_their_hashes():
    letter = make_letter(LetterState.TO_MANAGER)
    letter.refresh_from_db()
    assert (letter.sha256, letter.visa_sha256) == (sha256(letter.body), sha256(letter.visa))
    body = letters.body_of(letter)
    assert len(body["sections"]) == 20
    assert body["visa_sha256"] == letter.visa_sha256, "the letter's hash covers the visa's"
    kept = Signature.objects.get(letter=letter)
    assert (kept.party, kept.sha256, kept.person) == ("agent", letter.sha256, letter.participation.person)


def test_a_frozen_text_changes_by_no_service():
    letter = make_letter(LetterState.TO_MANAGER)
    person, by, before = letter.participation.person, referent_of(letter.programme), (letter.body, letter.visa)
    with pytest.raises(DomainError):
        letters.change(letter=letter, by=by, seen=letter.version, **terms(letter.programme, minutes_month=60))
    letter.refresh_from_db()
    with pytest.raises(DomainError):
        letters.retitle(letter=letter, by=person, title="Autre", seen=letter.version)
    letter.refresh_from_db()
    with pytest.raises(DomainError):
        agree(letter)
    # People and the programme change names, the charter changes version: the texts do not move.
    person.family = "Nouveau-Nom"
    person.save()
    letter.refresh_from_db()
    assert (letter.body, letter.visa) == before
    assert "Nouveau-Nom" not in str(letters.body_of(letter)) + str(letters.visa_of(letter))


@pytest.mark.parametrize("column", ["body", "visa", "visa_sha256"])
def test_a_text_altered_in_the_database_is_shown_to_nobody_and_validated_by_nobody(column):
    letter = make_letter(LetterState.TO_HR)
    hr = signatory(letter.programme)
    wrong = "0" * 64 if column == "visa_sha256" else getattr(letter, column).replace("mission", "Mission", 1)
    Letter.objects.filter(pk=letter.pk).update(**{column: wrong})
    letter = Letter.objects.get(pk=letter.pk)
    with pytest.raises(DomainError, match="empreinte"):
        letters.body_of(letter), letters.visa_of(letter)
    page = client_of(hr).get(reverse("programmes:hr_letter", args=[letter.programme.lead_employer.slug, letter.ref]))
    assert "ne correspond plus à son empreinte" in page.content.decode()
    assert "Valider cette lettre" not in page.content.decode()
    with pytest.raises(DomainError, match="empreinte"):
        letters.validate(letter=letter, by=hr)


def test_the_yes_is_to_what_was_read():
    letter = make_letter(LetterState.TO_AGENT)
    person, seen = letter.participation.person, letter.version
    letters.retitle(letter=letter, by=person, title="Réseau interne", seen=seen)
    with pytest.raises(Conflict):
        letters.agree(letter=letter, by=person, seen=seen, visa_by="manager", address=MANAGER)
    with pytest.raises(Conflict):
        letters.retitle(letter=letter, by=person, title="Encore", seen=seen)
    letter.refresh_from_db()
    letters.agree(letter=letter, by=person, seen=letter.version, visa_by="manager", address=MANAGER)
    assert letters.visa_of(letter)["mission"] == "Réseau interne"


def test_nothing_is_sent_to_anybody_before_the_yes():
    letter = make_letter(LetterState.TO_AGENT)
    kinds = set(OutgoingMail.objects.filter(object_ref=letter.ref).values_list("kind", "person"))
    assert kinds == {("programmes/letter_ready", letter.participation.person_id)}
    hr = client_of(signatory(letter.programme))
    slug = letter.programme.lead_employer.slug
    assert hr.get(reverse("programmes:hr_letter", args=[slug, letter.ref])).status_code == 404
    assert (
        letter.participation.person.full_name
        not in hr.get(reverse("programmes:hr_letters", args=[slug])).content.decode()
    )


@pytest.mark.parametrize(
    ("address", "words"), [("", "Donnez l’adresse"), ("{own}", "la vôtre"), ("x@chez-moi.fr", "employeur")]
)
def test_an_agent_cannot_give_the_time_to_themselves(address, words):
    letter = make_letter(LetterState.TO_AGENT)
    letter.participation.employer.domains.create(domain="ville.fr")
    with pytest.raises(DomainError, match=words):
        agree(letter, address=address.format(own=letter.participation.person.user.email.upper()))
    letter.refresh_from_db()
    assert (letter.state, letter.sha256) == (LetterState.TO_AGENT, "")
    agree(letter, address="chef@VILLE.fr")
    assert letter.visa_address.open(letter.ref) == "chef@ville.fr"


def test_asking_for_changes_gives_the_draft_back_unfrozen():
    letter = make_letter(LetterState.TO_AGENT)
    letters.ask_changes(letter=letter, by=letter.participation.person)
    assert (letter.state, letter.sha256) == (LetterState.DRAFT, "")
    assert OutgoingMail.objects.filter(kind="programmes/letter_back", person=referent_of(letter.programme)).exists()
    letters.change(
        letter=letter,
        by=referent_of(letter.programme),
        seen=letter.version,
        **terms(letter.programme, minutes_month=90),
    )
    assert letter.minutes_month == 90


def test_only_the_agent_answers_for_the_agent():
    letter = make_letter(LetterState.TO_AGENT)
    for somebody in (referent_of(letter.programme), make_person(letter.programme.lead_employer)):
        with pytest.raises(Refused):
            letters.agree(letter=letter, by=somebody, seen=letter.version, visa_by="hr")
        with pytest.raises(Refused):
            letters.ask_changes(letter=letter, by=somebody)
        with pytest.raises(Refused):
            letters.retitle(letter=letter, by=somebody, title="X", seen=letter.version)


# --- Moves ----------------------------------------------------------------------------------------------------------
REACHED = (LetterState.DRAFT, LetterState.TO_AGENT, LetterState.TO_MANAGER, LetterState.TO_HR, LetterState.IN_FORCE)


@pytest.mark.parametrize("state", REACHED)
def test_a_move_from_another_state_is_refused_and_changes_nothing(state):
    letter = make_letter(state)
    person, by, hr = letter.participation.person, referent_of(letter.programme), signatory(letter.programme)
    acts = {
        "send": lambda: letters.send(letter=letter, by=by),
        "ask_changes": lambda: letters.ask_changes(letter=letter, by=person),
        "agree": lambda: agree(letter),
        "visa": lambda: visas.deposit(letter=letter, by=by, document=None),
        "visa_to_hr": lambda: visas.choose_other(letter=letter, by=person, visa_by="hr"),
        "validate": lambda: letters.validate(letter=letter, by=hr),
        "hand_back": lambda: letters.hand_back(letter=letter, by=hr),
        "cancel": lambda: letters.cancel(letter=letter, by=by),
    }
    for name, act in acts.items():
        if state not in letters.MOVES.by_name[name].sources:
            with pytest.raises(DomainError):
                act()
            assert Letter.objects.get(pk=letter.pk).state == state, name


def test_the_database_refuses_a_validated_letter_without_hashes_and_two_in_force():
    letter = make_letter(LetterState.TO_AGENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.TO_HR)
    held = make_letter(LetterState.IN_FORCE)
    values = {f.attname: getattr(held, f.attname) for f in Letter._meta.concrete_fields if f.name not in ("id", "ref")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(**{**values, "number": 2, "document_id": None})


# --- RH -------------------------------------------------------------------------------------------------------------
def test_rh_validates_the_letter_is_in_force_and_the_gate_is_cleared(cleared):
    letter = make_letter(LetterState.TO_HR)
    letters.validate(letter=letter, by=signatory(letter.programme))
    assert (letter.state, letters.in_force(letter.participation)) == (LetterState.IN_FORCE, True)
    assert cleared == [(letter.participation_id, "letter", True)]
    assert Job.objects.filter(kind="programmes.letter", object_ref=letter.ref).count() == 1
    assert [row.party for row in letter.signatures.all()] == ["agent", "hr"]


def test_a_letter_past_its_end_is_no_longer_in_force():
    letter = make_letter(LetterState.IN_FORCE)
    with clock.at(clock.noon(letter.ends, "Europe/Paris")):
        assert letters.in_force(letter.participation)
    with clock.at(clock.noon(letter.ends + dt.timedelta(days=1), "Europe/Paris")):
        assert not letters.in_force(letter.participation)


def test_only_a_signatory_of_the_agents_employer_validates_never_their_own():
    letter = make_letter(LetterState.TO_HR)
    employer = letter.programme.lead_employer
    ended = make_person(employer, roles=("hr_signatory",))
    ended.employer_roles.update(ends=clock.today(employer.time_zone) - dt.timedelta(days=1))
    for somebody in (
        make_person(employer, roles=("hr_reader",)),
        make_person(make_employer(), roles=("hr_signatory",)),
        referent_of(letter.programme),
        letter.participation.person,
        ended,
    ):
        with pytest.raises(Refused):
            letters.validate(letter=letter, by=somebody)
        with pytest.raises(Refused):
            letters.hand_back(letter=letter, by=somebody)
    letter.participation.person.employer_roles.create(
        employer=employer, role="hr_signatory", starts=dt.date(2020, 1, 1)
    )
    with pytest.raises(Refused, match="la vôtre"):
        letters.validate(letter=letter, by=letter.participation.person)


def test_a_batch_is_validated_after_a_confirmation():
    programme = make_framed_programme()
    rows = [make_letter(LetterState.TO_HR, programme) for _ in range(3)]
    foreign = make_letter(LetterState.TO_HR)
    client, slug = client_of(signatory(programme)), programme.lead_employer.slug
    chosen = [str(row.ref) for row in (*rows[:2], foreign)]
    url = reverse("programmes:hr_validate", args=[slug])
    page = client.get(url, {"lettre": chosen})
    assert french("Valider 2 lettres ?") in page.content.decode()
    assert foreign.participation.person.full_name not in page.content.decode()
    client.post(url, {"lettre": [*chosen, "n-importe-quoi"]})
    states = [Letter.objects.get(pk=row.pk).state for row in (*rows, foreign)]
    assert states == ["in_force", "in_force", "to_hr", "to_hr"]
    assert client.get(url).status_code == 302


def test_a_reader_of_rh_reads_and_validates_nothing():
    letter = make_letter(LetterState.TO_HR)
    employer = letter.programme.lead_employer
    client = client_of(make_person(employer, roles=("hr_reader",)))
    assert 'type="checkbox"' not in client.get(reverse("programmes:hr_letters", args=[employer.slug])).content.decode()
    client.post(reverse("programmes:hr_validate", args=[employer.slug]), {"lettre": [str(letter.ref)]})
    client.post(reverse("programmes:hr_hand_back", args=[employer.slug, letter.ref]))
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_HR


def test_rh_gives_a_letter_back_and_another_may_be_begun():
    letter = make_letter(LetterState.TO_HR)
    letters.hand_back(letter=letter, by=signatory(letter.programme))
    assert letter.state == LetterState.CANCELLED
    assert make_letter(programme=letter.programme, helper=letter.participation).number == 2


# --- Between peers --------------------------------------------------------------------------------------------------
def peer(programme=None):
    programme = programme or make_framed_programme(forms=["reciprocal"])
    return make_participation(programme, Side.PEER)


def test_each_peer_validates_their_own_page_alone(cleared):
    one = peer()
    other = make_participation(one.programme, Side.PEER)
    client = client_of(one.person)
    url = reverse("programmes:my_engagement", args=[one.ref])
    assert "Arrêter quand je veux" in client.get(url).content.decode()
    assert not Letter.objects.exists(), "reading writes nothing"
    client.post(url)
    letter = one.letters.get()
    assert (letter.kind, letter.state, letter.sha256) == (LetterKind.ENGAGEMENT, "in_force", sha256(letter.body))
    assert letters.in_force(one) and not letters.in_force(other)
    assert cleared == [(one.pk, "letter", True)]
    client.post(url)
    assert one.letters.count() == 1
    assert client_of(other.person).get(url).status_code == 404


def test_an_engagement_is_for_accepted_peers_and_is_never_shown_to_rh():
    row = make_participation(make_framed_programme(), Side.HELPER)
    with pytest.raises(DomainError):
        letters.engage(participation=row, by=row.person)
    one = peer()
    with pytest.raises(Refused):
        letters.engage(participation=one, by=referent_of(one.programme))
    letter = letters.engage(participation=one, by=one.person)
    employer = one.programme.lead_employer
    hr = client_of(signatory(one.programme))
    assert one.person.full_name not in hr.get(reverse("programmes:hr_letters", args=[employer.slug])).content.decode()
    for url in (
        reverse("programmes:hr_letter", args=[employer.slug, letter.ref]),
        reverse("programmes:letter_file", args=[letter.ref, "lettre"]),
        reverse("programmes:letter_document", args=[letter.ref, "lettre"]),
    ):
        assert hr.get(url).status_code == 404


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_the_whole_circuit_on_the_pages():
    programme = make_framed_programme()
    row = make_participation(programme, Side.HELPER)
    referent, agent = client_of(referent_of(programme)), client_of(row.person)
    url = reverse("programmes:letter_prepare", args=[programme.slug, row.ref])
    form = referent.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"hours_month": "2.5"}
    address = referent.post(url, data).headers["Location"]
    letter = row.letters.get()
    assert letter.minutes_month == 150
    assert "Envoyer à l’agent" in referent.get(address).content.decode()
    referent.post(reverse("programmes:letter_move", args=[programme.slug, letter.ref, "envoyer"]))
    mine = reverse("programmes:my_letter", args=[letter.ref])
    page = agent.get(mine).content.decode()
    assert "Ce que verra la personne qui donne le temps" in page and "20. Validations et annexes" in page
    data = {"seen": 2, "visa_by": "manager", "address": MANAGER}
    assert "Cochez cette case après avoir lu" in agent.post(mine, data).content.decode()
    assert agent.post(mine, data | {"visa_read": "on", "letter_read": "on"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, [step.move for step in history(letter)]) == ("to_manager", ["send", "agree"])
    assert "Envoyer un nouveau lien" in referent.get(address).content.decode()
    assert (
        referent.post(reverse("programmes:letter_move", args=[programme.slug, letter.ref, "autre"])).status_code == 404
    )


@pytest.mark.parametrize("page", ["letters", "hr_letters"])
def test_lists_cost_the_same_with_more_letters(page):
    programme = make_framed_programme()
    if page == "letters":
        client, url = client_of(referent_of(programme)), reverse("programmes:letters", args=[programme.slug])
    else:
        client, url = (
            client_of(signatory(programme)),
            reverse("programmes:hr_letters", args=[programme.lead_employer.slug]),
        )

    def read() -> None:
        assert client.get(url).status_code == 200

    def another() -> None:
        make_letter(LetterState.TO_HR, programme)
        make_letter(LetterState.TO_MANAGER, programme)
        make_letter(LetterState.IN_FORCE, programme)
        make_participation(programme, Side.HELPER)

    assert_same_queries(read, another)
