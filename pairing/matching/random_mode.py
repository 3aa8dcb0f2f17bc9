"""Aléatoire contrôlé: chance decides, within the rules and never at the price of somebody's pair."""

from __future__ import annotations

import random

import numpy as np

from pairing.matching.problem import Problem

EXACT_UP_TO = 12
STEPS_PER_PERSON = 50


def draw(problem: Problem, *, rng: random.Random) -> np.ndarray:
    """A pairing of the largest number of people, by chance: int32 (k, 2).

    Up to EXACT_UP_TO people on each side, exactly uniform over all the largest pairings (places of one helper are not
    told apart). Above, a chain of swaps of at least STEPS_PER_PERSON × n accepted steps from a largest pairing.
    `rng` is injected: random.SystemRandom in production, seeded for replays and tests. Reciprocal problems too.
    """
    raise NotImplementedError
