"""Meetings by month or quarter: every span or none, chosen by who was there."""

import datetime as dt

import pytest

from evaluation.disclosure import rules
from evaluation.indicators import BY_CODE
from evaluation.services import rhythm
from evaluation.services.collect import collect
from pairing.models import Meeting, Pair
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def spans(number, **kwargs):
    made, exercice = world.programme(**kwargs)
    for pair in world.pairs(made, number):
        world.meet(pair, 2)
    return exercice


def texts(exercice):
    return [(span.label, span.figure.text) for span in rhythm.collect(exercice)]


def test_nine_pairs_are_read_by_quarter_and_a_quarter_before_any_pair_has_no_object():
    exercice = spans(9)
    Pair.objects.update(all_yes_at=world.clock.noon(dt.date(2025, 4, 1), world.PARIS))
    assert texts(exercice) == [
        ("du 1er janvier au 31 mars 2025", "sans objet"),
        ("du 1er avril au 30 juin 2025", "18"),
        ("du 1er juillet au 30 septembre 2025", "0"),
        ("du 1er octobre au 31 décembre 2025", "0"),
    ]


def test_ten_pairs_are_read_by_month():
    exercice = spans(10, starts=dt.date(2025, 3, 1))
    shown = texts(exercice)
    assert (len(shown), shown[1]) == (10, ("du 1er au 30 avril 2025", "20"))


@pytest.mark.parametrize("number", [4, 2])
def test_four_pairs_are_read_for_the_whole_period_only(number):
    assert texts(spans(number)) == []


def test_one_span_with_two_pairs_hides_all_of_them_whatever_they_did():
    exercice = spans(6)
    late = Pair.objects.order_by("pk")[2:]
    assert len(texts(exercice)) == 4
    Pair.objects.filter(pk__in=[pair.pk for pair in late]).update(
        all_yes_at=world.clock.noon(dt.date(2025, 8, 1), world.PARIS)
    )
    assert texts(exercice) == []
    Meeting.objects.all().delete()
    assert texts(exercice) == []


def test_the_last_span_ends_with_the_period_and_they_add_up_to_its_meetings():
    exercice = spans(6, starts=dt.date(2025, 2, 28), ends=dt.date(2025, 12, 27))
    shown = rhythm.collect(exercice)
    assert [span.ends for span in shown[:2]] == [dt.date(2025, 5, 27), dt.date(2025, 8, 27)]
    assert shown[-1].ends == exercice.ends
    assert sum(span.figure.lo for span in shown if span.figure.is_value) == 12


@pytest.mark.parametrize(
    ("ends", "number", "told"),
    [
        (dt.date(2025, 4, 30), 9, False),
        (dt.date(2025, 4, 30), 10, True),
        (dt.date(2025, 6, 30), 4, False),
        (dt.date(2025, 6, 30), 5, True),
        (dt.date(2025, 7, 2), 4, True),
    ],
)
def test_an_exercice_of_a_month_or_a_quarter_tells_no_more_than_a_month_or_a_quarter_of_it(ends, number, told):
    """Whoever declares the exercices cannot cut a year finer than the rules do."""
    found = collect(spans(number, starts=dt.date(2025, 4, 1), ends=ends))
    assert {rules.publishable(BY_CODE[code].kind, found[code].basis) for code in ("E01", "E02", "E06R", "E06")} == {
        told
    }
