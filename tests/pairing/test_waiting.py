"""Conditions that a day alone brings or takes away: a letter's first day, the last of the days left to RH."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from pairing import tasks
from pairing.enums import PairState
from pairing.models import Pair
from pairing.services import gates, pairs
from portal import clock
from portal.celery import app
from portal.errors import Conflict
from portal.models import OutgoingMail, Transition
from portal.services import links
from programmes.enums import LetterState, VisaBy
from programmes.models import GateRule, Letter
from programmes.services import gates as programme_gates
from programmes.services import letters, visas
from tests.builders import (
    clear_gates,
    make_employer,
    make_pair,
    make_programme,
    referent_of,
    signatory_of,
)
from tests.programmes.letter_world import make_letter

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PARIS = "Europe/Paris"
TODAY = dt.date(2026, 3, 2)
BEGIN = clock.noon(TODAY, PARIS)


def at_hour(day: dt.date, time_zone: str, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZoneInfo(time_zone))


def waiting_for_a_letter(time_zone: str = PARIS, *, yes: bool = True) -> Pair:
    """A pair that both accepted, everything met except the helper's letter."""
    pair = make_pair(make_programme(make_employer(time_zone=time_zone)), answered=False, framed=False)
    clear_gates(pair, but="letter")
    for member in pair.members.all() if yes else ():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    return fresh(pair)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.select_related("programme__lead_employer").get(pk=pair.pk)


def letter_for(pair: Pair, state: str = LetterState.IN_FORCE, *, starts: dt.date, days: int = 300, **options) -> Letter:
    helper = pair.members.get(part="helper").participation
    return make_letter(state, pair.programme, helper, starts=starts, ends=starts + days * DAY, **options)


# --- A letter that starts later ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("time_zone", [PARIS, "Pacific/Noumea", "America/Martinique"])
def test_a_validated_letter_clears_its_gate_on_its_first_day_where_the_employer_is(time_zone):
    first_day = dt.date(2026, 3, 10)
    with clock.at(BEGIN):
        pair = waiting_for_a_letter(time_zone)
        letter_for(pair, starts=first_day)
        assert (fresh(pair).state, gates.missing_gates(fresh(pair))) == (PairState.ACCEPTED, ["letter"])
    with clock.at(at_hour(first_day - DAY, time_zone, 23, 59)):
        assert tasks.refresh_waiting() == 0
        assert fresh(pair).state == PairState.ACCEPTED
    with clock.at(at_hour(first_day, time_zone, 0)):
        assert tasks.refresh_waiting() == 1
        assert (fresh(pair).state, fresh(pair).active_at) == (PairState.ACTIVE, clock.now())


def test_late_or_twice_the_pair_starts_once_and_each_is_told_once():
    with clock.at(BEGIN):
        pair = waiting_for_a_letter()
        letter_for(pair, starts=dt.date(2026, 3, 10))
    for days in (12, 13):
        with clock.at(BEGIN + days * DAY):
            tasks.refresh_waiting()
    assert fresh(pair).active_at == BEGIN + 12 * DAY
    assert Transition.objects.filter(object_ref=pair.ref, move="activate").count() == 1
    told = OutgoingMail.objects.filter(object_ref=pair.ref, kind="pairing/active").values_list("person", flat=True)
    assert sorted(told) == sorted(pair.members.values_list("person", flat=True))


def test_a_pair_that_lives_is_never_touched():
    with clock.at(BEGIN):
        alive = waiting_for_a_letter()
        letter_for(alive, starts=TODAY, days=20)
        before = Pair.objects.filter(pk=alive.pk).values().get()
        assert before["state"] == PairState.ACTIVE
    with clock.at(BEGIN + 40 * DAY):
        assert tasks.refresh_waiting() == 0
    assert Pair.objects.filter(pk=alive.pk).values().get() == before


def test_a_proposed_pair_is_looked_at_again_and_nobodys_yes_is_presumed():
    with clock.at(BEGIN):
        pair = waiting_for_a_letter(yes=False)
        letter_for(pair, starts=dt.date(2026, 3, 10), days=20)
    for days, missing in ((9, []), (40, ["letter"])):
        with clock.at(BEGIN + days * DAY):
            tasks.refresh_waiting()
            assert (fresh(pair).state, gates.missing_gates(fresh(pair))) == (PairState.PROPOSED, missing)


def test_the_trouble_of_one_pair_does_not_stop_the_others(monkeypatch):
    with clock.at(BEGIN):
        first, second = waiting_for_a_letter(), waiting_for_a_letter()
        for pair in (first, second):
            letter_for(pair, starts=dt.date(2026, 3, 10))
    start = gates.activate_if_ready

    def moved_by_another(*, pair, by):
        if pair.pk == first.pk:
            raise Conflict
        return start(pair=pair, by=by)

    monkeypatch.setattr(gates, "activate_if_ready", moved_by_another)
    with clock.at(BEGIN + 9 * DAY):
        assert tasks.refresh_waiting() == 1
    assert (fresh(first).state, fresh(second).state) == (PairState.ACCEPTED, PairState.ACTIVE)


