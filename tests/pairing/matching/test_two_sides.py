"""Two sides: the solver against every pairing there is, and the proof against the solver."""

import numpy as np
import pytest

from pairing.matching import assign
from pairing.matching.board import board
from pairing.matching.certificate import certify
from pairing.matching.solve import solve
from tests.pairing.matching import worlds


def check(seed):
    problem = worlds.two_sides(seed)
    points = worlds.board_pair_by_pair(problem)
    assert (board(problem) == points).all(), "by blocks and pair by pair, the same points"
    solution = solve(problem, seed=seed)
    used = np.bincount(solution.pairs[:, 1], minlength=problem.shape[1])
    assert (used <= problem.helpers.places).all() and (used == solution.used).all()
    assert all(problem.may_meet(i, j) for i, j in solution.pairs.tolist())
    order = worlds.service_order(problem, seed)
    best = worlds.best_value(points, problem.helpers.places.tolist(), order)
    assert worlds.value_of(problem, solution, points) == best, seed
    assert sorted(solution.unpaired.tolist() + solution.pairs[:, 0].tolist()) == sorted(order)
    return problem, solution


@pytest.mark.parametrize("rounds", [False, True], ids=["at once", "by rounds"])
def test_number_waiting_order_total_and_load_are_the_best_of_all_pairings(rounds, monkeypatch):
    if rounds:
        monkeypatch.setattr(assign, "DENSE_CELLS", -1)
        monkeypatch.setattr(assign, "PER_ROW", 1)
    for seed in range(400):
        problem, solution = check(seed)
        assert certify(problem, solution).optimum_checked, seed


@pytest.mark.long
@pytest.mark.parametrize("rounds", [False, True], ids=["at once", "by rounds"])
def test_the_same_on_twenty_thousand_cases(rounds, monkeypatch):
    if rounds:
        monkeypatch.setattr(assign, "DENSE_CELLS", -1)
        monkeypatch.setattr(assign, "PER_ROW", 1)
    for seed in range(10_000, 20_000):
        check(seed)
