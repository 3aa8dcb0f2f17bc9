"""Pairs from secret wishes, so made that who is paired never depends on a wish: only with whom does.

First who, as in every run: the largest number, then the best waiting order (`solve`, `general`). Then, among exactly
these people, stable pairs: wishes first, and after them everybody else by the score. Where stable pairs would leave one
of them alone, that person's empty place would tell that nobody named them; then the pairs are those that honour most
wishes among the pairings that leave nobody out (docs/decisions/0011-secret-wishes.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pairing.matching import general, stable
from pairing.matching.board import NO, board
from pairing.matching.problem import POINTS, Problem
from pairing.matching.solve import Solution, solve

Pair = tuple[int, int]
Wishes = Sequence[Sequence[int]]
# A wish weighs more than any score; a first one more than two others.
BONUS = (7 * POINTS, 3 * POINTS, 2 * POINTS)
NEVER = -(10**9)


def among_peers(problem: Problem, wishes: Wishes, *, seed: int = 0) -> tuple[list[Pair], Solution]:
    """Pairs of rows (i < j), and the run of the same people without wishes: it says who is left alone, and why."""
    silent = general.solve_peers(problem, seed=seed)
    inside = {int(row) for pair in silent.pairs for row in pair}
    points = _among(board(problem), inside, inside)
    kept = [[row for row in rows if row in inside] if one in inside else [] for one, rows in enumerate(wishes)]
    pairs = list(stable.one_population(kept, allowed=points != NO, points=points).pairs)
    if {row for pair in pairs for row in pair} != inside:
        weight = points + _bonus(kept, kept, points.shape)
        edges = {(i, j): int(weight[i, j]) for i, j in np.argwhere(np.triu(points != NO, 1)).tolist()}
        tie, key = general.tie_of(seed), problem.helped.key.tolist()
        pairs = general.heaviest(edges, full=True, tie=lambda i, j: tie(key[i], key[j]))
    return _sorted(pairs), silent


def across(
    problem: Problem, helped_wishes: Wishes, helper_wishes: Wishes, *, seed: int = 0
) -> tuple[list[Pair], Solution]:
    """Pairs (row of helped, row of helper), and the run of the same people without wishes."""
    silent = solve(problem, seed=seed)
    inside = {int(row) for row in silent.pairs[:, 0]}
    points = _among(board(problem), inside, set(range(problem.shape[1])))
    ours = [rows if one in inside else [] for one, rows in enumerate(helped_wishes)]
    theirs = [[row for row in rows if row in inside] for rows in helper_wishes]
    places = problem.helpers.places.tolist()
    pairs = list(stable.two_sides(ours, theirs, places, allowed=points != NO, points=points).pairs)
    if {helped for helped, _ in pairs} != inside:
        from scipy.optimize import linear_sum_assignment

        rows = sorted(inside)
        columns = [column for column, free in enumerate(places) for _ in range(free)]
        gain = np.where(points != NO, points + _bonus(ours, theirs, points.shape), NEVER)[np.ix_(rows, columns)]
        pairs = [(rows[i], columns[j]) for i, j in zip(*linear_sum_assignment(gain, maximize=True), strict=True)]
    return _sorted(pairs), silent


def _among(points: np.ndarray, rows: set[int], columns: set[int]) -> np.ndarray:
    """The board between these people alone, as int64."""
    n, m = points.shape
    there = np.isin(np.arange(n), sorted(rows))[:, None] & np.isin(np.arange(m), sorted(columns))[None, :]
    return np.where(there, points, NO).astype(np.int64)


def _bonus(ours: Wishes, theirs: Wishes, shape: tuple[int, int]) -> np.ndarray:
    bonus = np.zeros(shape, dtype=np.int64)
    for one, rows in enumerate(ours):
        for rank, other in enumerate(rows):
            bonus[one, other] += BONUS[rank]
    for other, rows in enumerate(theirs):
        for rank, one in enumerate(rows):
            bonus[one, other] += BONUS[rank]
    return bonus


def _sorted(pairs: Sequence[Pair]) -> list[Pair]:
    return sorted((int(one), int(other)) for one, other in pairs)
