"""The six steps: lines of the method, what the data say, passing with or without a reason."""

from collections import Counter

import pytest

from portal.errors import DomainError
from programmes.enums import ItemState, LineKind, ProgrammeTemplate, StepState
from programmes.models import Deviation, StepLine
from programmes.services import steps
from tests.builders import make_programme, referent_of

pytestmark = pytest.mark.django_db

# What domain.md c lists, line by line, in each step (the framing sheet and its success criteria are two lines here).
METHOD = {
    1: {"prerequisite": 1, "action": 9, "deliverable": 8, "criterion": 5, "watch": 4},
    2: {"prerequisite": 2, "action": 8, "deliverable": 6, "criterion": 3, "watch": 4},
    3: {"prerequisite": 1, "action": 7, "deliverable": 5, "criterion": 4, "watch": 3},
    4: {"prerequisite": 1, "action": 6, "deliverable": 4, "criterion": 3, "watch": 2},
    5: {"prerequisite": 1, "action": 9, "deliverable": 4, "criterion": 3, "watch": 6},
    6: {"prerequisite": 2, "action": 6, "deliverable": 4, "criterion": 4, "watch": 4},
}


def step_of(programme, number):
    return programme.steps.select_related("programme__lead_employer").get(definition=number)


def finish(step, by):
    """Every line that a person ticks."""
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_state(items=items, state=ItemState.DONE, by=by)


def test_the_whole_method_is_there():
    for number, kinds in METHOD.items():
        assert Counter(StepLine.objects.filter(definition=number).values_list("kind", flat=True)) == kinds


def test_sixteen_essential_lines_make_a_pilot():
    assert StepLine.objects.filter(essential=True).count() == 16


def test_a_line_is_either_read_from_the_data_or_ticked_by_somebody():
    programme = make_programme()
    for step in programme.steps.all():
        ticked = set(step.items.values_list("line", flat=True))
        read = {read.line.pk for read in steps.read_lines(step)}
        lines = StepLine.objects.filter(definition=step.number).exclude(kind=LineKind.WATCH)
        assert not ticked & read
        assert ticked | read == set(lines.values_list("pk", flat=True))


def test_every_line_read_from_the_data_has_its_reader():
    programme = make_programme()
    for number in METHOD:
        assert [
            read.line.pk for read in steps.read_lines(step_of(programme, number)) if "pas encore de donnée" in read.said
        ] == []


def test_a_step_is_crossed_with_its_lines_or_with_a_reason():
    programme = make_programme(template=ProgrammeTemplate.PILOT)
    by, step = referent_of(programme), step_of(programme, 1)
    with pytest.raises(DomainError, match="n’est pas en cours"):
        steps.pass_step(step=step, by=by, reason="déjà fait")
    steps.start_step(step=step, by=by)
    with pytest.raises(DomainError, match="4 lignes") as refusal:
        steps.pass_step(step=step, by=by)
    assert refusal.value.field == "reason"
    finish(step, by)
    steps.pass_step(step=step, by=by, reason="sans objet")
    step.refresh_from_db()
    assert (step.state, step.reason) == (StepState.PASSED, "")
    assert not Deviation.objects.exists()
    with pytest.raises(DomainError, match="Rouvrez-la"):
        finish_not(step, by)
    steps.reopen_step(step=step, by=by)
    assert step.passed_on is None


def finish_not(step, by):
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=[], among=items, by=by)


def test_beyond_a_pilot_the_exit_criteria_count_too():
    programme = make_programme()
    by, step = referent_of(programme), step_of(programme, 1)
    finish(step, by)
    steps.start_step(step=step, by=by)
    left = steps.missing(step)
    assert [line for line in left if line.startswith("Sponsor")] and [line for line in left if "Encadrants" in line]
    steps.pass_step(step=step, by=by, reason="La séance des encadrants est fixée au mois prochain.")
    assert Deviation.objects.get().what == "Étape 1 franchie avec 2 lignes encore ouvertes"


def test_a_line_keeps_the_name_and_date_of_its_first_tick():
    programme = make_programme()
    step, other = step_of(programme, 1), referent_of(make_programme())
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=items[:1], among=items, by=referent_of(programme))
    first = step.items.get(pk=items[0].pk)
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=items[:2], among=items, by=other)
    again = step.items.get(pk=items[0].pk)
    assert (again.done_by, again.done_on) == (first.done_by, first.done_on)
    assert step.items.get(pk=items[1].pk).done_by == other
