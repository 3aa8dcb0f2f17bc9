"""Proof that a solution is the best, rebuilt from the pairs alone: it trusts nothing the solver thought."""

from __future__ import annotations

from dataclasses import dataclass

from pairing.matching.problem import Problem
from pairing.matching.solve import Solution


@dataclass(frozen=True)
class Certificate:
    """What was checked, each apart. `optimum_checked` is their conjunction."""

    lawful: bool  # no excluded or impossible pair, no place used twice, nobody twice
    largest: bool  # no larger number of people can be paired
    in_waiting_order: bool  # nobody without a pair could take the pair of somebody served after
    primal: int  # total × scale - load, of the pairs
    bound: int  # what no pairing of these people can exceed, from potentials
    scale: int

    @property
    def optimum_checked(self) -> bool:
        return self.lawful and self.largest and self.in_waiting_order and self.primal == self.bound


def certify(problem: Problem, solution: Solution) -> Certificate:
    """Check a solution of `solve`. Reads every pair once: about a second per 10⁸ pairs."""
    raise NotImplementedError
