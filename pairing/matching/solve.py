"""Who is paired, then with whom: two exact stages (docs/decisions/0008-pairing-in-two-stages.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pairing.matching import ALGORITHM_VERSION
from pairing.matching.assign import assign, plain_matrix, sparse_matrix
from pairing.matching.board import board as board_of
from pairing.matching.prices import Links
from pairing.matching.problem import Problem, ProblemError, tie_order, waiting_order
from pairing.matching.who import choose

BARE_CELLS = 1 << 26  # half a gibibyte


@dataclass(frozen=True, eq=False)
class Solution:
    """Proposed pairs of two sides, or of one population (then i < j). Same problem and seed, same solution."""

    pairs: np.ndarray  # int32 (k, 2): row of helped, row of helper, sorted by row of helped
    points: np.ndarray  # int32 (k,): score of each pair, 0..1000
    unpaired: np.ndarray  # int32: rows of helped (with a place) left without a pair, in waiting order
    used: np.ndarray  # int32 (m,): places used per helper (one population: 1 for everybody in a pair)
    seed: int = 0
    algorithm: int = ALGORITHM_VERSION

    @property
    def total(self) -> int:
        """The sum of points."""
        return int(self.points.sum())

    @property
    def load(self) -> int:
        """Over all helpers, 0 + 1 + … + (used - 1): the smaller, the better shared."""
        used = self.used.astype(np.int64)
        return int((used * (used - 1) // 2).sum())


def solve(problem: Problem, *, seed: int = 0, board: np.ndarray | None = None) -> Solution:
    """The best pairing of two sides.

    First who: the largest number of people, and among those sets the best waiting order (nobody is left out for
    somebody served after). Then with whom: the highest total of points for exactly these people; then the best shared
    load. `seed` only breaks exact ties. `board` is the problem's own, when the caller made it already.
    Raises ProblemError for a reciprocal problem (see `general.solve_peers`).
    """
    if problem.reciprocal:
        raise ProblemError("entre pairs: use general.solve_peers")
    board = board_of(problem) if board is None else board
    order, chosen = _choose(problem, board, seed)
    rows = _by_tie(problem, order[chosen[order] >= 0], seed)
    helper = assign(board, rows, problem.helpers.places, chosen[rows]).helper
    by_row = np.argsort(rows, kind="stable")
    pairs = np.stack([rows[by_row], helper[by_row]], axis=1).astype(np.int32)
    return Solution(
        pairs=pairs,
        points=board[pairs[:, 0], pairs[:, 1]].astype(np.int32),
        unpaired=order[chosen[order] < 0].astype(np.int32),
        used=np.bincount(pairs[:, 1], minlength=problem.shape[1]).astype(np.int32),
        seed=seed,
    )


def bare_scipy(problem: Problem, *, seed: int = 0) -> Callable[[], object]:
    """SciPy alone on the same matrix, ready to be timed: people × places while that holds in memory, else the pairs of
    the last round of `solve`."""
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    board = board_of(problem)
    order, chosen = _choose(problem, board, seed)
    rows, places = _by_tie(problem, order[chosen[order] >= 0], seed), problem.helpers.places
    if len(rows) * int(places.sum()) <= BARE_CELLS:
        return partial(linear_sum_assignment, plain_matrix(board, rows, places)[0])
    looked_at = assign(board, rows, places, chosen[rows]).looked_at
    return partial(min_weight_full_bipartite_matching, sparse_matrix(Links(board, rows, places), looked_at))


def _choose(problem: Problem, board: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(rows with a place in waiting order, a possible helper or -1 for every row)."""
    order = waiting_order(problem.helped, seed)
    order = order[problem.helped.places[order] > 0]
    return order, choose(board, order.tolist(), problem.helpers.places)


def _by_tie(problem: Problem, rows: np.ndarray, seed: int) -> np.ndarray:
    """Exact ties fall by the order of rows: the seed's, not the database's."""
    return rows[np.argsort(tie_order(problem.helped, seed)[rows], kind="stable")]
