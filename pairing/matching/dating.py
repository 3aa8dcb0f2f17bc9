"""Rencontres croisées: who meets whom, round by round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Round:
    """One round: tables (a, b) that meet at the same time, and those who rest."""

    tables: tuple[tuple[int, int], ...]
    resting: tuple[int, ...]  # one population: rows; two sides: rows of the first side
    resting_other: tuple[int, ...] = ()  # two sides: rows of the second side


def everybody(count: int, *, allowed: Callable[[int, int], bool] = lambda a, b: True) -> tuple[Round, ...]:
    """Everybody meets everybody once, a < b: count - 1 rounds when even, count when odd (one rests each round).

    Pairs that are not allowed do not meet: both rest. 8 people are 7 rounds of 4 tables.
    """
    raise NotImplementedError


def two_sides(first: int, second: int, *, allowed: Callable[[int, int], bool] = lambda a, b: True) -> tuple[Round, ...]:
    """Everybody of one side meets everybody of the other once, in max(first, second) rounds."""
    raise NotImplementedError


def sheet(rounds: tuple[Round, ...], person: int, *, other_side: bool = False) -> tuple[int | None, ...]:
    """Whom one person meets, round by round; None is a rest."""
    raise NotImplementedError
