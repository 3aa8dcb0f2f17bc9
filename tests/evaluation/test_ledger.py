"""Editions of one exercice together: what a reader who kept them all may subtract (decisions 21 and 23)."""

import datetime as dt

import pytest

from evaluation.models import PublishedFigure
from evaluation.services import ledger, releases
from pairing.models import Meeting
from portal.services import erasure
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def figures(release, *codes):
    rows = PublishedFigure.objects.filter(release=release, stratum="", indicator__in=codes)
    return {row.indicator: row.lo if row.label == "value" else row.label for row in rows}


def spans(release):
    rows = PublishedFigure.objects.filter(release=release, stratum__startswith="s").order_by("pk")
    return list(rows.values_list("lo", flat=True))


def establish(exercice, day=dt.date(2026, 1, 15)):
    with world.after(day):
        return releases.establish(exercice=exercice)


@pytest.fixture
def year():
    """(programme, exercice, pairs): six pairs that met twice, and a first edition that says so."""
    made, exercice = world.programme()
    pairs = world.pairs(made, 6)
    for pair in pairs:
        world.meet(pair, 2)
    first = establish(exercice)
    assert figures(first, "B06", "E01", "E02", "B03") == {"B06": 6, "E01": 6, "E02": 12, "B03": 6}
    assert spans(first) == [0, 12, 0, 0]
    return made, exercice, pairs


def add(made, number):
    for pair in world.pairs(made, number):
        world.meet(pair, 1)


def test_a_second_edition_with_one_pair_more_does_not_say_what_that_pair_did(year):
    made, exercice, _ = year
    add(made, 1)
    second = establish(exercice)
    assert second.edition == 2
    assert set(figures(second, "B06", "E01", "E02", "E06R", "B01", "B03").values()) == {"withheld"}
    assert spans(second) == []


def test_the_refusal_is_the_same_whatever_the_new_pair_did(year):
    made, exercice, _ = year
    world.pairs(made, 1)
    quiet = establish(exercice)
    world.meet(quiet.programme.pairs.order_by("-pk")[0], 30)
    assert establish(exercice).pk == quiet.pk


def test_a_third_edition_with_enough_more_is_shown_again(year):
    made, exercice, _ = year
    add(made, 1)
    establish(exercice)
    add(made, 5)
    third = establish(exercice)
    assert figures(third, "B06", "E01", "E02") == {"B06": 12, "E01": 12, "E02": 18}


def test_three_pairs_of_one_helper_are_four_people_and_not_enough(year):
    made, exercice, _ = year
    helper = world.participation(made, world.person(), "helper")
    for slot in (1, 2, 3):
        helped = world.participation(made, world.person(), "helped")
        world.meet(world.pair(made, helper, helped, slot=slot), 1)
    assert figures(establish(exercice), "E02") == {"E02": "withheld"}


def test_a_corrected_meeting_makes_an_edition_that_says_so(year):
    _, exercice, pairs = year
    Meeting.objects.filter(pair=pairs[0]).first().delete()
    second = establish(exercice)
    assert figures(second, "E02") == {"E02": 11}


def test_an_erased_person_leaves_the_figures_as_they_were(year):
    _, exercice, pairs = year
    person = pairs[0].members.get(part="helper").person
    erasure.erase(person=person)
    latest = establish(exercice)
    assert figures(latest, "B06", "E01", "E02") == {"B06": 6, "E01": 6, "E02": 12}


def test_what_is_not_proved_in_time_is_withheld(year, monkeypatch):
    made, exercice, _ = year
    add(made, 6)
    monkeypatch.setattr(ledger, "SECONDS", -1)
    shown = figures(establish(exercice), "B06", "E01", "E02")
    assert set(shown.values()) == {"withheld"}
