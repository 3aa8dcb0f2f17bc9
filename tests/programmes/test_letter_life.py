"""The life of a letter: what it truly is each day, what takes its place, who is reminded, what never stops."""

import datetime as dt

import pytest
from django.urls import reverse

from pairing.enums import PairState
from portal import clock
from portal.errors import DomainError
from portal.models import OutgoingMail, SignedLink
from programmes import letter_hooks
from programmes.enums import LetterKind, LetterStanding, LetterState, Party, Side, VisaBy
from programmes.models import Letter
from programmes.services import letter_documents, letter_life, letters, participation, visas
from programmes.services.letter_moves import MOVES
from tests.builders import client_of, make_pair, make_participation, referent_of
from tests.guard_rails import assert_same_queries
from tests.programmes.letter_world import agree, make_framed_programme, make_letter, signatory, terms, token_of

pytestmark = pytest.mark.django_db
S, L = LetterState, LetterStanding
SCAN = b"%PDF-1.7 signed"
HOURS = "{}\N{NO-BREAK SPACE}h"


def days(count: int):
    """The clock, so many days from now."""
    return clock.at(clock.now() + dt.timedelta(days=count))


def in_force(programme=None, helper=None, lasts: int = 100) -> Letter:
    programme = programme or make_framed_programme()
    today = clock.today(programme.time_zone)
    letter = make_letter(S.IN_FORCE, programme, helper, ends=today + dt.timedelta(days=lasts))
    letter.refresh_from_db()
    return letter


def validated(letter: Letter) -> Letter:
    """A draft brought to RH's validation."""
    letters.send(letter=letter, by=referent_of(letter.programme))
    agree(letter, VisaBy.HR)
    letters.validate(letter=letter, by=signatory(letter.programme))
    letter.refresh_from_db()
    return letter


# --- What it truly is -----------------------------------------------------------------------------------------------
def test_its_state_is_told_by_its_dates_and_a_late_one_never_reads_in_force():
    letter = in_force(lasts=100)
    part = letter.participation
    told = []
    for day in (0, 100, 101, 160, 161):
        with days(day):
            told.append((letter.standing, letters.in_force(part), letters.covered(part)))
    assert told == [
        (L.IN_FORCE, True, True),
        (L.IN_FORCE, True, True),
        (L.GRACE, False, False),
        (L.GRACE, False, False),
        (L.ENDED, False, False),
    ]
    with days(120):
        page = client_of(part.person).get(reverse("programmes:my_letter", args=[letter.ref])).content.decode()
        assert "en délai de grâce" in page and "Vos binômes en cours continuent" in page
        assert "en retard" not in page.lower(), "the delay is the administration's"


def test_grace_and_pause_stop_new_pairs_and_never_a_running_one():
    programme = make_framed_programme()
    helper = make_participation(programme, Side.HELPER, places=3)
    letter = in_force(programme, helper, lasts=10)
    running = make_pair(programme, helper=helper)
    assert running.state == PairState.ACTIVE
    letter_life.suspend(letter=letter, by=helper.person)
    assert not letters.covered(helper) and letters.in_force(helper)
    letter_life.resume(letter=letter, by=helper.person)
    assert letters.covered(helper)
    with days(100):
        assert letter_life.run() == 1 and letter_life.run() == 0
        letter.refresh_from_db()
        assert (letter.state, letter.ended_on) == (S.ENDED, letter.ends)
    running.refresh_from_db()
    assert running.state == PairState.ACTIVE


def test_rh_do_not_learn_of_a_pause_and_the_referent_does():
    letter = in_force()
    told = reminders(letter, "letter_hr")
    letter_life.suspend(letter=letter, by=letter.participation.person)
    slug = letter.participation.employer.slug
    hr = client_of(signatory(letter.programme))
    pages = [
        hr.get(reverse("programmes:hr_letters", args=[slug])).content.decode(),
        hr.get(reverse("programmes:hr_letter", args=[slug, letter.ref])).content.decode(),
    ]
    for page in pages:
        assert "en pause" not in page and "en vigueur" in page
    mine = reverse("programmes:letter", args=[letter.programme.slug, letter.ref])
    assert "en pause" in client_of(referent_of(letter.programme)).get(mine).content.decode()
    assert reminders(letter, "letter_hr") == told


