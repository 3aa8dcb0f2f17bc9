"""The score: named criteria, each a whole number of points; a pair is worth the sum of its parts, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.matching.problem import Criterion, Problem


@dataclass(frozen=True)
class Part:
    """What one criterion gives to one pair. `fact` says why, in a code for words; `mask` what is shared, if anything."""

    criterion: Criterion
    points: int
    maximum: int
    fact: str  # a value of `Fact`
    mask: int = 0  # bits of what is common (themes, slots, channels, lived…)


def block(problem: Problem, start: int, stop: int) -> np.ndarray:
    """Points of rows start..stop with everybody: int16 (stop - start, m), 0..1000. Exclusions are no score."""
    raise NotImplementedError


def points(problem: Problem, pairs: np.ndarray) -> np.ndarray:
    """Points of some pairs, int32 (k,)."""
    raise NotImplementedError


def parts(problem: Problem, i: int, j: int) -> tuple[Part, ...]:
    """The parts of one pair, in the order of `Criterion`, criteria in use only; their points add up to the score."""
    raise NotImplementedError
