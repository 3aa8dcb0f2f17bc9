"""Entre pairs: one population, everybody with one other at most, exact on a general graph.

The sets of people who can all be paired at once are again those of a matroid (the matching matroid), so weights that
halve from person to person in waiting order pick the largest number and the best order. Such weights outgrow the
solver's 128 bits after a hundred people: they are given by spans, those already served weighing more than a whole span.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from pairing.matching.board import board as board_of
from pairing.matching.problem import Problem, ProblemError, pairs_array, waiting_order
from pairing.matching.score import Scorer
from pairing.matching.solve import Solution

MAX_PEERS = 200
TIE_BITS = 64
SPAN = 100  # people whose order fits in one set of weights: 200 × 2 × 2¹⁰¹ is below 2¹²⁶


@dataclass(frozen=True)
class Trio:
    """Somebody left out joins a pair: rows, and the points of the two new links together."""

    out: int
    pair: tuple[int, int]
    points: int


def solve_peers(problem: Problem, *, seed: int = 0) -> Solution:
    """The same two stages on one population: the largest number and the best waiting order, then the highest total.

    Pairs have i < j; `unpaired` holds the odd person out. Raises ProblemError if the problem has two sides or more than
    MAX_PEERS people with a place.
    """
    if not problem.reciprocal:
        raise ProblemError("two sides: use solve.solve")
    order = waiting_order(problem.helped, seed)
    order = order[problem.helped.places[order] > 0]
    if len(order) > MAX_PEERS:
        raise ProblemError(f"at most {MAX_PEERS} people")
    board = board_of(problem)
    served = _served(board, order.tolist())
    points = {(i, j): int(board[i, j]) for i, j in _possible(board, sorted(served))}
    tie, key = tie_of(seed), problem.helped.key.tolist()
    found = heaviest(points, full=True, tie=lambda i, j: tie(key[i], key[j]))
    pairs = np.array(found, dtype=np.int32).reshape(-1, 2)
    used = np.zeros(len(board), dtype=np.int32)
    used[pairs.ravel()] = 1
    return Solution(
        pairs=pairs,
        points=board[pairs[:, 0], pairs[:, 1]].astype(np.int32),
        unpaired=order[used[order] == 0].astype(np.int32),
        used=used,
        seed=seed,
    )


def trios(problem: Problem, out: int, pairs: Iterable[tuple[int, int]]) -> list[Trio]:
    """Which of these pairs may welcome somebody left out, the best first. All rows; nobody looks at places here."""
    scorer, made = Scorer(problem), []
    for pair in pairs:
        if all(problem.may_meet(out, other) for other in pair):
            made.append(Trio(out, pair, int(scorer.pairs(pairs_array([(out, other) for other in pair])).sum())))
    return sorted(made, key=lambda trio: (-trio.points, trio.pair))


def largest(allowed: np.ndarray, people: list[int], rng: random.Random) -> list[tuple[int, int]]:
    """Pairs of the largest number of these people, sorted; which ones, chance decides."""
    weights = dict.fromkeys(_possible(np.where(allowed, 0, -1), people), 0)
    return heaviest(weights, full=True, tie=lambda i, j: rng.getrandbits(TIE_BITS))


def _served(board: np.ndarray, order: list[int]) -> set[int]:
    """The largest set that can be paired, the best in waiting order."""
    served: set[int] = set()
    for start in range(0, len(order), SPAN):
        span = order[start : start + SPAN]
        worth = {person: 1 << (len(span) - 1 - turn) for turn, person in enumerate(span)}
        worth.update(dict.fromkeys(served, 1 << len(span)))
        weights = {(i, j): worth.get(i, 0) + worth.get(j, 0) for i, j in _possible(board, order)}
        paired = heaviest({pair: weight for pair, weight in weights.items() if weight}, full=False)
        served = {person for pair in paired for person in pair if person in worth}
    return served


def _possible(board: np.ndarray, people: list[int]) -> list[tuple[int, int]]:
    return [(i, j) for turn, i in enumerate(people) for j in people[turn + 1 :] if board[i, j] >= 0]


def tie_of(seed: int) -> Callable[[int, int], int]:
    """A number for two keys that nothing but they and the seed decides."""

    def tie(one: int, other: int) -> int:
        text = f"{seed}:{min(one, other)}:{max(one, other)}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=TIE_BITS // 8).digest(), "big")

    return tie


def heaviest(
    weights: dict[tuple[int, int], int], *, full: bool, tie: Callable[[int, int], int] | None = None
) -> list[tuple[int, int]]:
    """The matching of the greatest weight, sorted; among those with most pairs when `full`.

    The solver walks hash tables in an order of its own: `tie` makes the best one alone of its kind, by 64 bits per pair
    below the unit of weight.
    """
    from rustworkx import PyGraph, max_weight_matching

    if tie is not None:
        weights = {(i, j): (weight << (TIE_BITS + 8)) + tie(i, j) for (i, j), weight in weights.items()}
    people = list(dict.fromkeys(person for pair in weights for person in pair))
    graph = PyGraph(multigraph=False)
    node = dict(zip(people, graph.add_nodes_from(people), strict=True))
    graph.add_edges_from([(node[i], node[j], weight) for (i, j), weight in weights.items()])
    found = max_weight_matching(graph, max_cardinality=full, weight_fn=lambda weight: weight)
    return sorted(tuple(sorted((people[i], people[j]))) for i, j in found)
