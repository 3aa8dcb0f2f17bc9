"""The rank auditor: what totals betray together, checked against every combination on small worlds (trust 3.4)."""

import itertools
import random
from fractions import Fraction

import pytest

from evaluation.disclosure.auditor import Verdict, admit, audit, betrays

FEWEST = 5


def people(*numbers, part=None):
    return frozenset((number, part) for number in numbers)


def rank(rows):
    """Over the rationals, one element at a time: nothing shared with the auditor."""
    rows, done = [list(map(Fraction, row)) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for i in range(done + 1, len(rows)):
            if factor := rows[i][column] / rows[done][column]:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[done], strict=True)]
        done += 1
    return done


def betrays_by_trying_everybody(figures, fewest):
    columns = sorted(set().union(*figures), key=str)
    units = sorted({unit for unit, _ in columns}, key=str)
    whole = rank([[column in figure for column in columns] for figure in figures])
    for size in range(1, fewest):
        for few in itertools.combinations(units, size):
            others = [column for column in columns if column[0] not in few]
            if not others or rank([[column in figure for column in others] for figure in figures]) < whole:
                return True
    return False


def test_a_total_of_few_people_is_refused():
    assert audit([], people(1, 2, 3, 4), fewest=FEWEST) == Verdict.BETRAYS
    assert audit([], people(1, 2, 3, 4, 5), fewest=FEWEST) == Verdict.PUBLISHABLE


def test_two_totals_that_differ_by_few_people_are_refused():
    year = people(*range(10))
    assert audit([year], people(*range(9)), fewest=FEWEST) == Verdict.BETRAYS
    assert audit([year], people(*range(5)), fewest=FEWEST) == Verdict.PUBLISHABLE
    # One left and one came: the difference speaks of two people.
    assert audit([year], people(*range(1, 11)), fewest=FEWEST) == Verdict.BETRAYS


def test_what_three_totals_say_together_is_seen():
    # Each two of them differ by many; a + b − c speaks of one person.
    a, b = people(*range(10), 99), people(*range(10, 20))
    c = people(*range(20))
    assert audit([a], b, fewest=FEWEST) == Verdict.PUBLISHABLE
    assert audit([a, b], c, fewest=FEWEST) == Verdict.BETRAYS


def test_the_same_people_again_say_nothing_new():
    year = people(*range(8))
    assert audit([year], people(*range(8)), fewest=FEWEST) == Verdict.PUBLISHABLE


def test_months_of_one_person_count_as_one_person():
    # A year and eleven of its months give the twelfth: twelve contributions, of twice four people.
    months = [people(*range(8), part=month) for month in range(11)] + [people(0, 1, 2, part=11)]
    year = frozenset().union(*months)
    assert audit([year, *months[:10]], months[10], fewest=FEWEST) == Verdict.BETRAYS


def test_a_batch_is_admitted_in_its_order_and_a_refused_figure_is_not_out():
    year, few, many = people(*range(12)), people(*range(3)), people(*range(6))
    assert admit([], [year, few, many], fewest=FEWEST) == [Verdict.PUBLISHABLE, Verdict.BETRAYS, Verdict.PUBLISHABLE]


@pytest.mark.parametrize("seed", range(12))
def test_it_agrees_with_trying_every_group_of_people(seed):
    chance = random.Random(seed)
    seen = set()
    for _ in range(25):
        size, fewest = chance.randint(4, 9), chance.choice([2, 3, 4])
        parts = chance.choice([(None,), ("a", "b")])
        figures = []
        for _ in range(chance.randint(1, 4)):
            figure = {
                (unit, part) for unit in range(size) for part in parts if chance.random() < chance.choice([0.5, 0.9])
            }
            figures.append(frozenset(figure or {(0, parts[0])}))
        expected = betrays_by_trying_everybody(figures, fewest)
        assert betrays(figures, fewest=fewest) == expected, (figures, fewest)
        seen.add(expected)
    assert seen == {True, False}


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_fifty_figures_over_five_thousand_people_are_decided_in_few_steps(share):
    """How many seconds: scripts/bench_auditor.py."""
    chance, steps = random.Random(7), itertools.count()
    figures = [people(*(n for n in range(5000) if chance.random() < share)) for _ in range(50)]
    assert audit(figures[:-1], figures[-1], fewest=FEWEST, late=lambda: next(steps) > 20) == Verdict.PUBLISHABLE


def test_without_a_conclusion_in_time_nothing_is_published():
    assert audit([people(*range(10))], people(*range(5)), fewest=FEWEST, late=lambda: True) == Verdict.UNPROVED
