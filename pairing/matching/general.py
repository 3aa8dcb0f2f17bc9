"""Entre pairs: one population, everybody with one other at most, exact on a general graph."""

from __future__ import annotations

from dataclasses import dataclass

from pairing.matching.problem import Problem
from pairing.matching.solve import Solution

MAX_PEERS = 200


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
    raise NotImplementedError


def trios(problem: Problem, solution: Solution) -> tuple[Trio, ...]:
    """For each person left out, in waiting order, the best pair that may welcome them; no pair is asked twice.

    Somebody whom no pair may welcome has no trio.
    """
    raise NotImplementedError