# --- What takes its place -------------------------------------------------------------------------------------------
def test_an_amendment_leaves_the_earlier_one_in_force_until_its_own_day_and_both_texts_stay():
    letter = in_force()
    by, part = referent_of(letter.programme), letter.participation
    before = (letter.body, letter.sha256, letter.visa)
    starts = clock.today(letter.programme.time_zone) + dt.timedelta(days=10)
    new = letter_life.amend(letter=letter, by=by, **terms(letter.programme, minutes_month=360, starts=starts))
    letter.refresh_from_db()
    assert (new.replaces, letter.state, new.number) == (letter, S.IN_FORCE, 2)
    with pytest.raises(DomainError, match="déjà en préparation"):
        letter_life.amend(letter=letter, by=by, **terms(letter.programme))
    validated(new)
    letter.refresh_from_db()
    assert (letter.standing, new.standing) == (L.IN_FORCE, L.COMING)
    assert letters.covered(part), "no day between the two without a letter"
    for day, expected in ((9, (L.IN_FORCE, L.COMING)), (10, (L.ENDED, L.IN_FORCE))):
        with days(day):
            assert (letter.standing, new.standing) == expected
            assert letters.covered(part)
    assert (letter.body, letter.sha256, letter.visa) == before
    assert letter_life.intact(letter) and letter_life.intact(new)
    page = client_of(part.person).get(reverse("programmes:my_letter", args=[letter.ref])).content.decode()
    assert f"{HOURS.format(4)} par mois" in page and "texte conforme à ce qui a été validé" in page


def test_a_refused_amendment_changes_nothing():
    letter = in_force()
    new = letter_life.amend(letter=letter, by=referent_of(letter.programme), **terms(letter.programme))
    letters.send(letter=new, by=referent_of(letter.programme))
    letter_life.refuse(letter=new, by=letter.participation.person)
    letter.refresh_from_db()
    assert (letter.state, letter.standing, new.state) == (S.IN_FORCE, L.IN_FORCE, S.CANCELLED)


def test_a_renewal_is_proposed_sixty_days_before_the_end_in_one_click():
    letter = in_force(lasts=61)
    programme = letter.programme
    by = referent_of(programme)
    url = reverse("programmes:letter_move", args=[programme.slug, letter.ref, "renouveler"])
    assert not any("renouveler" in todo.sentence for todo in letter_hooks.todo(by, programme))
    client_of(by).post(url)
    assert Letter.objects.count() == 1, "too early"
    with days(20):
        (todo,) = [todo for todo in letter_hooks.todo(by, programme) if "renouveler" in todo.sentence]
        assert todo.sentence == "1 lettre à renouveler, depuis 19 jours"
        assert letter.participation.person.given not in todo.sentence
        listed = client_of(signatory(programme)).get(
            reverse("programmes:hr_letters", args=[letter.participation.employer.slug])
        )
        assert "À renouveler" in listed.content.decode()
        client_of(by).post(url)
        client_of(by).post(url)
        (new,) = letter.replaced_by.all()
        assert new.starts == letter.ends + dt.timedelta(days=1)
        assert (new.minutes_month, new.choices, new.state) == (letter.minutes_month, letter.choices, S.DRAFT)
        assert not any("renouveler" in todo.sentence for todo in letter_hooks.todo(by, programme))


def test_a_late_renewal_starts_today_and_ends_the_grace():
    letter = in_force(lasts=5)
    with days(30):
        new = letter_life.renew(letter=letter, by=referent_of(letter.programme))
        assert new.starts == clock.today(letter.programme.time_zone)
        validated(new)
        letter.refresh_from_db()
        assert (letter.state, letter.ended_on, letter.standing) == (S.ENDED, letter.ends, L.ENDED)
        assert letters.covered(letter.participation)


