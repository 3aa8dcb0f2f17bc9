"""All pairs at once: the points of everybody with everybody, `NO` where the rules say no or one has no place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pairing.matching.problem import Problem
from pairing.matching.score import Scorer

NO = -16_000  # so far below that no price makes it look good; prices above 15 000 are not read in 16 bits
CELLS = 1 << 17  # pairs per block: what stays in the cache of a core
SCORED_CELLS = 1 << 19  # the same where points are made: longer rows to copy


def ranges(rows: int, columns: int, cells: int = CELLS) -> Iterator[tuple[int, int]]:
    height = max(1, cells // max(columns, 1))
    return ((start, min(rows, start + height)) for start in range(0, rows, height))


def in_threads(work: Callable[[int, int], object], rows: int, columns: int, cells: int = CELLS) -> list:
    """Blocks of rows worked on by all cores (numpy lets go of the lock), results in the order of the rows."""
    blocks = list(ranges(rows, columns, cells))
    if len(blocks) < 4:
        return [work(*block) for block in blocks]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        return list(pool.map(lambda block: work(*block), blocks))


def board(problem: Problem) -> np.ndarray:
    """int16 (n, m): two bytes per pair, 400 MB for 20 000 × 10 000."""
    n, m = problem.shape
    made = np.empty((n, m), dtype=np.int16)
    scorer = Scorer(problem)
    full = np.flatnonzero(problem.helpers.places == 0)
    problem.barred(0, 0), scorer.block(0, 0)  # prepared once, before the threads

    def fill(start: int, stop: int) -> None:
        rows, barred = made[start:stop], problem.barred(start, stop)
        # Ten times faster than writing through a mask.
        np.multiply(scorer.block(start, stop), ~barred, out=rows)
        rows += barred * np.int16(NO)
        if len(full):
            rows[:, full] = NO
        rows[problem.helped.places[start:stop] == 0] = NO

    in_threads(fill, n, m, SCORED_CELLS)
    return made
