"""The score: named criteria, each a whole number of points; a pair is worth the sum of its parts, exactly.

Every criterion is one function of broadcast columns, so that a block of 10⁵ pairs and one single pair go through the
same lines. What somebody did not say is worth half (« à voir ensemble »), never zero. Entre pairs, a criterion is worth
the mean of both directions, rounded down.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from pairing.matching.facts import Fact, Part, tell
from pairing.matching.kinds import Table, tables
from pairing.matching.problem import IN_PERSON, Criterion, Problem, pairs_array
from pairing.matching.sides import LONG_WAIT, Side, columns_of, no_common_place, site_needed, unmet

ENOUGH_THEMES = 3  # more common themes than this add nothing
KINDS_FROM = 1 << 18  # pairs from which looking for kinds of people is worth its time


def _steps(count: np.ndarray, steps: list[int | np.ndarray]) -> np.ndarray:
    """steps[0] points from 1 on, steps[1] from 2 on, steps[2] from 3 on: each the whole sum so far."""
    points = (count >= np.uint8(1)) * np.asarray(steps[0], dtype=np.int16)
    for least in range(1, len(steps)):
        points += (count >= np.uint8(least + 1)) * np.asarray(steps[least] - steps[least - 1], dtype=np.int16)
    return points


def _unsaid_half(points: np.ndarray, unsaid: np.ndarray, maximum: int) -> np.ndarray:
    if unsaid.any():
        points *= ~unsaid
        points += unsaid * np.int16(maximum // 2)
    return points


def _themes(one: Side, other: Side, maximum: int) -> np.ndarray:
    wanted = np.minimum(np.bitwise_count(one.themes), ENOUGH_THEMES).astype(np.int16)
    asked = np.maximum(wanted, 1)
    steps = [np.where(wanted >= least, maximum * least // asked, maximum) for least in range(1, ENOUGH_THEMES + 1)]
    points = _steps(np.bitwise_count(one.themes & other.themes), steps)
    points += (wanted == 0) * np.int16(maximum // 2)
    return points


def _hours(one: Side, other: Side, maximum: int) -> np.ndarray:
    points = _steps(np.bitwise_count(one.slots & other.slots), [maximum // 2, maximum * 5 // 6, maximum])
    return _unsaid_half(points, (one.slots == 0) | (other.slots == 0), maximum)


def _channel(one: Side, other: Side, maximum: int) -> np.ndarray:
    common = one.channels & other.channels
    apart = no_common_place(one, other) & (common == IN_PERSON)
    points = (common != 0) * np.int16(maximum)
    points -= apart * np.int16(maximum - maximum // 3)
    return _unsaid_half(points, (one.channels == 0) | (other.channels == 0), maximum)


def _site(one: Side, other: Side, maximum: int) -> np.ndarray:
    travels = one.travels | other.travels
    unsaid = (one.sites == 0) | (other.sites == 0)
    without = np.where(travels, maximum * 2 // 3, unsaid * np.int16(maximum // 2)).astype(np.int16)
    lost = site_needed(one, other) & ((one.sites & other.sites) == 0)
    return np.int16(maximum) - lost * (np.int16(maximum) - without)


def _met(one: Side, other: Side, maximum: int, needs: str, offers: str) -> np.ndarray:
    return np.int16(maximum) - _steps(unmet(one, other, needs, offers), [maximum - maximum // 2, maximum])


def _preferences(one: Side, other: Side, maximum: int) -> np.ndarray:
    return _met(one, other, maximum, "wants", "traits")


def _exchange(one: Side, other: Side, maximum: int) -> np.ndarray:
    return _met(one, other, maximum, "exchange_needs", "exchange_offers")


def _setting(one: Side, other: Side, maximum: int) -> np.ndarray:
    return ((one.setting & other.setting) != 0) * np.int16(maximum)


def _lived(one: Side, other: Side, maximum: int) -> np.ndarray:
    return ((one.lived & other.lived) != 0) * np.int16(maximum)


def _seniority(one: Side, other: Side, maximum: int) -> np.ndarray:
    apart = np.abs(one.seniority - other.seniority)
    both = (one.seniority != 0) & (other.seniority != 0)
    points = (both & (apart == 0)) * np.int16(maximum)
    points += (both & (apart == 1)) * np.int16(maximum // 2)
    return points


def _distance(one: Side, other: Side, maximum: int) -> np.ndarray:
    apart = np.abs(one.level - other.level)
    points = (apart == 0) * np.int16(maximum)
    points += (apart == 1) * np.int16(maximum * 2 // 3)
    points += (apart == 2) * np.int16(maximum // 3)
    return _unsaid_half(points, (one.level == 0) | (other.level == 0), maximum)


def _waiting(one: Side, other: Side, maximum: int) -> np.ndarray:
    return (maximum * one.waiting // LONG_WAIT).astype(np.int16)


_CRITERIA: dict[Criterion, Callable[[Side, Side, int], np.ndarray]] = {
    Criterion.THEMES: _themes,
    Criterion.HOURS: _hours,
    Criterion.CHANNEL: _channel,
    Criterion.SITE: _site,
    Criterion.PREFERENCES: _preferences,
    Criterion.SETTING: _setting,
    Criterion.LIVED: _lived,
    Criterion.SENIORITY: _seniority,
    Criterion.DISTANCE: _distance,
    Criterion.EXCHANGE: _exchange,
    Criterion.WAITING: _waiting,
}
_ONE_WAY = {Criterion.THEMES, Criterion.WAITING}  # not the same from the other's side


class Scorer:
    """The score of one problem, by blocks of rows, by pairs, or part by part."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._helped, self._helpers = columns_of(problem)
        pairs = problem.continuity.astype(np.int64)
        if problem.reciprocal:
            pairs = np.concatenate([pairs, pairs[:, ::-1]])
        self._width = max(problem.shape[1], 1)
        self._continued = np.unique(pairs[:, 0] * self._width + pairs[:, 1])

    @cached_property
    def _tables(self) -> tuple[list[Table], list[Criterion]]:
        """What is known per kind of people, and the criteria left to be computed pair by pair."""
        criteria = [criterion for criterion in self.problem.maxima if criterion is not Criterion.CONTINUITY]
        if self.problem.shape[0] * self.problem.shape[1] < KINDS_FROM:
            return [], criteria
        maxima = self.problem.maxima
        return tables(criteria, self._helped, self._helpers, lambda one, *sides: self._one(one, *sides, maxima[one]))

    def block(self, start: int, stop: int) -> np.ndarray:
        """Points of rows start..stop with everybody: int16 (stop - start, m), 0..1000. Exclusions are no score."""
        one, other = self._helped.at(slice(start, stop), 1), self._helpers.at(slice(None), 0)
        known, criteria = self._tables
        by_kind = np.zeros((self.problem.shape[1], stop - start), dtype=np.int16)
        for table in known:
            table.add_to(by_kind, start, stop)
        points = np.ascontiguousarray(by_kind.T)
        for criterion in criteria:
            points += self._one(criterion, one, other, self.problem.maxima[criterion])
        first, last = np.searchsorted(self._continued, (start * self._width, stop * self._width))
        rows, columns = np.divmod(self._continued[first:last], self._width)
        points[rows - start, columns] += self.problem.maxima.get(Criterion.CONTINUITY, 0)
        return points

    def pairs(self, pairs: np.ndarray) -> np.ndarray:
        """Points of some pairs (k, 2): int32 (k,)."""
        columns = self._by_criterion(pairs_array(pairs))
        return sum(columns.values(), start=np.zeros(len(pairs), dtype=np.int32))

    def parts(self, i: int, j: int) -> tuple[Part, ...]:
        """The parts of one pair, in the order of `Criterion`, criteria in use only; they add up to the score."""
        return self.all_parts(pairs_array([(i, j)]))[0]

    def all_parts(self, pairs: np.ndarray) -> list[tuple[Part, ...]]:
        """The parts of some pairs (k, 2), in their order."""
        pairs = pairs_array(pairs)
        one, other = self._helped.at(pairs[:, 0], None), self._helpers.at(pairs[:, 1], None)
        points = self._by_criterion(pairs)
        columns = []
        for criterion in Criterion:
            if criterion not in points:
                continue
            maximum, gained = self.problem.maxima[criterion], points[criterion].tolist()
            if criterion is Criterion.CONTINUITY:
                facts = [(Fact.CONTINUES if gain else Fact.NEW, 0) for gain in gained]
            else:
                facts = tell(criterion, one, other)
            columns.append([Part(criterion, gain, maximum, *fact) for gain, fact in zip(gained, facts, strict=True)])
        return list(zip(*columns, strict=True)) if columns else [()] * len(pairs)

    def _by_criterion(self, pairs: np.ndarray) -> dict[Criterion, np.ndarray]:
        one, other = self._helped.at(pairs[:, 0], None), self._helpers.at(pairs[:, 1], None)
        made = {}
        for criterion, maximum in self.problem.maxima.items():
            if criterion is Criterion.CONTINUITY:
                codes = pairs[:, 0].astype(np.int64) * self._width + pairs[:, 1]
                points = np.isin(codes, self._continued) * maximum
            else:
                points = self._one(criterion, one, other, maximum)
            made[criterion] = np.broadcast_to(points, len(pairs)).astype(np.int32)
        return made

    def _one(self, criterion: Criterion, one: Side, other: Side, maximum: int) -> np.ndarray:
        points = _CRITERIA[criterion](one, other, maximum)
        if self.problem.reciprocal and criterion in _ONE_WAY:
            return (points + _CRITERIA[criterion](other, one, maximum)) // np.int16(2)
        return points
