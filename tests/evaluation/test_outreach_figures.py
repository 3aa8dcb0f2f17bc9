"""A01 to A05 of domain.md i.1: acts and attendances, of the exercice only."""

import datetime as dt
import json

import pytest

from evaluation.services import releases
from portal.models import Unit
from programmes.enums import ItemState, SessionState
from programmes.models import Outreach, OutreachNumber, Step, StepItem
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def shown(exercice):
    with world.after():
        release = releases.establish(exercice=exercice)
    rows = json.loads(release.data)["figures"]
    return {
        row["code"]: (row["lo"], row["hi"], row["of"]) if row["label"] == "value" else row["label"]
        for row in rows
        if row["code"].startswith("A0")
    }


def held(programme, on, numbers, *units, kind="meeting", state=SessionState.HELD):
    row = Outreach.objects.create(programme=programme, kind=kind, on=on, state=state)
    row.units.set(units)
    for audience, people in numbers.items():
        OutreachNumber.objects.create(outreach=row, audience=audience, people=people)
    return row


def test_acts_and_attendances_of_the_exercice_are_given_exactly_even_small():
    programme, exercice = world.programme()
    one, two, three = (Unit.objects.create(employer=programme.lead_employer, name=f"Direction {n}") for n in "ABC")
    Unit.objects.create(employer=programme.lead_employer, parent=one, name="Équipe", is_team=True)
    inside = exercice.starts + dt.timedelta(days=30)
    held(programme, inside, {"agents": 2, "managers": 1}, one)
    held(programme, exercice.ends, {"managers": 3}, one, two, kind="managers")
    held(programme, inside, {"agents": 50}, three, state=SessionState.CANCELLED)
    held(programme, inside, {"agents": 50}, three, state=SessionState.PLANNED)
    held(programme, exercice.starts - dt.timedelta(days=1), {"agents": 50}, three)
    held(programme, inside, {}, two, kind="note")
    figures = shown(exercice)
    assert figures["A02"] == (2, 2, None)
    assert figures["A03"] == (6, 6, None)
    assert figures["A04"] == (4, 4, None)
    directions = Unit.objects.filter(employer=programme.lead_employer, parent=None, is_team=False).count()
    assert figures["A05"] == (2, 2, directions)


def test_without_any_action_noted_no_nought_is_made_up():
    _, exercice = world.programme()
    figures = shown(exercice)
    assert {figures[code] for code in ("A02", "A03", "A04", "A05")} == {"not_collected"}


def test_actions_of_other_years_leave_a_real_nought():
    programme, exercice = world.programme()
    held(programme, exercice.starts - dt.timedelta(days=1), {"agents": 50})
    assert shown(exercice)["A02"] == shown(exercice)["A03"] == (0, 0, None)


def test_the_note_counts_from_the_day_it_was_signed():
    programme, exercice = world.programme()
    assert shown(exercice)["A01"] == "not_collected"
    step, _ = Step.objects.get_or_create(programme=programme, definition_id=1)
    StepItem.objects.create(step=step, line_id="1-signed-note", label="Note de la direction signée")
    item = StepItem.objects.filter(step=step)
    assert shown(exercice)["A01"] == (0, 0, None)
    item.update(state=ItemState.DONE, done_on=exercice.ends)
    assert shown(exercice)["A01"] == (1, 1, None)
    item.update(done_on=exercice.ends + dt.timedelta(days=1))
    assert shown(exercice)["A01"] == (0, 0, None)
