"""Who is paired, then with whom: two exact stages (docs/decisions/0008-pairing-in-two-stages.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairing.matching import ALGORITHM_VERSION
from pairing.matching.problem import Problem


@dataclass(frozen=True, eq=False)
class Solution:
    """Proposed pairs of two sides, or of one population (then i < j). Same problem and seed, same solution."""

    pairs: np.ndarray  # int32 (k, 2): row of helped, row of helper, sorted by row of helped
    points: np.ndarray  # int32 (k,): score of each pair, 0..1000
    unpaired: np.ndarray  # int32: rows of helped (with a place) left without a pair, in waiting order
    used: np.ndarray  # int32 (m,): places used per helper
    total: int  # sum of points
    load: int  # sum over helpers of 0 + 1 + … + (used - 1): the smaller the better shared
    seed: int = 0
    algorithm: int = ALGORITHM_VERSION


def solve(problem: Problem, *, seed: int = 0) -> Solution:
    """The best pairing of two sides.

    First who: the largest number of people, and among those sets the best waiting order (nobody is left out for
    somebody served after). Then with whom: the highest total of points for exactly these people; then the best shared
    load. `seed` only breaks exact ties. Raises ProblemError for a reciprocal problem (see `general.solve_peers`).
    """
    raise NotImplementedError
