"""Pairs from secret wishes, so made that who is paired never depends on a wish: only with whom does.

First who: the largest number, then the best waiting order. Then, among exactly these people, the pairs that honour most
wishes and leave nobody out: an empty place would tell that nobody named somebody. (docs/decisions/0011)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import rustworkx
from scipy.optimize import linear_sum_assignment

Pair = tuple[int, int]
Wishes = Sequence[Sequence[int]]
# Points of a pair go to 1 000: a wish weighs more than any, and a first one more than two last ones.
BONUS = (7000, 3000, 2000)
NEVER = -(10**9)


def among_peers(allowed: np.ndarray, points: np.ndarray, order: Sequence[int], wishes: Wishes) -> list[Pair]:
    """Pairs of rows, i < j. `order`: rows from the longest wait to the shortest."""
    inside: set[int] = set()
    for row in order:
        wanted = {*inside, row}
        covered = {one for pair in _heaviest(allowed, _count(wanted, len(allowed)), whole=False) for one in pair}
        if wanted <= covered:
            inside = wanted
    within = _only(allowed, inside)
    return _heaviest(within, points + _bonus(wishes, wishes, points.shape) + 1, whole=True)


def across(
    allowed: np.ndarray,
    points: np.ndarray,
    order: Sequence[int],
    places: Sequence[int],
    helped_wishes: Wishes,
    helper_wishes: Wishes,
) -> list[Pair]:
    """Pairs (row of helped, row of helper); each helper stands as many times as they have places."""
    columns = [column for column, free in enumerate(places) for _ in range(free)]
    inside: list[int] = []
    for row in order:
        if len(_assigned(np.where(allowed, 1, NEVER), [*inside, row], columns)) > len(inside):
            inside.append(row)
    weight = points + _bonus(helped_wishes, helper_wishes, points.shape) + 1
    return _assigned(np.where(allowed, weight, NEVER), sorted(inside), columns)


def _count(wanted: set[int], size: int) -> np.ndarray:
    """How many of an edge's two people are wanted."""
    there = np.isin(np.arange(size), sorted(wanted)).astype(np.int64)
    return there[:, None] + there[None, :]


def _only(allowed: np.ndarray, inside: set[int]) -> np.ndarray:
    there = np.isin(np.arange(len(allowed)), sorted(inside))
    return allowed & there[:, None] & there[None, :]


def _bonus(ours: Wishes, theirs: Wishes, shape: tuple[int, int]) -> np.ndarray:
    bonus = np.zeros(shape, dtype=np.int64)
    for one, rows in enumerate(ours):
        for rank, other in enumerate(rows):
            bonus[one, other] += BONUS[rank]
    for other, rows in enumerate(theirs):
        for rank, one in enumerate(rows):
            bonus[one, other] += BONUS[rank]
    return bonus


def _heaviest(allowed: np.ndarray, weight: np.ndarray, *, whole: bool) -> list[Pair]:
    """The heaviest matching, of those with most pairs when `whole`."""
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(len(allowed)))
    edges = [(int(i), int(j), int(weight[i, j])) for i, j in np.argwhere(np.triu(allowed, 1))]
    graph.add_edges_from(edges)
    found = rustworkx.max_weight_matching(graph, max_cardinality=whole, weight_fn=int)
    return sorted((min(pair), max(pair)) for pair in found)


def _assigned(gain: np.ndarray, rows: list[int], columns: list[int]) -> list[Pair]:
    """The best assignment of these rows, without the pairs that may not be."""
    if not rows or not columns:
        return []
    found = zip(*linear_sum_assignment(gain[np.ix_(rows, columns)], maximize=True), strict=True)
    pairs = [(rows[i], columns[j]) for i, j in found]
    return sorted((one, other) for one, other in pairs if gain[one, other] > NEVER)
