"""The demonstration: legal on any day, built once, the figures of its story."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core.management import call_command

from evaluation.demo.calendar import build_day
from evaluation.demo.story import Story
from evaluation.models import PublishedFigure, Release
from pairing.models import Meeting, Pair
from portal import clock
from portal.models import Employer, Job, OutgoingMail

pytestmark = pytest.mark.django_db
FROZEN = ["2027-01-01", "2028-02-29", "2026-03-29", "2026-10-25", "2026-04-30"]
SOURCE = settings.BASE_DIR / "fixtures/demo/brumeval.json"


@pytest.fixture
def commits_at_once(monkeypatch):
    """In the demo each service commits by itself; inside a test's transaction its hooks run where they are written."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, **_: function())


@pytest.mark.parametrize(
    ("today", "working"),
    [
        ("2026-11-21", "2026-11-20"),  # a Saturday
        ("2027-01-01", "2026-12-31"),  # New Year's Day
        ("2026-11-11", "2026-11-10"),  # a public holiday
        ("2026-04-06", "2026-04-03"),  # Easter Monday, back over the week-end
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_the_demo_is_dated_from_a_working_day(today, working):
    assert build_day(dt.date.fromisoformat(today)) == dt.date.fromisoformat(working)


@pytest.mark.long
@pytest.mark.parametrize("today", FROZEN)
def test_brumeval_tells_the_same_story_on_any_day(today, commits_at_once):
    with clock.at(clock.noon(dt.date.fromisoformat(today), "Europe/Paris")):
        Story(SOURCE, build_day(clock.today("Europe/Paris"))).build()
    figures = {figure.indicator: figure.lo for figure in PublishedFigure.objects.filter(label="value", stratum="")}
    assert {code: figures[code] for code in ("B06", "E01", "E02", "E06R")} == {
        "B06": 6,
        "E01": 9,
        "E02": 71,
        "E06R": 60,
    }
    assert sorted(Pair.objects.values_list("state", flat=True)).count("active") == 5
    # Left: giving back space (not inside a test’s own transaction) and closings due of waves closed by hand.
    assert not Job.objects.exclude(state="done").exclude(kind__in=["evaluation.vacuum", "evaluation.close"]).exists()
    assert not OutgoingMail.objects.exclude(state="sent").exists()


def test_nothing_happens_in_the_future_nor_outside_the_story():
    events = json.loads(SOURCE.read_text(encoding="utf-8"))["events"]
    assert max(event["day"] for event in events) == 0
    assert sum(event["do"] == "meet" for event in events) == 71


def test_building_again_changes_nothing(commits_at_once):
    call_command("build_demo")
    before = (Employer.objects.count(), Meeting.objects.count(), Release.objects.count())
    call_command("build_demo")
    assert (Employer.objects.count(), Meeting.objects.count(), Release.objects.count()) == before
    assert Employer.objects.get(slug="brumeval").fictional
