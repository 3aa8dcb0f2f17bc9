"""What was declared of the time before the portal has its own lines, under the rules of any other figure."""

import datetime as dt

import pytest

from evaluation.models import PublishedFigure
from evaluation.services import releases
from pairing.services import takeover
from pairing.services.takeover import Past
from pairing.services.takeover_file import PastPair
from portal import clock
from portal.models import Affiliation
from programmes.models import Exercice
from tests.evaluation import world

pytestmark = pytest.mark.django_db
ENTERED = dt.date(2025, 10, 1)


def past_pair(made, number, *, account=True, **more):
    people = [world.person(account=account) for _ in range(2)]
    for person in people:
        Affiliation.objects.create(person=person, employer=made.lead_employer, starts=dt.date(2020, 1, 1))
    one, other = people
    return PastPair(
        line=number,
        one_given=one.given,
        one_family=one.family,
        one_email=one.user.email if account else "",
        other_given=other.given,
        other_family=other.family,
        other_email=other.user.email if account else "",
        **{"starts": dt.date(2025, 2, 1), **more},
    )


def take_over(made, number, *, account=True, **more):
    rows = [past_pair(made, line, account=account, **more) for line in range(1, number + 1)]
    with clock.at(clock.noon(ENTERED, world.PARIS)):
        return takeover.enter(programme=made, past=Past(rows), by=world.referent(made))


def figures(exercice, day=dt.date(2026, 1, 15)):
    with world.after(day):
        release = releases.establish(exercice=exercice)
    rows = PublishedFigure.objects.filter(release=release, stratum="")
    return {row.indicator: row.lo if row.label == "value" else row.label for row in rows}


def test_past_pairs_and_their_meetings_are_said_apart():
    made, exercice = world.programme()
    take_over(made, 4, ends=dt.date(2025, 8, 1), meetings=6)
    told = figures(exercice)
    assert (told["R01"], told["R02"]) == (4, 24)
    assert (told["E01"], told["E02"]) == ("few", "withheld"), "nothing was noted in the portal"
    assert (told["B01"], told["B03"]) == ("few", "few"), "nobody asked anything in the portal"


def test_what_nobody_vouches_for_stays_unsaid():
    made, exercice = world.programme()
    take_over(made, 4, account=False, ends=dt.date(2025, 8, 1), meetings=6)
    told = figures(exercice)
    assert (told["R01"], told["R02"]) == ("few", "withheld")


@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_pairs_of_the_past_read_as_none(number):
    """Not even that there is such a line to read."""
    made, exercice = world.programme()
    none = figures(exercice)
    take_over(made, number, ends=dt.date(2025, 8, 1), meetings=6)
    assert figures(exercice) == none


def test_pairs_of_the_past_lift_no_threshold_of_those_of_the_portal():
    """Two pairs noted 7 meetings: four others that ended before the portal hide nobody."""
    made, exercice = world.programme()
    for pair in world.pairs(made, 2):
        world.meet(pair, 7)
    take_over(made, 4, ends=dt.date(2025, 8, 1), meetings=6)
    told = figures(exercice)
    assert (told["E02"], told["P01"]) == ("withheld", "few")


def test_a_running_pair_counts_once_and_its_declared_meetings_apart():
    """Four declared pairs and a new one: no subtraction of two lines tells that one is new."""
    made, exercice = world.programme()
    for pair in [*take_over(made, 4, meetings=5), *world.pairs(made, 1)]:
        world.meet(pair, 2, first=dt.date(2025, 10, 8))
    told = figures(exercice)
    assert {code: told[code] for code in ("R01", "R02", "E01", "E02")} == {"R01": "few", "R02": 20, "E01": 5, "E02": 10}


def test_each_exercice_holds_what_fell_in_it():
    made, exercice = world.programme()
    earlier = Exercice.objects.create(
        programme=made, name="Année 2024", starts=dt.date(2024, 1, 1), ends=dt.date(2024, 12, 31)
    )
    later = Exercice.objects.create(
        programme=made, name="Année 2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31)
    )
    take_over(made, 4, starts=dt.date(2024, 9, 1), ends=dt.date(2025, 3, 1), meetings=5)
    assert (figures(earlier)["R01"], figures(earlier)["R02"]) == (4, "withheld")
    assert (figures(exercice)["R01"], figures(exercice)["R02"]) == (4, 20)
    assert "R01" not in figures(later, dt.date(2027, 1, 15)), "nothing was taken over since"


def test_a_programme_without_past_has_no_such_line():
    made, exercice = world.programme()
    world.pairs(made, 4)
    assert not {"R01", "R02"} & set(figures(exercice))
