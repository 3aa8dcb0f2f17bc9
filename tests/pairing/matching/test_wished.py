"""Pairs from wishes on hundreds of small cases: who is paired is the wait's business, with whom the wishes'."""

import numpy as np
import pytest

from pairing.matching import board, general, solve, stable, wished
from tests.pairing.matching import worlds


def written(rng, owners, others, *, not_self=False):
    made = []
    for owner in range(owners):
        names = [other for other in rng.permutation(others).tolist() if not (not_self and other == owner)]
        made.append(names[: rng.integers(0, 4)])
    return made


@pytest.mark.parametrize("seed", range(200))
def test_among_peers_the_same_people_are_paired_whatever_is_written(seed):
    problem = worlds.peers(seed, most=7)
    rng, size = np.random.default_rng(seed), problem.shape[0]
    without = {int(row) for pair in general.solve_peers(problem).pairs for row in pair}
    points = board.board(problem)
    for _ in range(3):
        wishes = written(rng, size, size, not_self=True)
        pairs, silent = wished.among_peers(problem, wishes)
        assert all(points[pair] >= 0 for pair in pairs)
        assert {row for pair in pairs for row in pair} == without
        assert len({row for pair in pairs for row in pair}) == 2 * len(pairs)
        assert silent.unpaired.tolist() == general.solve_peers(problem).unpaired.tolist()


@pytest.mark.parametrize("seed", range(200))
def test_across_two_sides_the_same_people_are_helped_whatever_is_written(seed):
    problem = worlds.two_sides(seed)
    rng, (n, m) = np.random.default_rng(seed), problem.shape
    without = {int(row) for row in solve.solve(problem).pairs[:, 0]}
    points = board.board(problem)
    for _ in range(3):
        pairs, _ = wished.across(problem, written(rng, n, m), written(rng, m, n))
        assert all(points[pair] >= 0 for pair in pairs)
        assert sorted(helped for helped, _ in pairs) == sorted(without)
        used = np.bincount([helper for _, helper in pairs], minlength=m)
        assert (used <= problem.helpers.places).all()


def free_for_all(size):
    """Everybody may be with everybody, and nothing else tells them apart."""
    return worlds.Problem.peers(worlds.People.of(range(1, size + 1)), exclude_same_team=False)


@pytest.mark.parametrize("seed", range(50))
def test_where_nobody_is_kept_apart_the_pairs_are_the_stable_ones(seed):
    rng = np.random.default_rng(seed)
    wishes = written(rng, 6, 6, not_self=True)
    problem = free_for_all(6)
    points = board.board(problem)
    assert wished.among_peers(problem, wishes)[0] == list(
        stable.one_population(wishes, allowed=points >= 0, points=points).pairs
    )


def test_wishes_that_meet_win_over_any_score():
    pairs, _ = wished.among_peers(free_for_all(4), [[3], [2], [1], [0]])
    assert pairs == [(0, 3), (1, 2)]


def test_somebody_who_has_one_possible_partner_is_not_left_alone_for_a_wish():
    """0 may only be with 1; 1 and 2 name each other. Left alone, 0 would know that nobody named them."""
    people = worlds.People.of([1, 2, 3, 4])
    problem = worlds.Problem.peers(people, forbidden=np.array([[0, 2], [0, 3]]), exclude_same_team=False)
    assert wished.among_peers(problem, [[1], [2], [1], []])[0] == [(0, 1), (2, 3)]
    helped, helpers = worlds.People.of([1, 2]), worlds.People.of([11, 12])
    problem = worlds.Problem(helped, helpers, forbidden=np.array([[0, 1]]), exclude_same_team=False)
    assert wished.across(problem, [[], [0]], [[1], []])[0] == [(0, 0), (1, 1)]
