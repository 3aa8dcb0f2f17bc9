"""The way a group moved from departure to end tells two of its people nothing of a third's two answers.

Exact over every histogram: the figure reads the sum of the shifts, so histograms are taken together by their sum, and all
sums that n people can reach are listed. On small groups the histograms themselves are listed too, and agree.
"""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from evaluation.disclosure import changes
from evaluation.disclosure.changes import DOWN, STEADY, UP, WAYS, change
from evaluation.disclosure.figures import WITHHELD, Figure
from evaluation.disclosure.rules import COALITION, MIN_ANSWERS
from tests.evaluation.test_exhaustive import histograms

SCALE = range(1, 6)
SHIFTS = range(-4, 5)
EVERY_N = range(MIN_ANSWERS, 41)


def published(total: int, n: int, parts: int = 1) -> Figure:
    """Of n shifts with this sum, in `parts` of a step (a dimension of two questions moves by halves)."""
    return change([Fraction(total, parts), *[0] * (n - 1)])


def remaining(n: int, figure_of, shifts=SHIFTS) -> dict[tuple, set[int]]:
    """{(figure, what the two know of themselves): shifts a third may still have had}."""
    sums = {0}
    for _ in range(n - COALITION - 1):
        sums = {total + shift for total in sums for shift in shifts}
    least = (COALITION + 1) * min(shifts) + min(sums)
    names = {total: figure_of(total, n) for total in range(least, -least + 1)}
    reached: dict[tuple, set[int]] = {}
    for known in itertools.combinations_with_replacement(shifts, COALITION):
        for third in shifts:
            for figure in {names[total + sum(known) + third] for total in sums}:
                reached.setdefault((figure, known), set()).add(third)
    return reached


def answers_left(shifts: set[int]) -> tuple[int, int]:
    """How many answers at departure, then at the end, go with one of these shifts."""
    may_be = [(one, other) for one in SCALE for other in SCALE if other - one in shifts]
    return len({one for one, _ in may_be}), len({other for _, other in may_be})


@pytest.mark.parametrize("n", EVERY_N)
def test_two_colleagues_learn_nothing_of_a_third(n):
    left = remaining(n, published)
    assert {figure.lo for figure, _ in left} == {DOWN, STEADY, UP}
    assert all(min(answers_left(shifts)) >= 3 for shifts in left.values()), "three answers of five, at either moment"
    # Whether somebody moved up is a yes or a no: both remain, and so do « down » and « not down ».
    assert all(min(shifts) < 0 < max(shifts) and len(shifts) >= 2 for shifts in left.values())


@pytest.mark.parametrize("n", [MIN_ANSWERS, 12, 40])
@pytest.mark.parametrize("parts", [2, 4])
def test_nor_of_the_mean_of_several_questions(n, parts):
    steps = range(-4 * parts, 4 * parts + 1, parts // 2 or 1)
    left = remaining(n, lambda total, n: published(total, n, parts), steps)
    assert all(min(shifts) < 0 < max(shifts) and len(shifts) >= 3 for shifts in left.values())


@pytest.mark.parametrize("n", [MIN_ANSWERS, MIN_ANSWERS + 1])
def test_listing_every_histogram_says_the_same(n):
    rows = histograms(n, len(SHIFTS))
    figures = [published(int(total), n).lo for total in rows @ np.array(SHIFTS)]
    left = remaining(n, published)
    for known in itertools.combinations_with_replacement(range(len(SHIFTS)), COALITION):
        others = rows.copy()
        for place in known:
            others[:, place] -= 1
        for way in (DOWN, STEADY, UP):
            inside = others[(others.min(axis=1) >= 0) & (np.array(figures) == way)]
            listed = {SHIFTS[place] for place in range(len(SHIFTS)) if (inside[:, place] > 0).any()}
            assert listed == left.get((Figure.exact(way), tuple(SHIFTS[place] for place in known)), set())


def exact(total: int, n: int) -> Figure:
    return Figure.exact(total + 4 * n)


@pytest.mark.parametrize("n", [MIN_ANSWERS, 12])
def test_an_exact_change_would_be_caught(n):
    assert min(min(answers_left(shifts)) for shifts in remaining(n, exact).values()) == 1


def test_a_change_of_too_few_would_be_caught():
    """Three linked people: two of them know the third."""
    alone = remaining(COALITION + 1, lambda total, n: Figure.exact(DOWN if total < 0 else UP if total > 0 else STEADY))
    assert any(not min(shifts) < 0 < max(shifts) for shifts in alone.values())
    assert change([1] * (MIN_ANSWERS - 1)) == Figure.said(WITHHELD)


@pytest.mark.parametrize(
    ("shifts", "way"),
    [
        ([0] * 7, STEADY),
        ([None] * 7, STEADY),
        ([1, *[0] * 6], STEADY),
        ([1, 1, *[0] * 5], UP),
        ([-1, -1, *[None] * 5], DOWN),
        ([1, *[0] * 4], None),
        ([Fraction(1, 5)] * 10, STEADY),
        ([Fraction(1, 4)] * 10, UP),
    ],
)
def test_five_points_of_a_hundred_are_steady(shifts, way):
    assert change(shifts).lo == way


def test_an_empty_answer_is_no_known_change():
    assert WAYS[change([*[1] * 2, *[None] * 8]).lo] == "stable"


@pytest.mark.parametrize(("invited", "pairs", "may"), [(11, 6, False), (12, 6, True), (30, 2, False)])
def test_it_is_offered_to_those_it_may_serve(invited, pairs, may):
    assert changes.could_link(invited, pairs) == may


# --- Why never beside the two results (engineering H9) ------------------------------------------------------------------
def possible(first: int, last: int, shift: int | None, n: int, linked: int) -> set[int]:
    """How far those who are not linked may have moved, from the sums at both moments and, maybe, the linked change."""
    apart = n - linked
    moved = set()
    for before in range(apart, 5 * apart + 1):
        for after in range(apart, 5 * apart + 1):
            others = (first - before, last - after)
            fits = all(linked <= rest <= 5 * linked for rest in others)
            if fits and shift in (None, others[1] - others[0]):
                moved.add(after - before)
    return moved


def test_with_both_results_beside_it_the_change_speaks_of_those_who_answered_once():
    """Eight people, seven linked: the difference of the two sums, less the change, is that of the eighth alone."""
    first, last, shift = 3 * 7 + 1, 4 * 7 + 5, 7
    assert possible(first, last, shift, 8, 7) == {4}, "from 1 to 5: both answers are known"
    assert len(possible(first, last, None, 8, 7)) == 9
