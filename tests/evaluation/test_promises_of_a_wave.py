"""What a wave promises when it opens, attacked with the database itself: nothing of it can be changed afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from evaluation.enums import Moment
from evaluation.models import ClosedAnswer, OpenAnswer, Wave
from evaluation.services import answers, closing, waves
from evaluation.triggers import TRIGGERS
from portal import triggers
from tests.evaluation.surveys import bare_cycles, day, on, sides, tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    with on(0):
        cycles, people = bare_cycles(2)
        wave = waves.start(cycle=cycles[0], moment=Moment.T0, closes_on=day(21), people=sides(people), pairs=4)
        for token in list(tokens(wave).values())[:7]:
            answers.submit(token=token, answers={"TC1": "4"})
    return wave


def closed(wave):
    with on(22):
        closing.close(wave=wave, by=None)
    return wave


def refused(statement: str, *values) -> None:
    with pytest.raises(DatabaseError, match="survey|answer"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_holds_the_promises():
    assert triggers.present() >= TRIGGERS.tables.keys()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("plan", '{"TC1": "by_side"}'),
        ("compared", '["TC1"]'),
        ("own", '[["OWN1", "x"]]'),
        ("closes_on", "2026-03-04"),
        ("opens_on", "2025-03-04"),
        ("moment", "end"),
        ("public", "managers"),
        ("rules_version", 2),
        ("pairs_invited", 99),
        ("invited", 99),
    ],
)
def test_an_open_wave_keeps_what_it_promised(wave, column, value):
    refused(f"UPDATE evaluation_wave SET {column} = %s", value)


def test_another_cycle_or_questionnaire_is_refused_too(wave):
    refused("UPDATE evaluation_wave SET cycle_id = cycle_id + 1")
    refused("UPDATE evaluation_wave SET questionnaire_id = NULL")


def test_a_closed_wave_never_opens_again_nor_gets_a_key(wave):
    closed(wave)
    refused("UPDATE evaluation_wave SET state = 'open', closed_at = NULL")
    refused("UPDATE evaluation_wave SET key = 'k'")
    refused("UPDATE evaluation_wave SET invited = 99")
    with pytest.raises(DatabaseError, match="survey"), transaction.atomic():
        Wave.objects.filter(pk=wave.pk).update(state="open")


def test_no_answer_is_changed_before_or_after_closing(wave):
    refused("UPDATE evaluation_openanswer SET side = 'peer'")
    closed(wave)
    refused("UPDATE evaluation_closedanswer SET side = 'peer'")
    assert ClosedAnswer.objects.count() == 7 and not OpenAnswer.objects.exists()


def test_what_changes_nothing_is_allowed(wave):
    """A row saved as it is, as an admin command would: no false alarm."""
    wave.refresh_from_db()
    wave.save()
    closed(wave).save()
