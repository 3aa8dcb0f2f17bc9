"""Proof that a solution is the best, rebuilt from the pairs alone: it trusts nothing the solver thought.

Points and rules are computed again. Prices are rebuilt from the pairs (see `prices`); by duality nobody can find more
than `bound` for these people, whatever the prices, so a solution that reaches it is the best. That nobody waits wrongly
is one walk: whoever could be freed for somebody left out must be served before that person, and must not lead to a free
place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.matching.board import board as board_of
from pairing.matching.board import in_threads, ranges
from pairing.matching.prices import Links, NotTheBest, prices
from pairing.matching.problem import Problem, ProblemError, waiting_order
from pairing.matching.solve import Solution

PER_ROW = 20


@dataclass(frozen=True)
class Certificate:
    """What was checked, each apart. `optimum_checked` is their conjunction."""

    lawful: bool  # no excluded or impossible pair, no place used twice, nobody twice, points and counts as said
    largest: bool  # no larger number of people can be paired
    in_waiting_order: bool  # nobody without a pair could take the pair of somebody served after
    primal: int  # total × scale - load, of the pairs
    bound: int  # what no pairing of these people can exceed
    scale: int

    @property
    def optimum_checked(self) -> bool:
        return self.lawful and self.largest and self.in_waiting_order and self.primal == self.bound


def certify(problem: Problem, solution: Solution) -> Certificate:
    """Check a solution of `solve`. Reads every pair some ten times. Raises ProblemError for a reciprocal problem."""
    if problem.reciprocal:
        raise ProblemError("entre pairs: general.solve_peers proves its own answer")
    board = board_of(problem)
    order = waiting_order(problem.helped, solution.seed)
    order = order[problem.helped.places[order] > 0]
    if not _lawful(problem, board, solution, order):
        return Certificate(False, False, False, 0, 0, 1)
    largest, ordered = _served(board, solution, order, problem.helpers.places)
    links = Links(board, solution.pairs[:, 0].astype(np.int64), problem.helpers.places)
    primal = links.scale * solution.total - solution.load
    bound = _bound(links, solution.pairs[:, 1].astype(np.int64))
    return Certificate(True, largest, ordered, primal, bound, links.scale)


def _lawful(problem: Problem, board: np.ndarray, solution: Solution, order: np.ndarray) -> bool:
    row, helper = solution.pairs[:, 0], solution.pairs[:, 1]
    used = np.bincount(helper, minlength=problem.shape[1])
    return bool(
        np.array_equal(np.sort(np.concatenate([row, solution.unpaired])), np.sort(order))
        and (used <= problem.helpers.places).all()
        and (used == solution.used).all()
        and (board[row, helper] >= 0).all()
        and (board[row, helper] == solution.points).all()
    )


def _served(board: np.ndarray, solution: Solution, order: np.ndarray, places: np.ndarray) -> tuple[bool, bool]:
    """(no larger number, nobody left out for somebody served after): one walk from those left out, in their order."""
    rank = np.empty(len(board), dtype=np.int64)
    rank[order] = np.arange(len(order))
    free = solution.used < places
    by_helper = np.argsort(solution.pairs[:, 1], kind="stable")
    held = solution.pairs[by_helper, 0]
    first = np.searchsorted(solution.pairs[by_helper, 1], np.arange(len(places) + 1))
    seen = np.zeros(len(places), dtype=bool)
    largest = ordered = True
    for person in solution.unpaired[np.argsort(rank[solution.unpaired])].tolist():
        frontier = np.array([person])
        while len(frontier):
            reached = np.zeros(len(places), dtype=bool)
            for start, stop in ranges(len(frontier), len(places)):
                reached |= (board[frontier[start:stop]] >= 0).any(axis=0)
            reached &= ~seen
            seen |= reached
            largest = largest and not (reached & free).any()
            helpers = np.flatnonzero(reached)
            frontier = np.concatenate([held[first[j] : first[j + 1]] for j in helpers.tolist()] or [held[:0]])
            ordered = ordered and not (rank[frontier] > rank[person]).any()
    return largest, ordered


def _bound(links: Links, mate: np.ndarray) -> int:
    """The least upper bound found: prices among some pairs, then with all pairs those prices do not satisfy."""
    price = np.zeros(links.width, dtype=np.int64)
    if len(mate):
        codes, _ = links.near(links.popularity(), PER_ROW)
        better = np.arange(len(mate)) * links.width + mate
        while len(better):
            codes = np.unique(np.concatenate([codes, better]))
            try:
                price = prices(links, codes, mate)
            except NotTheBest:
                break
            better = links.better(price, mate)
    return _dual(links, price)


def _dual(links: Links, price: np.ndarray) -> int:
    """What prices ≥ 0 prove: everybody's best net of the price, and the price of every place above its load."""

    def best(start: int, stop: int) -> int:
        points = links.block(start, stop).astype(np.int64)
        net = points * links.scale - price
        net[points < 0] = np.iinfo(np.int64).min
        return int(net.max(axis=1).sum())

    loads = np.arange(max(1, int(links.places.max(initial=0))))
    above = np.maximum(price[:, None] - loads, 0) * (loads < links.places[:, None])
    return sum(in_threads(best, len(links.rows), links.width)) + int(above.sum())
