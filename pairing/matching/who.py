"""First stage: who has a pair. Augmenting paths from each person in turn, in the order of service.

The sets of people who can all be paired at once are the independent sets of a matroid, so taking each person in turn
whenever those already taken can be kept gives the largest number and, among the largest, the best order. A search that
fails has walked through helpers who can never again lead to a free place: they leave the graph, so that all failures
together cost one walk. Rows of the board are whole numbers with one bit per helper.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pairing.matching.board import in_threads


def choose(board: np.ndarray, order: Iterable[int], places: np.ndarray) -> np.ndarray:
    """A helper for each row served, -1 for the others: int32 (n,). The pairs are possible, not yet the best ones."""
    n, m = board.shape
    packed = in_threads(lambda a, b: np.packbits(board[a:b] >= 0, axis=1, bitorder="little"), n, m)
    bits = [int.from_bytes(row.tobytes(), "little") for block in packed for row in block]
    return Walk(bits, places).serve(order)


class Walk:
    """The state of the first stage: who holds which place, which helpers are free, which can no longer help."""

    def __init__(self, bits: list[int], places: np.ndarray) -> None:
        self.bits = bits
        self.left = places.tolist()
        self.holders: list[list[int]] = [[] for _ in self.left]
        self.mate = [-1] * len(bits)
        self.free = sum(1 << j for j, left in enumerate(self.left) if left)
        self.alive = (1 << len(self.left)) - 1

    def serve(self, order: Iterable[int]) -> np.ndarray:
        for row in order:
            direct = self.bits[row] & self.free
            if direct:
                self._take(_lowest(direct), row)
            else:
                self._search(row)
        return np.array(self.mate, dtype=np.int32)

    def _take(self, helper: int, row: int) -> None:
        """Give a free place of this helper to this row."""
        self.mate[row] = helper
        self.holders[helper].append(row)
        self.left[helper] -= 1
        if not self.left[helper]:
            self.free &= ~(1 << helper)

    def _search(self, start: int) -> None:
        """Find a free place through people who can move, breadth first; the places they leave are handed on."""
        seen = self.bits[start] & self.alive
        asked_by: dict[int, int] = {}
        queue = [(seen, start)]
        for mask, row in queue:
            while mask:
                helper = _lowest(mask)
                mask &= mask - 1
                asked_by[helper] = row
                for holder in self.holders[helper]:
                    new = self.bits[holder] & self.alive & ~seen
                    found = new & self.free
                    if found:
                        self._hand_on(start, holder, _lowest(found), asked_by)
                        return
                    if new:
                        seen |= new
                        queue.append((new, holder))
        self.alive &= ~seen

    def _hand_on(self, start: int, row: int, helper: int, asked_by: dict[int, int]) -> None:
        while row != start:
            before = self.mate[row]
            self.holders[before].remove(row)
            self.mate[row] = -1
            if self.left[helper]:
                self._take(helper, row)
            else:
                self.mate[row] = helper
                self.holders[helper].append(row)
            helper, row = before, asked_by[before]
        self.mate[row] = helper
        self.holders[helper].append(row)


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
