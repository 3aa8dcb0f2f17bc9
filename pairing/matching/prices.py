"""Prices of places, rebuilt from pairs alone: what a helper's next place is worth to everybody else.

In whole numbers of 1/scale points. With them, for a best answer: nobody would rather have another helper at that price;
a helper with a place left costs no more than that place's load; a helper with places used costs at least the last one's.
These three sentences are the optimality conditions of the assignment, and they are all that a certificate needs.
"""

from __future__ import annotations

import numpy as np

from pairing.matching.board import in_threads

_FAR = 1 << 60
FEW, SAMPLE = 5, 20  # pairs per row that come in at each round, when many would


class NotTheBest(ValueError):
    """The pairs given are not the best among the links given: no prices exist."""


def scale_of(people: int, places: np.ndarray) -> int:
    """More than what the load of all these people can be: one point outweighs any load."""
    return people * max(0, int(places.max(initial=0)) - 1) + 1


class Links:
    """The people of the second stage (rows of the board) with all helpers. A pair is `row × width + helper`."""

    def __init__(self, board: np.ndarray, rows: np.ndarray, places: np.ndarray) -> None:
        self.board, self.rows = board, rows
        self.places = places.astype(np.int64)
        self.width = board.shape[1]
        self.scale = scale_of(len(rows), places)

    def block(self, start: int, stop: int) -> np.ndarray:
        return self.board[self.rows[start:stop]]

    def points(self, row: np.ndarray, helper: np.ndarray) -> np.ndarray:
        return self.board[self.rows[row], helper].astype(np.int64)

    def popularity(self) -> np.ndarray:
        """The mean points of each helper over some rows, from 0 up: a first idea of what their places are worth."""
        some = self.board[self.rows[:: max(1, len(self.rows) // 400)]]
        mean = np.maximum(some, 0).sum(axis=0, dtype=np.int64) // np.maximum((some >= 0).sum(axis=0), 1)
        return mean - mean.min(initial=1000)

    def near(self, guess: np.ndarray, per_row: int) -> tuple[np.ndarray, np.ndarray]:
        """About `per_row` pairs per row, all that come within some points of the row's best at guessed prices; that best."""
        guess = _narrow(guess)
        some = self.board[self.rows[:: max(1, len(self.rows) // 200)]]
        gap = ((some - guess).max(axis=1, keepdims=True) - some + guess)[some >= 0]
        kept = min(len(gap) - 1, per_row * len(some))
        within = np.partition(gap, kept)[kept]

        def pick(start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
            points = self.block(start, stop)
            net = points - guess
            best = net.max(axis=1)
            found = np.flatnonzero(net >= best[:, None] - within)
            # Where nearly all are equally good, an even sample of them does.
            stride = max(1, len(found) // (2 * per_row * (stop - start)))
            found = found[(start % stride) :: stride]
            return found[points.ravel()[found] >= 0] + start * self.width, best

        found = in_threads(pick, len(self.rows), self.width)
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))

    def suitors(self, helpers: np.ndarray, worth: np.ndarray, per_helper: int) -> np.ndarray:
        """The `per_helper` pairs of each of these helpers that lose least against what each row is worth at best."""
        columns = np.concatenate(in_threads(lambda a, b: self.block(a, b)[:, helpers], len(self.rows), self.width))
        columns = np.ascontiguousarray(columns.T)
        net = np.where(columns < 0, -(1 << 20), columns - worth.astype(np.int32))
        kept = min(per_helper, len(self.rows))
        row = np.argpartition(net, len(self.rows) - kept, axis=1)[:, len(self.rows) - kept :]
        codes = row * self.width + helpers[:, None]
        return codes[np.take_along_axis(columns, row, axis=1) >= 0]

    def better(self, price: np.ndarray, mate: np.ndarray) -> np.ndarray:
        """Pairs that somebody would rather have than their own at these prices: none only if there are none.

        When there are many, the best few of each row and an even sample of the rest, so that helpers priced too low
        meet competitors everywhere and the next prices settle at once.
        """
        own = self.scale * self.points(np.arange(len(mate)), mate) - price[mate]
        least, worth = _narrow(price // self.scale), _narrow(own // self.scale)

        def look(start: int, stop: int) -> np.ndarray:
            points = self.block(start, stop)
            # Whole points first (a superset, in the narrowest type), then exactly.
            maybe = np.flatnonzero(points - least > worth[start:stop, None])
            row, helper = np.divmod(maybe, self.width)
            value = points[row, helper].astype(np.int64)
            gain = self.scale * value - price[helper] - own[row + start]
            true = (value >= 0) & (gain > 0)
            row, helper, gain = row[true], helper[true], gain[true]
            order = np.lexsort((helper, -gain, row))
            row, helper = row[order], helper[order]
            kept = np.arange(len(row)) - np.searchsorted(row, row) < FEW
            stride = max(1, len(row) // (SAMPLE * (stop - start)))
            kept[(start % stride) :: stride] = True
            return (row[kept] + start) * self.width + helper[kept]

        return np.concatenate(in_threads(look, len(self.rows), self.width))


def _narrow(values: np.ndarray) -> np.ndarray:
    """int16 when the numbers leave room for a difference with points, else int64."""
    wide = len(values) and (values.max() > 15_000 or values.min() < -15_000)
    return values.astype(np.int64 if wide else np.int16)


def prices(links: Links, codes: np.ndarray, mate: np.ndarray) -> np.ndarray:
    """A price per helper, int64 (m,), for which `mate` is the best among the pairs of `codes`.

    The prices that fit lie between a lowest and a highest solution, both longest paths (Bellman-Ford, vectorised); the
    mean of the two, rounded down, fits as well and lets far fewer other pairs look better. Raises NotTheBest.
    """
    row, helper = np.divmod(codes, links.width)
    own = links.points(np.arange(len(mate)), mate)
    step = links.scale * (links.points(row, helper) - own[row])
    source = mate[row]
    kept = source != helper
    source, helper, step = source[kept], helper[kept], step[kept]
    used = np.bincount(mate, minlength=links.width)
    lowest = np.maximum(used - 1, 0).astype(np.int64)
    ceiling = np.where(used < links.places, used, _FAR).astype(np.int64)
    low = _rise(lowest, source, helper, step)
    if (low > ceiling).any():
        raise NotTheBest
    high = -_rise(-np.minimum(ceiling, low.max(initial=0)), helper, source, step)
    return (low + high) // 2


def _rise(start: np.ndarray, source: np.ndarray, target: np.ndarray, step: np.ndarray) -> np.ndarray:
    """The least values ≥ start with value[target] ≥ value[source] + step on every link. Raises NotTheBest on a cycle."""
    value = start.copy()
    if not len(target):
        return value
    order = np.argsort(target, kind="stable")
    source, target, step = source[order], target[order], step[order]
    heads = np.flatnonzero(np.concatenate([[True], target[1:] != target[:-1]]))
    targets = target[heads]
    for _ in range(len(value) + 1):
        reached = np.maximum.reduceat(value[source] + step, heads)
        risen = reached > value[targets]
        if not risen.any():
            return value
        value[targets[risen]] = reached[risen]
    raise NotTheBest
