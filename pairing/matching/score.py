"""The score: named criteria, each a whole number of points; a pair is worth the sum of its parts, exactly.

Every criterion is one function of broadcast columns, so that a block of 10⁵ pairs and one single pair go through the
same lines. What somebody did not say is worth half (« à voir ensemble »), never zero. Entre pairs, a criterion is worth
the mean of both directions, rounded down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pairing.matching.problem import IN_PERSON, Criterion, People, Problem, fixed_hours, pairs_array

ENOUGH_THEMES = 3  # more common themes than this add nothing
LONG_WAIT = 180  # days after which waiting is worth all its points


class Fact(StrEnum):
    """Why a criterion gives what it gives: codes that become sentences."""

    COMMON_THEMES = "common_themes"  # mask: themes asked for and offered
    NO_COMMON_THEME = "no_common_theme"
    THEMES_OPEN = "themes_open"  # no theme asked for
    COMMON_SLOTS = "common_slots"  # mask: slots
    HOURS_TO_AGREE = "hours_to_agree"  # variable hours, or hours not said
    NO_COMMON_SLOT = "no_common_slot"
    COMMON_CHANNELS = "common_channels"  # mask: channels
    CHANNEL_WITH_TRAVEL = "channel_with_travel"  # only in person, and not at the same place; mask: channels
    CHANNEL_TO_AGREE = "channel_to_agree"
    NO_COMMON_CHANNEL = "no_common_channel"
    NO_PREFERENCE = "no_preference"
    PREFERENCES_MET = "preferences_met"
    PREFERENCES_PARTLY = "preferences_partly"  # all but one
    PREFERENCES_UNMET = "preferences_unmet"
    COMMON_SETTING = "common_setting"  # mask
    NO_COMMON_SETTING = "no_common_setting"
    COMMON_LIVED = "common_lived"  # mask: ticked by both
    NO_COMMON_LIVED = "no_common_lived"
    SAME_SENIORITY = "same_seniority"
    CLOSE_SENIORITY = "close_seniority"
    NO_CLOSE_SENIORITY = "no_close_seniority"
    SAME_LEVEL = "same_level"
    CLOSE_LEVEL = "close_level"
    FAR_LEVEL = "far_level"
    LEVEL_UNKNOWN = "level_unknown"
    EXCHANGE_ACCESSIBLE = "exchange_accessible"
    EXCHANGE_NO_NEED = "exchange_no_need"
    EXCHANGE_ONE_NEED = "exchange_one_need"  # one need to organise
    EXCHANGE_NEEDS = "exchange_needs"  # several needs to organise
    WAITING = "waiting"
    CONTINUES = "continues"
    NEW = "new"


@dataclass(frozen=True)
class Part:
    """What one criterion gives to one pair. `fact` says why, in a code for words; `mask` what is shared, if anything."""

    criterion: Criterion
    points: int
    maximum: int
    fact: Fact
    mask: int = 0  # bits of what is common (themes, slots, channels, lived…)


class _Side:
    """Columns of one side, shaped to be broadcast against the other's, masks in the smallest type that holds them."""

    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        self.__dict__.update(columns)

    def at(self, rows: slice | np.ndarray, axis: int | None) -> _Side:
        return _Side(
            {
                name: column[rows] if axis is None else np.expand_dims(column[rows], axis)
                for name, column in self.__dict__.items()
            }
        )


_MASKS = ("themes", "slots", "channels", "setting", "lived", "traits", "wants", "exchange_needs", "exchange_offers")


def _columns(problem: Problem) -> tuple[_Side, _Side]:
    def of(people: People) -> dict[str, np.ndarray]:
        made = {name: getattr(people, name) for name in (*_MASKS, "site", "seniority", "level")}
        made["slots"] = fixed_hours(people)
        made["waiting"] = np.minimum(people.waiting_days, LONG_WAIT)
        return made

    one, other = of(problem.helped), of(problem.helpers)
    for name in _MASKS:
        largest = max((int(side[name].max()) for side in (one, other) if len(side[name])), default=0)
        dtype = np.min_scalar_type(largest)
        one[name], other[name] = one[name].astype(dtype), other[name].astype(dtype)
    # Needs and what meets them must be as wide as each other.
    for needs, offers in (("wants", "traits"), ("exchange_needs", "exchange_offers")):
        dtype = np.promote_types(one[needs].dtype, one[offers].dtype)
        for side in (one, other):
            side[needs], side[offers] = side[needs].astype(dtype), side[offers].astype(dtype)
    return _Side(one), _Side(other)


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


