"""Programmes, their steps, cycles and reporting periods."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from portal.errors import DomainError
from programmes.enums import ProgrammeState, StepState
from programmes.models import Step
from programmes.services import rollout
from tests.builders import make_programme, referent_of

pytestmark = pytest.mark.django_db


def test_a_new_programme_has_six_steps_to_come_and_its_referent():
    programme = make_programme(opened=False)
    assert [step.number for step in programme.steps.all()] == [1, 2, 3, 4, 5, 6]
    assert programme.state == ProgrammeState.PREPARING
    assert referent_of(programme)


def test_the_database_refuses_a_crossed_step_without_date():
    step = make_programme().steps.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(state=StepState.PASSED)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2025-12-31", "2026-06-30"),
        ("2024-01-01", "2025-01-01"),
        ("2025-03-01", "2025-04-01"),
        ("2024-01-01", "2027-01-01"),
    ],
)
def test_exercices_of_a_programme_never_share_a_day(starts, ends):
    programme = make_programme()
    rollout.declare_exercice(
        programme=programme, name="2025", starts=dt.date(2025, 1, 1), ends=dt.date(2025, 12, 31), by=None
    )
    with pytest.raises(DomainError, match="« 2025 »"):
        rollout.declare_exercice(
            programme=programme,
            name="autre",
            starts=dt.date.fromisoformat(starts),
            ends=dt.date.fromisoformat(ends),
            by=None,
        )
    rollout.declare_exercice(
        programme=programme, name="2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31), by=None
    )


def test_cycles_are_numbered_in_order():
    programme = make_programme()
    first = rollout.add_cycle(programme=programme, starts=dt.date(2026, 1, 1), ends=dt.date(2026, 6, 30), by=None)
    second = rollout.add_cycle(programme=programme, starts=dt.date(2026, 7, 1), ends=dt.date(2026, 12, 31), by=None)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(DomainError):
        rollout.add_cycle(programme=programme, starts=dt.date(2026, 6, 1), ends=dt.date(2026, 8, 1), by=None)
    with pytest.raises(DomainError):
        rollout.add_cycle(programme=programme, starts=dt.date(2027, 6, 1), ends=dt.date(2027, 5, 1), by=None)