def test_leaving_the_programme_ends_its_letters():
    letter = in_force()
    new = letter_life.amend(letter=letter, by=referent_of(letter.programme), **terms(letter.programme))
    participation.withdraw(participation=letter.participation, by=letter.participation.person)
    letter.refresh_from_db(), new.refresh_from_db()
    assert (letter.state, new.state) == (S.ENDED, S.CANCELLED)


# --- The agent's own end --------------------------------------------------------------------------------------------
def test_the_agent_ends_on_a_day_of_their_choice_fifteen_days_being_only_proposed():
    letter = in_force()
    today = clock.today(letter.programme.time_zone)
    assert letter_life.notice_day(letter) == today + dt.timedelta(days=15)
    for on in (today - dt.timedelta(days=1), letter.ends + dt.timedelta(days=1)):
        with pytest.raises(DomainError) as refusal:
            letter_life.end(letter=letter, by=letter.participation.person, on=on)
        assert refusal.value.field == "on"
    letter_life.end(letter=letter, by=letter.participation.person, on=today + dt.timedelta(days=3))
    assert letter.standing == L.IN_FORCE and letters.covered(letter.participation)
    with days(4):
        assert letter.standing == L.ENDED and not letters.in_force(letter.participation)


# --- Reminders ------------------------------------------------------------------------------------------------------
def reminders(letter: Letter, kind: str) -> int:
    return OutgoingMail.objects.filter(kind=f"programmes/{kind}", object_ref=letter.ref).count()


@pytest.mark.parametrize(("state", "kind"), [(S.TO_AGENT, "letter_ready"), (S.TO_HR, "letter_hr")])
def test_one_reminder_after_seven_days_then_one_a_week_then_silence(state, kind):
    programme = make_framed_programme()
    signatory(programme)
    letter = make_letter(state, programme)
    first = reminders(letter, kind)
    counts = []
    for day in (6, 7.01, 7.5, 13, 14.1, 21.2, 28.3, 36, 60):
        with days(day):
            letter_life.run(), letter_life.run()
            counts.append(reminders(letter, kind) - first)
    assert counts == [0, 1, 1, 1, 2, 3, 4, 4, 4]


def test_the_link_holder_is_reminded_once_with_the_days_left_and_the_new_link_alone_works():
    letter = make_letter(S.TO_MANAGER)
    old, (link,) = token_of(letter), SignedLink.objects.all()
    with days(7.1):
        assert letter_life.run() == 1 and letter_life.run() == 0
        assert reminders(letter, "letter_visa") == 2
        new = token_of(letter)
        assert new != old and visas.opened(old) is None
        assert SignedLink.objects.latest("pk").expires_at <= link.expires_at, "a reminder gives no more days"
        visas.give(link=visas.opened(new)[0])
    letter.refresh_from_db()
    assert letter.state == S.TO_HR


def test_a_refused_visa_and_a_letter_that_waits_for_nobody_bring_no_reminder():
    letter = make_letter(S.TO_MANAGER)
    visas.refuse(link=visas.opened(token_of(letter))[0])
    make_letter(S.DRAFT)
    in_force()
    with days(9):
        assert letter_life.remind() == 0