def _themes(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    wanted = np.minimum(np.bitwise_count(one.themes), ENOUGH_THEMES).astype(np.int16)
    asked = np.maximum(wanted, 1)
    steps = [np.where(wanted >= least, maximum * least // asked, maximum) for least in range(1, ENOUGH_THEMES + 1)]
    points = _steps(np.bitwise_count(one.themes & other.themes), steps)
    points += (wanted == 0) * np.int16(maximum // 2)
    return points


def _hours(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    points = _steps(np.bitwise_count(one.slots & other.slots), [maximum // 2, maximum * 5 // 6, maximum])
    return _unsaid_half(points, (one.slots == 0) | (other.slots == 0), maximum)


def _travel(one: _Side, other: _Side) -> np.ndarray:
    """Where meeting in person would mean travelling: both places known, and not the same."""
    return (one.site != other.site) & (one.site != 0) & (other.site != 0)


def _channel(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    common = one.channels & other.channels
    far = _travel(one, other) & (common == IN_PERSON)
    points = (common != 0) * np.int16(maximum)
    points -= far * np.int16(maximum - maximum // 3)
    return _unsaid_half(points, (one.channels == 0) | (other.channels == 0), maximum)


def _unmet(one: _Side, other: _Side, needs: str, offers: str) -> np.ndarray:
    """How many needs of both the other does not meet."""
    mine, theirs = getattr(one, needs), getattr(other, needs)
    count = np.bitwise_count(mine & ~getattr(other, offers)) if mine.any() else np.uint8(0)
    if theirs.any():
        count = count + np.bitwise_count(theirs & ~getattr(one, offers))
    return np.asarray(count, dtype=np.uint8)


def _met(one: _Side, other: _Side, maximum: int, needs: str, offers: str) -> np.ndarray:
    return np.int16(maximum) - _steps(_unmet(one, other, needs, offers), [maximum - maximum // 2, maximum])


def _preferences(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    return _met(one, other, maximum, "wants", "traits")


def _exchange(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    return _met(one, other, maximum, "exchange_needs", "exchange_offers")


def _setting(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    return ((one.setting & other.setting) != 0) * np.int16(maximum)


def _lived(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    return ((one.lived & other.lived) != 0) * np.int16(maximum)


def _seniority(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    apart = np.abs(one.seniority - other.seniority)
    both = (one.seniority != 0) & (other.seniority != 0)
    points = (both & (apart == 0)) * np.int16(maximum)
    points += (both & (apart == 1)) * np.int16(maximum // 2)
    return points


def _distance(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    apart = np.abs(one.level - other.level)
    points = (apart == 0) * np.int16(maximum)
    points += (apart == 1) * np.int16(maximum * 2 // 3)
    points += (apart == 2) * np.int16(maximum // 3)
    return _unsaid_half(points, (one.level == 0) | (other.level == 0), maximum)


def _waiting(one: _Side, other: _Side, maximum: int) -> np.ndarray:
    return (maximum * one.waiting // LONG_WAIT).astype(np.int16)


_CRITERIA: dict[Criterion, Callable[[_Side, _Side, int], np.ndarray]] = {
    Criterion.THEMES: _themes,
    Criterion.HOURS: _hours,
    Criterion.CHANNEL: _channel,
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
        self._helped, self._helpers = _columns(problem)
        pairs = problem.continuity.astype(np.int64)
        if problem.reciprocal:
            pairs = np.concatenate([pairs, pairs[:, ::-1]])
        self._width = max(problem.shape[1], 1)
        self._continued = np.unique(pairs[:, 0] * self._width + pairs[:, 1])

    def block(self, start: int, stop: int) -> np.ndarray:
        """Points of rows start..stop with everybody: int16 (stop - start, m), 0..1000. Exclusions are no score."""
        one, other = self._helped.at(slice(start, stop), 1), self._helpers.at(slice(None), 0)
        points = np.zeros((stop - start, self.problem.shape[1]), dtype=np.int16)
        for criterion, maximum in self.problem.maxima.items():
            if criterion is not Criterion.CONTINUITY:
                points += self._one(criterion, one, other, maximum)
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
        maxima = self.problem.maxima
        points = {criterion: column.tolist() for criterion, column in self._by_criterion(pairs).items()}
        used = [criterion for criterion in Criterion if criterion in maxima]
        return [
            tuple(Part(one, points[one][number], maxima[one], *self._fact(one, i, j)) for one in used)
            for number, (i, j) in enumerate(pairs.tolist())
        ]

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

    def _one(self, criterion: Criterion, one: _Side, other: _Side, maximum: int) -> np.ndarray:
        points = _CRITERIA[criterion](one, other, maximum)
        if self.problem.reciprocal and criterion in _ONE_WAY:
            return (points + _CRITERIA[criterion](other, one, maximum)) // np.int16(2)
        return points

    def _fact(self, criterion: Criterion, i: int, j: int) -> tuple[Fact, int]:
        one = self._helped.at(slice(i, i + 1), None)
        other = self._helpers.at(slice(j, j + 1), None)
        if criterion is Criterion.CONTINUITY:
            continued = np.isin(i * self._width + j, self._continued)
            return (Fact.CONTINUES if continued else Fact.NEW), 0
        if criterion is Criterion.THEMES and self.problem.reciprocal and not one.themes[0]:
            one, other = other, one
        fact, mask = _FACTS[criterion](one, other)
        return fact, int(mask)


def _common(name: str, some: Fact, none: Fact) -> Callable[[_Side, _Side], tuple[Fact, int]]:
    def fact(one: _Side, other: _Side) -> tuple[Fact, int]:
        mask = getattr(one, name)[0] & getattr(other, name)[0]
        return (some if mask else none), mask

    return fact


def _said(name: str, fact: Callable[[_Side, _Side], tuple[Fact, int]], unsaid: Fact, *, both: bool = True) -> Callable:
    def or_unsaid(one: _Side, other: _Side) -> tuple[Fact, int]:
        if not getattr(one, name)[0] or (both and not getattr(other, name)[0]):
            return unsaid, 0
        return fact(one, other)

    return or_unsaid


def _channel_fact(one: _Side, other: _Side) -> tuple[Fact, int]:
    mask = one.channels[0] & other.channels[0]
    if not mask:
        return Fact.NO_COMMON_CHANNEL, 0
    far = mask == IN_PERSON and _travel(one, other)[0]
    return (Fact.CHANNEL_WITH_TRAVEL if far else Fact.COMMON_CHANNELS), mask


def _needs_fact(needs: str, offers: str, none: Fact, met: Fact, one_unmet: Fact, unmet: Fact) -> Callable:
    def fact(one: _Side, other: _Side) -> tuple[Fact, int]:
        if not (getattr(one, needs)[0] or getattr(other, needs)[0]):
            return none, 0
        return (met, one_unmet, unmet)[min(2, int(_unmet(one, other, needs, offers).max()))], 0

    return fact


def _apart_fact(name: str, same: Fact, close: Fact, far: Fact, reach: int) -> Callable:
    def fact(one: _Side, other: _Side) -> tuple[Fact, int]:
        mine, theirs = int(getattr(one, name)[0]), int(getattr(other, name)[0])
        apart = abs(mine - theirs) if mine and theirs else reach + 1
        return (same if apart == 0 else close if apart <= reach else far), 0

    return fact


_FACTS: dict[Criterion, Callable[[_Side, _Side], tuple[Fact, int]]] = {
    Criterion.THEMES: _said(
        "themes", _common("themes", Fact.COMMON_THEMES, Fact.NO_COMMON_THEME), Fact.THEMES_OPEN, both=False
    ),
    Criterion.HOURS: _said("slots", _common("slots", Fact.COMMON_SLOTS, Fact.NO_COMMON_SLOT), Fact.HOURS_TO_AGREE),
    Criterion.CHANNEL: _said("channels", _channel_fact, Fact.CHANNEL_TO_AGREE),
    Criterion.PREFERENCES: _needs_fact(
        "wants", "traits", Fact.NO_PREFERENCE, Fact.PREFERENCES_MET, Fact.PREFERENCES_PARTLY, Fact.PREFERENCES_UNMET
    ),
    Criterion.SETTING: _common("setting", Fact.COMMON_SETTING, Fact.NO_COMMON_SETTING),
    Criterion.LIVED: _common("lived", Fact.COMMON_LIVED, Fact.NO_COMMON_LIVED),
    Criterion.SENIORITY: _apart_fact(
        "seniority", Fact.SAME_SENIORITY, Fact.CLOSE_SENIORITY, Fact.NO_CLOSE_SENIORITY, 1
    ),
    Criterion.DISTANCE: _said(
        "level", _apart_fact("level", Fact.SAME_LEVEL, Fact.CLOSE_LEVEL, Fact.FAR_LEVEL, 1), Fact.LEVEL_UNKNOWN
    ),
    Criterion.EXCHANGE: _needs_fact(
        "exchange_needs",
        "exchange_offers",
        Fact.EXCHANGE_NO_NEED,
        Fact.EXCHANGE_ACCESSIBLE,
        Fact.EXCHANGE_ONE_NEED,
        Fact.EXCHANGE_NEEDS,
    ),
    Criterion.WAITING: lambda one, other: (Fact.WAITING, 0),
}
