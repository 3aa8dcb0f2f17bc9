"""Rencontres croisées: stability against every pairing there is, best stable pairs for those who propose."""

import itertools

import numpy as np
import pytest

from pairing.matching.stable import WishError, one_population, two_sides
from tests.pairing.matching.test_peers import every_pairing
from tests.pairing.matching.worlds import every_pairing as every_two_sided


def wishes(rng, owners, others, *, not_self=False):
    made = []
    for owner in range(owners):
        names = [other for other in rng.permutation(others).tolist() if not (not_self and other == owner)]
        made.append(names[: rng.integers(0, 4)])
    return made


def rank(wished, other, points):
    """Smaller is better; None is not in the list."""
    if other in wished:
        return (0, wished.index(other))
    return None if points is None else (1, -int(points[other]), other)


def draw_two_sides(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(0, 5, 2)
    return {
        "helped_wishes": wishes(rng, n, m),
        "helper_wishes": wishes(rng, m, n),
        "places": rng.integers(0, 3, m).tolist(),
        "allowed": rng.random((n, m)) < 0.8,
        "points": None if rng.random() < 0.4 else rng.integers(0, 4, (n, m)),
        "complete_helped": bool(rng.random() < 0.7),
    }


def tables(case):
    n, m = case["allowed"].shape
    points = case["points"]
    left, right = {}, {}
    for i, j in itertools.product(range(n), range(m)):
        mine = rank(case["helped_wishes"][i], j, points[i] if points is not None and case["complete_helped"] else None)
        theirs = rank(case["helper_wishes"][j], i, points[:, j] if points is not None else None)
        if case["allowed"][i, j] and mine is not None and theirs is not None:
            left[i, j], right[i, j] = mine, theirs
    return left, right


def stable(pairs, left, right, places):
    for i, j in left:
        if (i, j) in pairs:
            continue
        mine = [other for who, other in pairs if who == i]
        theirs = [who for who, other in pairs if other == j]
        if (not mine or left[i, j] < left[i, mine[0]]) and (
            len(theirs) < places[j] or any(right[i, j] < right[who, j] for who in theirs)
        ):
            return False
    return True


def check_two_sides(seed):
    case = draw_two_sides(seed)
    left, right = tables(case)
    n, m = case["allowed"].shape
    board = np.full((n, m), -1)
    for pair in left:
        board[pair] = 0
    best_helped, best_helpers = two_sides(**case), two_sides(**case, helpers_first=True)
    all_stable = []
    for choice in every_two_sided(board, case["places"], range(n)):
        pairs = {(i, j) for i, j in enumerate(choice) if j >= 0}
        if stable(pairs, left, right, case["places"]):
            all_stable.append(pairs)
    for found in (best_helped, best_helpers):
        assert set(found.pairs) in all_stable and found.blocking == (), seed
    for pairs in all_stable:
        for i, j in pairs:
            assert left[i, dict(best_helped.pairs)[i]] <= left[i, j] <= left[i, dict(best_helpers.pairs)[i]]


def check_one_population(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 7))
    wished = wishes(rng, n, n, not_self=True)
    allowed = rng.random((n, n)) < 0.85
    allowed &= allowed.T
    points = None
    if rng.random() < 0.6:
        points = rng.integers(0, 4, (n, n))
        points += points.T
    ranks = {}
    for i, j in itertools.permutations(range(n), 2):
        mine = rank(wished[i], j, None if points is None else points[i])
        theirs = rank(wished[j], i, None if points is None else points[j])
        if allowed[i, j] and mine is not None and theirs is not None:
            ranks[i, j] = mine
    board = np.full((n, n), -1)
    for pair in ranks:
        board[pair] = 0

    def blocking(pairs):
        mate = dict(pairs) | {b: a for a, b in pairs}
        return [
            (i, j)
            for i, j in ranks
            if i < j
            and mate.get(i) != j
            and (i not in mate or ranks[i, j] < ranks[i, mate[i]])
            and (j not in mate or ranks[j, i] < ranks[j, mate[j]])
        ]

    found = one_population(wished, allowed=allowed, points=points)
    assert sorted(found.blocking) == sorted(blocking(found.pairs)), seed
    assert all(pair in ranks for pair in found.pairs)
    pairings = list(every_pairing(board, list(range(n))))
    exists = any(not blocking(pairs) for pairs in pairings)
    assert exists == (not found.blocking), seed
    if not exists:
        order = {i: sorted((j for j in range(n) if (i, j) in ranks), key=lambda j, i=i: ranks[i, j]) for i in range(n)}

        def value(pairs):
            return len(pairs), -sum(order[a].index(b) + order[b].index(a) for a, b in pairs)

        assert value(found.pairs) == max(map(value, pairings))
    return exists


def test_two_sides_are_stable_and_each_side_gets_its_best_when_it_proposes():
    for seed in range(600):
        check_two_sides(seed)


def test_one_population_is_stable_whenever_that_is_possible():
    known = [check_one_population(seed) for seed in range(500)]
    assert True in known and False in known, "both kinds were met"


@pytest.mark.long
def test_the_same_on_ten_thousand_evenings():
    for seed in range(10_000, 20_000):
        check_two_sides(seed)
        check_one_population(seed)


def test_the_wishes_a_form_refuses():
    may = np.ones((2, 5), dtype=bool)
    for helped in ([[0, 1, 2, 3], []], [[0, 0], []], [[5], []], [[]]):
        with pytest.raises(WishError):
            two_sides(helped, [[]] * 5, [1] * 5, allowed=may)
    with pytest.raises(WishError):
        one_population([[0], []], allowed=np.ones((2, 2), dtype=bool))