# --- Conventions ----------------------------------------------------------------------------------------------------
def test_a_convention_asks_nobody_for_time_and_waits_for_the_organisation_outside():
    letter = make_letter(S.TO_AGENT, organisation="Association des Embruns")
    by, part = referent_of(letter.programme), letter.participation
    assert letter.kind == LetterKind.CONVENTION
    page = client_of(part.person).get(reverse("programmes:my_letter", args=[letter.ref])).content.decode()
    assert "Association des Embruns" in page and "Qui donne le temps" not in page
    client_of(part.person).post(
        reverse("programmes:my_letter", args=[letter.ref]), {"seen": letter.version, "letter_read": "on"}
    )
    letter.refresh_from_db()
    assert letter.state == S.TO_HR and not letter.visa and not SignedLink.objects.exists()
    with pytest.raises(DomainError, match="organisme extérieur"):
        letters.validate(letter=letter, by=signatory(letter.programme))
    letter_documents.deposit_outside(letter=letter, by=by, data=SCAN)
    with pytest.raises(DomainError, match="déjà déposée"):
        letter_documents.deposit_outside(letter=letter, by=by, data=SCAN + b"2")
    assert letter.signatures.get(party=Party.OUTSIDE).sha256 == letter.sha256
    letters.validate(letter=letter, by=signatory(letter.programme))
    assert letters.covered(part)
    fetched = client_of(signatory(letter.programme)).get(
        reverse("programmes:letter_file", args=[letter.ref, "scan-organisme"])
    )
    assert b"".join([fetched.content]) == SCAN


def test_the_organisation_s_paper_is_for_a_convention_that_the_person_agreed_to():
    for letter in (make_letter(S.TO_HR), make_letter(S.TO_AGENT, organisation="Association des Embruns")):
        with pytest.raises(DomainError):
            letter_documents.deposit_outside(letter=letter, by=referent_of(letter.programme), data=SCAN)
        assert not letter.signatures.filter(party=Party.OUTSIDE).exists()


# --- Past letters ---------------------------------------------------------------------------------------------------
def test_every_past_letter_stays_readable_by_agent_and_rh_and_an_altered_one_is_refused_aloud():
    letter = in_force()
    person = letter.participation.person
    letter_life.end(letter=letter, by=person, on=clock.today(letter.programme.time_zone))
    with days(5):
        mine = client_of(person)
        listed = mine.get(reverse("programmes:my_letters")).content.decode()
        url = reverse("programmes:my_letter", args=[letter.ref])
        assert url in listed and "terminée" in listed
        hr = reverse("programmes:hr_letter", args=[letter.participation.employer.slug, letter.ref])
        readers = [(mine, url), (client_of(signatory(letter.programme)), hr)]
        for client, page in readers:
            assert "texte conforme à ce qui a été validé" in client.get(page).content.decode()
        letter.signatures.filter(party=Party.HR).update(sha256="0" * 64)
        assert "ne correspond plus" in mine.get(url).content.decode()
        Letter.objects.filter(pk=letter.pk).update(body=letter.body.replace(HOURS.format(4), HOURS.format(9)))
        for client, page in readers:
            text = client.get(page).content.decode()
            assert "ne correspond plus à son empreinte" in text and HOURS.format(9) not in text


def test_a_stranger_lists_nothing_and_reads_nothing():
    letter = in_force()
    other = make_participation(letter.programme, Side.HELPED).person
    assert str(letter.ref) not in client_of(other).get(reverse("programmes:my_letters")).content.decode()
    for name in ("letter_amend", "letter_outside"):
        url = reverse(f"programmes:{name}", args=[letter.programme.slug, letter.ref])
        assert client_of(other).get(url).status_code == 404
        assert client_of(letter.participation.person).post(url).status_code == 404


def test_lists_of_late_letters_ask_the_same_queries_for_one_and_for_three():
    programme = make_framed_programme()
    slug = programme.lead_employer.slug
    in_force(programme, lasts=10)
    pilot, hr = client_of(referent_of(programme)), client_of(signatory(programme))

    def more() -> None:
        in_force(programme, lasts=11)
        in_force(programme, lasts=12)

    urls = [
        (pilot, reverse("programmes:letters", args=[programme.slug])),
        (hr, reverse("programmes:hr_letters", args=[slug])),
    ]
    for client, url in urls:
        assert_same_queries(lambda client=client, url=url: client.get(url), more)


def test_the_table_says_what_ends_a_letter():
    assert {move.target for move in MOVES.by_name.values() if move.sources == (S.IN_FORCE,)} == {S.IN_FORCE, S.ENDED}
