"""The demonstration: legal on any day, built once, the figures of its story."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core.management import call_command

from evaluation.demo.calendar import build_day
from evaluation.demo.story import Story
from evaluation.models import LinkKey, PublishedFigure, Release, Wave
from pairing import supervision_hooks
from pairing.models import Meeting, Pair, SupportRequest
from pairing.services import load
from portal import clock, workdays
from portal.models import Employer, Job, OutgoingMail, Person
from portal.services import erasure, retention
from programmes.models import Programme, Step

FROZEN = ["2027-01-01", "2028-02-29", "2026-03-29", "2026-10-25", "2026-04-30"]
SOURCE = settings.BASE_DIR / "fixtures/demo/brumeval.json"
CLAIRMARE = settings.BASE_DIR / "fixtures/demo/clairmare.json"
YEARS = ["1re année", "2e année", "3e année"]


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


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize("today", FROZEN)
def test_brumeval_tells_the_same_story_on_any_day(today, commits_at_once):
    with clock.at(clock.noon(dt.date.fromisoformat(today), "Europe/Paris")):
        Story(SOURCE, build_day(clock.today("Europe/Paris"))).build()
        who_reads_what_of_supervision()
        nothing_is_left_to_do()
    figures = {figure.indicator: figure.lo for figure in PublishedFigure.objects.filter(label="value", stratum="")}
    assert {code: figures[code] for code in ("B06", "E01", "E02", "E06R", "E06", "C03")} == {
        "B06": 6,
        "E01": 9,
        "E02": 71,
        "E06R": 60,
        "E06": 120,
        "C03": 170,
    }
    present = PublishedFigure.objects.get(indicator="E08", stratum="")
    assert (present.lo, present.hi, present.release.figures.get(indicator="H01", stratum="").lo) == (26, 29, 5)
    assert sorted(Pair.objects.values_list("state", flat=True)).count("active") == 5


def who_reads_what_of_supervision():
    alix, claude = (Person.objects.get(given=given) for given in ("Alix", "Claude"))
    # Alix reads her two months over the letter first; Claude reads nothing of it yet, and Maxime's name only.
    assert load.own(alix) == [load.Signal.HOURS]
    todos = [todo.sentence for todo in supervision_hooks.todo(claude, Programme.objects.get(slug="brumeval"))]
    assert [said for said in todos if "point" in said] == ["Proposer un point à Maxime G."]
    asked = SupportRequest.objects.get(kind="individual", state="received")
    days = [asked.asked_at.date() + dt.timedelta(days=n + 1) for n in range((clock.now() - asked.asked_at).days)]
    assert sum(workdays.is_working(day) for day in days) == 8 and asked.due_at > clock.now()


def nothing_is_left_to_do():
    # Left: giving back space (not inside a test’s own transaction) and closings due of waves closed by hand.
    assert not Job.objects.exclude(state="done").exclude(kind__in=["evaluation.vacuum", "evaluation.close"]).exists()
    # Somebody who prepares a return is not written to, but for what they asked.
    assert not OutgoingMail.objects.exclude(state__in=["sent", "kept"]).exists()
    # True from its first second: what the hour’s task would take away is gone already.
    assert not {code: rows for code, rows in retention.run().items() if rows} and not erasure.run()


# The first day is read in every run, the others with what takes longer.
@pytest.mark.django_db
@pytest.mark.parametrize("today", [FROZEN[0], *(pytest.param(day, marks=pytest.mark.long) for day in FROZEN[1:])])
def test_clairmare_has_the_figures_of_its_three_years_on_any_day(today, commits_at_once):
    with clock.at(clock.noon(dt.date.fromisoformat(today), "Europe/Paris")):
        day = build_day(clock.today("Europe/Paris"))
        Story(CLAIRMARE, day).build()
        nothing_is_left_to_do()
    releases = list(Release.objects.select_related("exercice").order_by("exercice__starts", "edition"))
    editions = [(one.exercice.name, one.edition) for one in releases]
    assert editions == [(YEARS[0], 1), (YEARS[1], 1), (YEARS[1], 2), (YEARS[2], 1)]
    assert all(one.restituted_on for one in releases)
    assert [values(one, "B06", "E01", "E02") for one in releases] == [
        [5, 6, 48],
        [7, 10, 83],
        [7, 10, 83],
        [8, 12, 97],
    ]
    # A sheet that came late: the second edition of the second year says so, the first keeps what it said.
    assert [values(one, "D01") for one in releases[1:3]] == [[96], [112]]
    exercices = [releases[0].exercice, releases[1].exercice, releases[3].exercice]
    assert [(one.ends - one.starts).days for one in exercices] == [364] * 3
    assert exercices[2].ends == day - dt.timedelta(days=1)
    asked_at_the_end_of_the_third_year()
    what_changed_between_departure_and_end()
    where_clairmare_stands()
    where_the_night_programme_stands()


def values(release, *codes):
    """Published values of the whole exercice, in this order."""
    figures = {one.indicator: one.lo for one in release.figures.filter(label="value", stratum="")}
    return [figures[code] for code in codes]


def asked_at_the_end_of_the_third_year():
    """Seventeen of the twenty-one answered: published for both sides together, as 7 and 10 are too few apart."""
    end = Wave.objects.get(cycle__number=3, moment="end", public="participants")
    sides = list(end.closed_answers.values_list("side", flat=True))
    assert (end.invited, sides.count("helper"), sides.count("helped")) == (21, 7, 10)
    shown = PublishedFigure.objects.get(release__exercice__name=YEARS[2], indicator="F16", stratum="c3.end")
    parts = PublishedFigure.objects.filter(release=shown.release, stratum__in=["c3.end.helper", "c3.end.helped"])
    assert (shown.lo, shown.hi) == (0, 3) and not parts.exists()


def where_clairmare_stands():
    main = Pair.objects.filter(programme__slug="clairmare")
    states = list(main.values_list("cycle__number", "state").order_by("cycle__number"))
    assert sorted(states) == [(1, "ended")] * 6 + [(2, "ended")] * 10 + [(3, "active")] * 4 + [(3, "ended")] * 9
    steps = Step.objects.filter(programme__slug="clairmare").order_by("definition").values_list("state", flat=True)
    assert list(steps) == ["passed"] * 5 + ["current"]
    andrea = Person.objects.get(user__email="andrea-v@clairmare.invalid")
    assert set(andrea.employer_roles.values_list("role", flat=True)) == {"referent", "hr_reader"}


def what_changed_between_departure_and_end():
    """Linked by personal codes: the way six questions and three themes moved, instead of what was answered each time."""
    release = Release.objects.get(exercice__name=YEARS[2])
    waves = {wave["label"]: wave for wave in json.loads(release.data)["waves"]}
    changes = {one["code"]: one["of"] for one in waves["en fin de cycle"]["changes"]}
    assert changes == dict.fromkeys(("TC1", "TC2", "TC3", "TC4", "TC5", "TC6"), 13) | dict.fromkeys(
        ("F03", "F04", "F05"), 7
    )
    assert {one["code"] for one in waves["en fin de cycle"]["questions"]} == {"TC7", "TC8"}
    assert (
        not waves["au départ"]["questions"] and not LinkKey.objects.filter(cycle__programme__slug="clairmare").exists()
    )


def where_the_night_programme_stands():
    """Five pairs and a trio are proposed, a session is to come, both surveys are open and nobody reads how many answer."""
    night = Programme.objects.get(slug="clairmare-nuit")
    assert sorted(pair.members.count() for pair in night.pairs.all()) == [2, 2, 2, 2, 2, 3]
    assert set(night.pairs.values_list("state", flat=True)) == {"proposed", "accepted"}
    assert list(night.wish_rounds.order_by("starts_at").values_list("state", flat=True)) == ["closed", "planned"]
    start, hot = (night.waves.get(moment=moment, state="open") for moment in ("t0", "hot"))
    assert start.compared and LinkKey.objects.filter(cycle=start.cycle).exists() and hot.gathering.asks
    assert not night.releases.exists()


@pytest.mark.parametrize(("source", "held"), [(SOURCE, 71), (CLAIRMARE, 48 + 83 + 97)])
def test_nothing_happens_in_the_future_nor_outside_the_story(source, held):
    events = json.loads(source.read_text(encoding="utf-8"))["events"]
    assert max(event["day"] for event in events) == 0
    assert sum(event["do"] == "meet" for event in events) == held


def test_building_again_changes_nothing(demonstration):
    before = (Employer.objects.count(), Meeting.objects.count(), Release.objects.count())
    call_command("build_demo")
    assert (Employer.objects.count(), Meeting.objects.count(), Release.objects.count()) == before
    assert Employer.objects.filter(slug__in=["brumeval", "rivages", "clairmare"], fictional=True).count() == 3
