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


def _always(first: int, second: int) -> bool:
    return True


def everybody(count: int, *, allowed: Callable[[int, int], bool] = _always) -> tuple[Round, ...]:
    """Everybody meets everybody once, a < b: count - 1 rounds when even, count when odd (one rests each round).

    Pairs that are not allowed do not meet: both rest. 8 people are 7 rounds of 4 tables. The circle method: one stays,
    the others go round. Rounds where nobody would meet are left out.
    """
    seats = list(range(count)) if count % 2 == 0 else [*range(count), None]
    half = len(seats) // 2
    made = []
    for _ in range(len(seats) - 1):
        faces = [pair for pair in zip(seats[:half], reversed(seats[half:]), strict=True) if None not in pair]
        tables = sorted((min(pair), max(pair)) for pair in faces)
        made.append(_round([pair for pair in tables if allowed(*pair)], count))
        seats = [seats[0], seats[-1], *seats[1:-1]]
    return tuple(meeting for meeting in made if meeting.tables)


def two_sides(first: int, second: int, *, allowed: Callable[[int, int], bool] = _always) -> tuple[Round, ...]:
    """Everybody of one side meets everybody of the other once, in max(first, second) rounds.

    The larger side stays seated, the other moves by one each time. Rounds where nobody would meet are left out.
    """
    longest = max(first, second)
    made = []
    for turn in range(longest):
        if first <= second:
            pairs = [(a, (a + turn) % second) for a in range(first)]
        else:
            pairs = sorted(((b + turn) % first, b) for b in range(second))
        tables = [pair for pair in pairs if allowed(*pair)]
        if tables:
            made.append(
                Round(
                    tuple(tables),
                    tuple(sorted(set(range(first)) - {a for a, _ in tables})),
                    tuple(sorted(set(range(second)) - {b for _, b in tables})),
                )
            )
    return tuple(made)


def _round(tables: list[tuple[int, int]], count: int) -> Round:
    return Round(tuple(tables), tuple(sorted(set(range(count)) - {person for pair in tables for person in pair})))


def sheet(rounds: tuple[Round, ...], person: int, *, side: int | None = None) -> tuple[int | None, ...]:
    """Whom one person meets, round by round; None is a rest. `side`: None for one population, else 0 or 1."""
    met = []
    for meeting in rounds:
        found = None
        for table in meeting.tables:
            for seat in (0, 1):
                if table[seat] == person and side in (None, seat):
                    found = table[1 - seat]
        met.append(found)
    return tuple(met)
