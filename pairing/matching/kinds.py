"""Kinds of people: those alike in what some criteria read. A score known per kind need not be computed per person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from pairing.matching.problem import Criterion
from pairing.matching.sides import Side

USES: dict[Criterion, tuple[str, ...]] = {
    Criterion.SENIORITY: ("seniority",),
    Criterion.DISTANCE: ("level",),
    Criterion.LIVED: ("lived",),
    Criterion.SETTING: ("setting",),
    Criterion.CHANNEL: ("channels", "place"),
    Criterion.SITE: ("channels", "outside", "sites", "travels"),
    Criterion.EXCHANGE: ("exchange_needs", "exchange_offers"),
    Criterion.PREFERENCES: ("wants", "traits"),
    Criterion.THEMES: ("themes",),
    Criterion.HOURS: ("slots",),
}
CELLS = 1 << 18  # of a table of several criteria: what stays in the cache
WORTH = 16  # a table must be so many times smaller than the board


@dataclass(frozen=True, eq=False)
class Table:
    """Points of some criteria, all at once, per kind: int16 (kinds of helpers, kinds of helped)."""

    points: np.ndarray
    helped: np.ndarray  # the kind of each row
    helpers: np.ndarray  # the kind of each column

    def add_to(self, block: np.ndarray, start: int, stop: int) -> None:
        """`block` is (m, stop - start): whole rows are copied, which is what memory does best."""
        block += self.points[:, self.helped[start:stop]][self.helpers]


@dataclass(frozen=True, eq=False)
class _Group:
    criteria: tuple[Criterion, ...]
    first: tuple[np.ndarray, np.ndarray]  # a row of each kind, both sides
    kind: tuple[np.ndarray, np.ndarray]

    @property
    def cells(self) -> int:
        return len(self.first[0]) * len(self.first[1])

    def with_(self, other: _Group) -> _Group:
        both = [_number([mine, theirs]) for mine, theirs in zip(self.kind, other.kind, strict=True)]
        return _group(self.criteria + other.criteria, both)


def tables(
    criteria: Iterable[Criterion], helped: Side, helpers: Side, points: Callable[[Criterion, Side, Side], np.ndarray]
) -> tuple[list[Table], list[Criterion]]:
    """Tables for the criteria with few kinds on both sides, and the criteria left, to be computed pair by pair."""
    most = len(helped.slots) * len(helpers.slots) // WORTH
    groups, left = [], []
    for criterion in criteria:
        both = [_number([getattr(side, name) for name in USES.get(criterion, ())]) for side in (helped, helpers)]
        group = _group((criterion,), both)
        if criterion not in USES or group.cells > most:
            left.append(criterion)
        else:
            groups.append(group)
    made: list[_Group] = []
    for group in sorted(groups, key=lambda group: group.cells):
        if made and (joined := made[-1].with_(group)).cells <= min(CELLS, most):
            made[-1] = joined
        else:
            made.append(group)
    return [_table(group, helped, helpers, points) for group in made], left


def _table(group: _Group, helped: Side, helpers: Side, points: Callable) -> Table:
    one, other = helped.at(group.first[0], 1), helpers.at(group.first[1], 0)
    shape = len(group.first[0]), len(group.first[1])
    total = np.zeros(shape, dtype=np.int16)
    for criterion in group.criteria:
        total += points(criterion, one, other)
    return Table(np.ascontiguousarray(total.T), *group.kind)


def _number(columns: list[np.ndarray]) -> np.ndarray:
    """A number per row, the same where all columns are."""
    number = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column in columns:
        values, kind = np.unique(column, return_inverse=True)
        number = np.unique(number * len(values) + kind, return_inverse=True)[1]
    return number


def _group(criteria: tuple[Criterion, ...], numbers: list[np.ndarray]) -> _Group:
    found = [np.unique(number, return_index=True, return_inverse=True) for number in numbers]
    return _Group(criteria, (found[0][1], found[1][1]), (found[0][2], found[1][2]))
