"""A pilot of four pairs reaches its first meeting within five calendar weeks of its creation (field.md 3)."""

import datetime as dt

import pytest

from pairing.enums import PairState
from pairing.models import Pair
from pairing.services import gates as pair_gates
from pairing.services import meetings, pairs
from portal import clock
from portal.errors import DomainError
from programmes.enums import Form, ProgrammeRoleKind, ProgrammeTemplate, Side, StepState
from programmes.models import Programme
from programmes.services import creation, opening, rollout, steps, templates
from tests.builders import (
    accept_charter,
    assess,
    bring_letter,
    make_employer,
    make_participation,
    make_person,
    supervise,
    train,
)

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)
BEGUN = clock.noon(dt.date(2026, 3, 2), "Europe/Paris")


def week(number: int):
    """At the beginning of that week, the first is 1."""
    return clock.at(BEGUN + (number - 1) * WEEK)


def tick_essential(programme: Programme, number: int, by) -> None:
    """The essential lines of a step, then the step passed, without any reason to give."""
    step = programme.steps.get(definition=number)
    if step.state == StepState.TO_COME:
        steps.start_step(step=step, by=by)
        step.refresh_from_db()
    steps.set_done(step=step, done=step.items.filter(essential=True), among=step.items.all(), by=by)
    steps.pass_step(step=step, by=by)


def test_a_pilot_of_four_pairs_meets_in_its_fifth_week():
    employer = make_employer("saulaie")
    by, deputy = make_person(employer, "Oriane"), make_person(employer, "Denise")
    pilot = templates.get(ProgrammeTemplate.PILOT)
    with week(1):
        programme = creation.create(
            employer=employer,
            name="Entraide",
            starts=clock.today("Europe/Paris"),
            by=by,
            template=pilot.code,
            **creation.prefilled(pilot),
        )
        rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=by)
        tick_essential(programme, 1, by)
    with week(2):
        assess(programme)
        opening.open_form(programme=programme, form=Form.PAIR, by=by)
        programme.refresh_from_db()
        helpers = [make_participation(programme, Side.HELPER) for _ in range(4)]
        helped = [make_participation(programme, Side.HELPED) for _ in range(4)]
        tick_essential(programme, 2, by)
    with week(3):
        tick_essential(programme, 3, by)
        supervise(programme)
        for participation in helpers:
            bring_letter(participation)
    with week(4):
        train(programme, helpers)
        tick_essential(programme, 4, by)
        for participation in [*helpers, *helped]:
            accept_charter(participation)
        made = [pairs.propose(helper=one, helped=other, by=by) for one, other in zip(helpers, helped, strict=True)]
        for pair, one, other in zip(made, helpers, helped, strict=True):
            pairs.say_yes(pair=pair, by=one.person)
            pairs.say_yes(pair=pair, by=other.person)
            # The last gate is still shut: nobody meets early.
            with pytest.raises(DomainError):
                meetings.log(pair=pair, by=one.person, key=pair.ref)
    with week(5):
        pair_gates.clear_baseline(pairs=made, how="collective_talk")
        for pair in Pair.objects.filter(programme=programme):
            assert pair.state == PairState.ACTIVE
            member = pair.members.select_related("person").first()
            meeting = meetings.log(pair=pair, by=member.person, key=pair.ref)
            assert (meeting.on - programme.starts).days < 35
    assert Pair.objects.filter(programme=programme, meetings__isnull=False).distinct().count() == 4


def test_the_dates_planned_for_a_pilot_leave_the_first_meeting_its_fifth_week():
    employer, pilot = make_employer("saulaie"), templates.get(ProgrammeTemplate.PILOT)
    programme = creation.create(
        employer=employer,
        name="Entraide",
        starts=BEGUN.date(),
        by=make_person(employer),
        template=pilot.code,
        **creation.prefilled(pilot),
    )
    begins = programme.steps.get(definition=5).planned_from
    assert programme.cycles.get().starts == begins
    assert 0 < (begins - programme.starts).days < 35
