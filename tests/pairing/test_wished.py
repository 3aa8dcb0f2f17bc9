"""Pairs from wishes against brute force on small cases: who is paired is the wait's business, with whom the wishes'."""

import random
from itertools import combinations

import numpy as np
import pytest

from pairing.matching import wished


def pairings(people, allowed):
    """Every way of pairing some of these people."""
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    yield from pairings(rest, allowed)
    for other in rest:
        if allowed[first, other]:
            for more in pairings([one for one in rest if one != other], allowed):
                yield [(first, other), *more]


def case(number, count):
    rng = random.Random(number)
    allowed = np.zeros((count, count), dtype=bool)
    for i, j in combinations(range(count), 2):
        allowed[i, j] = allowed[j, i] = rng.random() < 0.55
    points = np.zeros((count, count), dtype=np.int64)
    for i, j in combinations(range(count), 2):
        points[i, j] = points[j, i] = rng.randrange(1000)
    wishes = [rng.sample([j for j in range(count) if j != i], rng.randrange(min(4, count))) for i in range(count)]
    order = rng.sample(range(count), count)
    return allowed, points, order, wishes


@pytest.mark.parametrize("number", range(150))
def test_peers_are_the_best_set_by_the_wait_and_the_most_wished_pairs_of_it(number):
    count = 3 + number % 5
    allowed, points, order, wishes = case(number, count)
    rank = {row: place for place, row in enumerate(order)}
    every = list(pairings(list(range(count)), allowed))
    people = {frozenset(row for pair in pairs for row in pair) for pairs in every}
    largest = max(len(rows) for rows in people)
    best = min((rows for rows in people if len(rows) == largest), key=lambda rows: sorted(rank[row] for row in rows))
    found = wished.among_peers(allowed, points, order, wishes)
    assert {row for pair in found for row in pair} == best
    worth = points + wished._bonus(wishes, wishes, points.shape) + 1
    whole = [pairs for pairs in every if {row for pair in pairs for row in pair} == best]
    assert sum(worth[pair] for pair in found) == max(sum(worth[pair] for pair in pairs) for pairs in whole)
    silent = wished.among_peers(allowed, points, order, [[] for _ in range(count)])
    assert {row for pair in silent for row in pair} == best


@pytest.mark.parametrize("number", range(100))
def test_across_two_sides_who_is_helped_never_depends_on_a_wish(number):
    rng = random.Random(number)
    n, m = 1 + number % 5, 1 + number % 3
    allowed = np.array([[rng.random() < 0.6 for _ in range(m)] for _ in range(n)])
    points = np.array([[rng.randrange(1000) for _ in range(m)] for _ in range(n)])
    places = [rng.randrange(3) for _ in range(m)]
    order = rng.sample(range(n), n)
    outcomes = set()
    for _ in range(4):
        ours = [rng.sample(range(m), rng.randrange(min(3, m) + 1)) for _ in range(n)]
        theirs = [rng.sample(range(n), rng.randrange(min(3, n) + 1)) for _ in range(m)]
        found = wished.across(allowed, points, order, places, ours, theirs)
        assert all(allowed[pair] for pair in found)
        assert len({one for one, _ in found}) == len(found)
        used = [sum(other == column for _, other in found) for column in range(m)]
        assert all(taken <= free for taken, free in zip(used, places, strict=True))
        outcomes.add(frozenset(one for one, _ in found))
    assert len(outcomes) == 1