def test_the_scheduler_calls_only_tasks_that_a_worker_knows():
    app.loader.import_default_modules()
    asked = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "pairing.refresh_waiting" in asked
    assert asked <= set(app.tasks)


# --- The days a programme leaves RH ------------------------------------------------------------------------------------
def leave_rh(pair: Pair, days: int) -> None:
    rule, by = GateRule.objects.get(pk="pair-hr-days"), referent_of(pair.programme)
    programme_gates.set_value(programme=pair.programme, rule=rule, value=days, reason="Le DRH signe au mois.", by=by)


def sent_to_hr(pair: Pair, starts: dt.date = TODAY) -> Letter:
    """The agent said yes, their manager gave the time by the link; RH have not answered."""
    letter = letter_for(pair, LetterState.TO_MANAGER, starts=starts)
    visas.give(link=links.live(letters.VISA, letter.ref))
    letter.refresh_from_db()
    return letter


def test_unless_told_otherwise_rh_validate_before_the_first_meeting():
    with clock.at(BEGIN):
        pair = waiting_for_a_letter()
        sent_to_hr(pair)
        assert (fresh(pair).state, gates.missing_gates(fresh(pair))) == (PairState.ACCEPTED, ["letter"])


def test_with_days_left_to_rh_the_visa_is_enough_to_start():
    with clock.at(BEGIN):
        pair = waiting_for_a_letter()
        leave_rh(pair, 10)
        sent_to_hr(pair)
        assert fresh(pair).state == PairState.ACTIVE


def test_a_visa_deposited_on_paper_is_enough_as_well():
    with clock.at(BEGIN):
        pair = waiting_for_a_letter()
        leave_rh(pair, 10)
        letter = letter_for(pair, LetterState.TO_MANAGER, starts=TODAY)
        visas.deposit(letter=letter, by=referent_of(pair.programme), document=None)
        assert fresh(pair).state == PairState.ACTIVE


@pytest.mark.parametrize(("days", "state"), [(10, PairState.ACTIVE), (11, PairState.ACCEPTED)])
def test_once_the_days_have_passed_only_new_pairs_wait_for_rh(days, state):
    with clock.at(BEGIN):
        alive, late = waiting_for_a_letter(), waiting_for_a_letter(yes=False)
        for pair in (alive, late):
            leave_rh(pair, 10)
            letter = sent_to_hr(pair)
    with clock.at(BEGIN + days * DAY):
        for member in late.members.all():
            pairs.say_yes(pair=fresh(late), by=member.person)
        tasks.refresh_waiting()
        assert (fresh(alive).state, fresh(late).state) == (PairState.ACTIVE, state)
        letters.validate(letter=letter, by=signatory_of(late.programme.lead_employer))
        assert fresh(late).state == PairState.ACTIVE


@pytest.mark.parametrize("how", ["chosen", "unanswered", "back"])
def test_where_rh_are_the_only_authority_nothing_starts_before_them(how):
    with clock.at(BEGIN):
        pair = waiting_for_a_letter()
        leave_rh(pair, 30)
        by = pair.members.get(part="helper").person
        if how == "chosen":
            letter = letter_for(pair, LetterState.TO_HR, starts=TODAY)
        else:
            letter = letter_for(pair, LetterState.TO_MANAGER, starts=TODAY)
        if how == "back":
            visas.choose_other(letter=letter, by=by, visa_by=VisaBy.HR)
    with clock.at(BEGIN + 15 * DAY):
        if how == "unanswered":
            visas.pass_to_hr(letter=letter, by=referent_of(pair.programme))
        tasks.refresh_waiting()
        letter.refresh_from_db()
        assert (letter.state, fresh(pair).state) == (LetterState.TO_HR, PairState.ACCEPTED)


def test_the_days_left_to_rh_replace_neither_the_agents_yes_nor_the_first_day_nor_a_letter_handed_back():
    with clock.at(BEGIN):
        unread, early, handed = (waiting_for_a_letter(yes=False) for _ in range(3))
        for pair in (unread, early, handed):
            leave_rh(pair, 30)
        letter_for(unread, LetterState.TO_AGENT, starts=TODAY)
        sent_to_hr(early, starts=TODAY + 5 * DAY)
        letter = sent_to_hr(handed)
        assert gates.missing_gates(fresh(handed)) == []
        letters.hand_back(letter=letter, by=signatory_of(handed.programme.lead_employer))
        tasks.refresh_waiting()
        assert [gates.missing_gates(fresh(pair)) for pair in (unread, early, handed)] == [["letter"]] * 3
