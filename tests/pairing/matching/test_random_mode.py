"""Aléatoire contrôlé: every largest pairing is as likely as another, nobody loses a pair to chance."""

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from scipy.special import chdtrc

from pairing.matching import random_mode
from pairing.matching.board import board
from pairing.matching.problem import People, Problem
from pairing.matching.random_mode import draw, sampler
from tests.pairing.matching import worlds
from tests.pairing.matching.test_peers import every_pairing


def largest(problem):
    """All the largest pairings, each as a sorted tuple of pairs."""
    points = board(problem)
    if problem.reciprocal:
        people = np.flatnonzero(problem.helped.places > 0).tolist()
        made = {tuple(sorted(pairs)) for pairs in every_pairing(points, people)}
    else:
        places = problem.helpers.places.tolist()
        made = {
            tuple((i, j) for i, j in enumerate(choice) if j >= 0)
            for choice in worlds.every_pairing(points, places, range(len(points)))
        }
    most = max(map(len, made))
    return {pairs for pairs in made if len(pairs) == most}


def instances(draws, least, most):
    """Fixed instances with some choice, but not too much."""
    for seed in itertools.count():
        problem = draws(seed)
        pairings = largest(problem)
        if least <= len(pairings) <= most:
            yield problem, pairings


def likelihood(problem, pairings, times, rng):
    """The chance of counts as uneven as these if all pairings are equally likely (chi-square)."""
    sample = sampler(problem)
    seen = Counter(tuple(sorted(sample(rng))) for _ in range(times))
    assert set(seen) <= pairings
    expected = times / len(pairings)
    square = sum((seen[pairing] - expected) ** 2 / expected for pairing in pairings)
    return chdtrc(len(pairings) - 1, square)


@pytest.mark.parametrize("draws", [worlds.two_sides, worlds.peers], ids=["two sides", "entre pairs"])
def test_all_largest_pairings_are_equally_likely(draws):
    for problem, pairings in itertools.islice(instances(draws, 3, 200), 20):
        assert likelihood(problem, pairings, 12 * len(pairings), random.Random(1)) > 0.001


def everybody_suits(n, m, places):
    return Problem(People.of(range(1, n + 1)), People.of(range(101, 101 + m), places=places), exclude_same_team=False)


def test_the_chain_of_swaps_is_even_where_it_can_be_compared(monkeypatch):
    monkeypatch.setattr(random_mode, "EXACT_UP_TO", -1)
    for problem in (
        everybody_suits(3, 3, [1, 1, 1]),
        everybody_suits(4, 2, [1, 2]),
        everybody_suits(3, 3, [2, 1, 1]),
        Problem.peers(People.of(range(1, 6))),
    ):
        pairings = largest(problem)
        assert likelihood(problem, pairings, 20 * len(pairings), random.Random(2)) > 0.001


def test_places_of_one_helper_are_not_told_apart():
    problem = everybody_suits(2, 2, [1, 3])
    assert len(largest(problem)) == 3
    assert likelihood(problem, largest(problem), 3000, random.Random(3)) > 0.001


def test_above_twelve_the_number_of_pairs_and_the_rules_hold_and_the_draw_can_be_replayed():
    rng = np.random.default_rng(5)
    helped, helpers = worlds.side(rng, 40, 1), worlds.side(rng, 18, 100, places=(0, 3))
    forbidden = worlds.forbidden(rng, 40, 18, 0.3)
    for problem in (
        Problem(helped, helpers, forbidden=forbidden),
        Problem.peers(helped, forbidden=worlds.forbidden(rng, 40, 40, 0.2)),
    ):
        first, again = draw(problem, rng=random.Random(6)), draw(problem, rng=random.Random(6))
        assert (first == again).all()
        assert (first.shape != (other := draw(problem, rng=random.Random(7))).shape) or (first != other).any()
        points = board(problem)
        assert (points[first[:, 0], first[:, 1]] >= 0).all()
        if problem.reciprocal:
            assert len(np.unique(first)) == 2 * len(first)
        else:
            assert len(np.unique(first[:, 0])) == len(first)
            assert (np.bincount(first[:, 1], minlength=18) <= helpers.places).all()
        assert len(first) == len(other)


def test_twelve_by_twelve_is_still_counted_and_empty_sides_draw_nothing():
    problem = everybody_suits(12, 12, [1] * 12)
    drawn = draw(problem, rng=random.Random(8))
    assert sorted(drawn[:, 1].tolist()) == list(range(12))
    assert draw(everybody_suits(0, 3, [1] * 3), rng=random.Random(8)).shape == (0, 2)
    assert draw(everybody_suits(3, 0, []), rng=random.Random(8)).shape == (0, 2)
