"""An attacker of volumes who knows no algebra: lists every way the numbers may stand, and looks at what never changes.

Holds the published totals, and knows who could be counted in each. Every whole-number contribution that agrees with all
totals is tried; a few people are betrayed when some sum of what they brought, with any weights, is the same in all of them.
Nothing here is shared with the rank auditor: no matrix of figures, no elimination, no prime.
"""

import itertools
from collections.abc import Hashable, Sequence

import numpy as np

Column = tuple[Hashable, Hashable]


def solutions(
    figures: Sequence[frozenset[Column]], totals: Sequence[int], columns: list[Column], most: int
) -> np.ndarray:
    """Every contribution from 0 to `most` in each column that gives these totals: one row each, one column at a time."""
    inside = np.array([[column in figure for figure in figures] for column in columns], dtype=np.int64)
    goal = np.array(totals)
    rows, sums = np.zeros((1, 0), dtype=np.int8), np.zeros((1, len(figures)), dtype=np.int64)
    for rank in range(len(columns)):
        still = inside[rank + 1 :].sum(axis=0) * most
        grown, reached = [], []
        for value in range(most + 1):
            after = sums + value * inside[rank]
            may = ((after <= goal) & (after + still >= goal)).all(axis=1)
            grown.append(np.hstack([rows[may], np.full((int(may.sum()), 1), value, dtype=np.int8)]))
            reached.append(after[may])
        rows, sums = np.vstack(grown), np.vstack(reached)
    return rows


def never_changes(rows: np.ndarray, places: list[int]) -> bool:
    """Whether some weighted sum of these columns is the same in every solution."""
    moves = np.unique(rows[:, places].astype(np.int16) - rows[0, places], axis=0)
    return np.linalg.matrix_rank(moves.astype(float)) < len(places)


def betrayed(rows: np.ndarray, columns: list[Column], *, fewest: int) -> list[tuple]:
    """The groups of fewer than `fewest` units of which something is known for certain."""
    units = sorted({unit for unit, _ in columns}, key=str)
    found = []
    for size in range(1, fewest):
        for few in itertools.combinations(units, size):
            if never_changes(rows, [rank for rank, (unit, _) in enumerate(columns) if unit in few]):
                found.append(few)
    return found
