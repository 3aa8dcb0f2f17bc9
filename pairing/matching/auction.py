"""A first guess of what places are worth: people bid for helpers, all at once, and stop when nearly all are seated.

Only a guess: it chooses which pairs the exact solver looks at first and where that solver starts from, so it may be
wrong without harm. Whole numbers, no chance: the same board gives the same guess.
"""

from __future__ import annotations

import numpy as np

UNIT = 16  # parts of a point
STEP = 2 * UNIT  # the least rise of a bid
PATIENCE = 200 * UNIT  # what somebody would lose at most before leaving the market: few choices must not spoil prices
UNSEATED = 0.01  # share of people at which it is enough
BIDS = 30  # per person: a market still moving after that tells no more


def guess(
    points: np.ndarray, helper: np.ndarray, starts: np.ndarray, places: np.ndarray, first: np.ndarray
) -> np.ndarray:
    """A price in points per helper, int64 (m,).

    `points` and `helper` are the pairs considered, row by row, `starts` (n + 1,) where each row begins, `first` the
    prices to begin with.
    """
    market = _Market(points, helper, starts, places, first)
    waiting = np.arange(len(starts) - 1)
    enough = int(len(waiting) * UNSEATED)
    bids = BIDS * len(waiting)
    while len(waiting) > enough and bids > 0:
        bids -= len(waiting)
        waiting = market.bid(waiting)
    return market.cheapest[:-1] // UNIT


class _Market:
    def __init__(
        self, points: np.ndarray, helper: np.ndarray, starts: np.ndarray, places: np.ndarray, first: np.ndarray
    ) -> None:
        counts = np.diff(starts)
        row = np.repeat(np.arange(len(counts)), counts)
        column = np.arange(len(points)) - starts[row]
        shape = (len(counts), int(counts.max(initial=0)) + 1)
        # One list of choices per person, filled up with leaving: a helper that does not exist, always free of charge.
        self.nobody = len(places)
        self.cheapest = np.append(first * UNIT, 0).astype(np.int32)
        self.choice = np.full(shape, self.nobody, dtype=np.int32)
        self.value = np.full(shape, -(1 << 29), dtype=np.int32)
        self.choice[row, column] = helper
        self.value[row, column] = points * UNIT
        self.value[:, -1] = (self.value - self.cheapest[self.choice]).max(axis=1) - PATIENCE
        # What is paid for each place, and by whom; places a helper does not have are never the cheapest.
        depth = max(1, int(places.max(initial=0)))
        self.paid = np.where(np.arange(depth) < places[:, None], self.cheapest[:-1, None], 1 << 30)
        self.owner = np.full((len(places), depth), -1, dtype=np.int64)

    def bid(self, people: np.ndarray) -> np.ndarray:
        """Everybody waiting bids for the best choice; the highest bid takes the cheapest place. Returns who waits."""
        choice = self.choice[people]
        net = self.value[people] - self.cheapest[choice]
        turn = np.arange(len(people))
        favourite = net.argmax(axis=1)
        best = net[turn, favourite]
        net[turn, favourite] = -(1 << 30)
        rise = best - net.max(axis=1) + STEP
        helper = choice[turn, favourite]
        stays = helper != self.nobody
        turn, people, helper, rise = turn[: stays.sum()], people[stays], helper[stays], rise[stays]
        offer = self.cheapest[helper] + rise
        order = np.lexsort((turn, -offer, helper))
        winner = order[np.unique(helper[order], return_index=True)[1]]
        helper, offer = helper[winner], offer[winner]
        place = self.paid[helper].argmin(axis=1)
        evicted = self.owner[helper, place]
        self.owner[helper, place] = people[winner]
        self.paid[helper, place] = offer
        self.cheapest[helper] = self.paid[helper].min(axis=1)
        lost = np.ones(len(people), dtype=bool)
        lost[winner] = False
        return np.concatenate([people[lost], evicted[evicted >= 0]])
