"""Rencontres croisées and vœux: pairs from ranked wishes, so that no two people would rather have each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MAX_WISHES = 3


@dataclass(frozen=True)
class Match:
    """Pairs of rows; `blocking` are the pairs of people who would rather have each other (empty when stable)."""

    pairs: tuple[tuple[int, int], ...]
    blocking: tuple[tuple[int, int], ...]


def two_sides(
    helped_wishes: Sequence[Sequence[int]],
    helper_wishes: Sequence[Sequence[int]],
    places: Sequence[int],
    *,
    allowed: np.ndarray,
    points: np.ndarray | None = None,
    helpers_first: bool = False,
) -> Match:
    """Stable pairs with places. Wishes are rows of the other side, best first, 0 to 3 each.

    Without `points` only mutual wishes can become pairs. With `points` (int (n, m)) the score continues every list:
    after their wishes, people are ranked by points, then by row. `allowed` (bool (n, m)) is what the rules permit.
    The side that proposes (the helped by default) gets its best stable pairs.
    """
    raise NotImplementedError


def one_population(wishes: Sequence[Sequence[int]], *, allowed: np.ndarray, points: np.ndarray | None = None) -> Match:
    """The same among peers: the fewest blocking pairs, none when a stable pairing exists."""
    raise NotImplementedError


def blocking_pairs(
    ranks: Mapping[tuple[int, int], tuple[int, int]], pairs: Sequence[tuple[int, int]], places: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Pairs who would both rather have each other."""
    raise NotImplementedError
