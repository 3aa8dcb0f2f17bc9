"""After the wave at six months the rows of answers go; what is published of them stays, byte for byte (decision 19)."""

import datetime as dt
import json

import pytest

from evaluation import retention
from evaluation.enums import Moment, Public
from evaluation.models import ClosedAnswer, Wave
from evaluation.services import content, releases, survey_figures
from portal import clock
from tests.evaluation import frame_world, world
from tests.evaluation.test_survey_figures import brumeval

pytestmark = pytest.mark.django_db


def published(exercice) -> tuple:
    found = [*survey_figures.collect(exercice), *survey_figures.collect_around(exercice)]
    rows = [[(one.code, one.stratum, one.figure, one.of) for one in wave.figures] for wave in found]
    return json.dumps([wave.content for wave in found], sort_keys=True), rows


def around(programme) -> None:
    managers = [("", {"CL1": 5 if rank < 5 else 2}) for rank in range(9)]
    plan = {"CL1": "whole"}
    frame_world.wave(programme, managers, public=Public.MANAGERS, moment=Moment.END, plan=plan)
    hot = {"public": Public.EVENT, "moment": Moment.HOT, "plan": {"H1": "whole"}}
    for _ in range(2):
        frame_world.wave(programme, [("", {"H1": 5})] * 8, session=frame_world.trained(programme, []), **hot)


def test_nothing_goes_while_the_wave_at_six_months_may_come():
    brumeval()
    with clock.at(clock.noon(dt.date(2026, 3, 1), world.PARIS)):
        assert retention.answers() == 0
    assert ClosedAnswer.objects.count() == 23


def test_rows_go_and_what_is_published_stays_the_same():
    exercice = brumeval()
    around(exercice.programme)
    with world.after():
        release = releases.establish(exercice=exercice)
    before = published(exercice)
    with clock.at(clock.noon(dt.date(2027, 1, 15), world.PARIS)):
        assert retention.answers() == 5
        assert not ClosedAnswer.objects.exists()
        assert published(exercice) == before
        assert releases.establish(exercice=exercice) == release, "nothing to correct: the same edition"
        assert retention.answers() == 0
    assert content.sha256(release.data) == release.sha256
    strata = {one[1] for rows in before[1] for one in rows}
    assert {"c1.t0", "c1.end", "m1.end", "h250210", "h250210.2"} <= strata


def test_the_closed_wave_at_six_months_lets_the_others_go():
    exercice = brumeval()
    frame_world.wave(exercice.programme, [("helper", {"TC1": 5})] * 8, moment=Moment.LATER)
    with world.after():
        assert retention.answers() == 3
    assert not ClosedAnswer.objects.exists()


def test_what_is_kept_holds_no_answer():
    """Bands, labels and dates only."""
    exercice = brumeval()
    with clock.at(clock.noon(dt.date(2027, 1, 15), world.PARIS)):
        retention.answers()
    wave = Wave.objects.get(moment="end")
    cells = [cell for question in wave.kept["content"]["questions"] for cell in question["cells"]]
    assert {(cell["lo"], cell["hi"]) for cell in cells} >= {(8, 11)} and "payload" not in json.dumps(wave.kept)
    assert exercice.programme_id == wave.programme_id
