"""Second stage: with whom. The exact assignment of the people chosen, for the highest total, load last.

A pair weighs `scale × points`, the k-th place of a helper costs k - 1: `scale` is more than all places together can
cost, so one point outweighs any load and everything stays whole numbers far below 2⁵³. Small problems go to SciPy at
once. Large ones go to SciPy's sparse solver with the pairs that can matter only; prices rebuilt from its answer then
read *every* pair, and any pair that would do better comes in for the next round. When none is left the answer is the
best over all pairs (docs/decisions/0008-pairing-in-two-stages.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.matching.auction import guess
from pairing.matching.prices import Links, prices, scale_of

DENSE_CELLS = 3_000_000  # rows × places up to which the plain solver is the faster one
PER_ROW = 40  # pairs per person that a round of the sparse solver looks at


@dataclass(frozen=True, eq=False)
class Best:
    helper: np.ndarray  # int32, one per row given
    rounds: int  # of the sparse solver, 0 when the plain one did it
    looked_at: np.ndarray | None = None  # pairs of the last round (row × width + helper), None for the plain solver


def assign(board: np.ndarray, rows: np.ndarray, places: np.ndarray, start: np.ndarray) -> Best:
    """The best helper for each of `rows`, all of whom get one. `start` is any possible answer."""
    if not len(rows):
        return Best(np.empty(0, dtype=np.int32), 0)
    if len(rows) * int(places.sum()) <= DENSE_CELLS:
        return Best(_plain(board, rows, places), 0)
    return _by_rounds(board, rows, places, start)


def plain_matrix(board: np.ndarray, rows: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each row would cost at each place (impossible: more than everything), and the helper of each place."""
    helper, rank = _places(places)
    scale = scale_of(len(rows), places)
    points = board[rows][:, helper].astype(np.float64)
    cost = rank[None, :] - scale * points
    cost[points < 0] = 2.0 * scale * 1001 * (len(rows) + 1)
    return cost, helper


def _plain(board: np.ndarray, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    cost, helper = plain_matrix(board, rows, places)
    _, column = linear_sum_assignment(cost)
    return helper[column].astype(np.int32)


def _places(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(helper, rank from 0) of each place."""
    helper = np.repeat(np.arange(len(places)), places)
    first = np.cumsum(places, dtype=np.int64) - places
    return helper, np.arange(len(helper)) - first[helper]


def _by_rounds(board: np.ndarray, rows: np.ndarray, places: np.ndarray, start: np.ndarray) -> Best:
    links = Links(board, rows, places)
    mate = start.astype(np.int64)
    price = _first_guess(links)
    codes, worth = links.near(price, PER_ROW)
    # Helpers priced too high by the guess would be seen by nobody.
    seldom = np.flatnonzero(np.bincount(codes % links.width, minlength=links.width) < PER_ROW // 2)
    codes = np.concatenate([codes, links.suitors(seldom, worth, PER_ROW)])
    price = price * links.scale
    codes = np.concatenate([codes, np.arange(len(rows)) * links.width + mate])
    rounds = known = 0
    while True:
        rounds += 1
        codes = _sorted(codes)
        if len(codes) == known:
            raise AssertionError("prices that fit the pairs looked at cannot ask for one of them again")
        known = len(codes)
        mate = sparse_round(links, codes, price)
        price = prices(links, codes, mate)
        better = links.better(price, mate)
        if not len(better):
            return Best(mate.astype(np.int32), rounds, codes)
        codes = np.concatenate([codes, better])


def _first_guess(links: Links) -> np.ndarray:
    """Prices in points, from an auction among the pairs that look best."""
    popular = links.popularity()
    codes, _ = links.near(popular, max(1, PER_ROW // 2))
    row, helper = np.divmod(codes, links.width)
    starts = np.searchsorted(row, np.arange(len(links.rows) + 1))
    return guess(links.points(row, helper), helper, starts, links.places, popular)


def sparse_matrix(links: Links, codes: np.ndarray) -> object:
    """The pairs of `codes` (sorted) as SciPy's sparse matrix of costs, rows × places."""
    from scipy.sparse import csr_matrix

    row, helper = np.divmod(codes, links.width)
    count = links.places[helper]
    entry = np.repeat(np.arange(len(codes)), count)
    rank = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    first = np.cumsum(links.places) - links.places
    cost = links.scale * (1001 - links.points(row, helper)[entry]) + rank
    column = (first[helper[entry]] + rank).astype(np.int32)
    begins = np.searchsorted(row[entry], np.arange(len(links.rows) + 1)).astype(np.int32)
    return csr_matrix((cost.astype(np.float64), column, begins), shape=(len(links.rows), int(links.places.sum())))


def _sorted(codes: np.ndarray) -> np.ndarray:
    """Each once, in order; most of them are in order already, which this kind of sort takes into account."""
    codes = np.sort(codes, kind="stable")
    return codes[np.append(True, codes[1:] != codes[:-1])] if len(codes) else codes


def sparse_round(links: Links, codes: np.ndarray, price: np.ndarray) -> np.ndarray:
    """The best helper of each row among the pairs of `codes`.

    Taking a constant off all costs of a row changes nothing to who is best with whom, and so with a column when every
    place is taken: starting from good prices, the solver then has little left to find. A few places too many are taken
    by nobody, at no cost.
    """
    from scipy.sparse import csr_matrix, vstack
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    costs = sparse_matrix(links, codes)
    people, seats = costs.shape
    spare = seats - people
    if 0 < spare * seats <= 2 * costs.nnz:
        nobody = np.arange(spare + 1) * seats
        taken = (np.zeros(spare * seats), np.tile(np.arange(seats, dtype=np.int32), spare), nobody)
        costs = vstack([costs, csr_matrix(taken, shape=(spare, seats))], format="csr")
    helper, _ = _places(links.places)
    if costs.shape[0] == seats:
        costs.data += price[helper[costs.indices]]
    least = np.minimum.reduceat(costs.data, costs.indptr[:-1])
    costs.data += 1 - np.repeat(least, np.diff(costs.indptr))
    row, column = min_weight_full_bipartite_matching(costs)
    mate = np.empty(len(row), dtype=np.int64)
    mate[row] = helper[column]
    return mate[:people]
