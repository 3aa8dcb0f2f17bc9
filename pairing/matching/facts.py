"""Why a criterion gives what it gives to a pair: codes that become sentences, and what is shared."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from pairing.matching.problem import IN_PERSON, Criterion
from pairing.matching.sides import Side, no_common_place, site_needed, unmet


class Fact(StrEnum):
    """Why a criterion gives what it gives: codes that become sentences."""

    COMMON_THEMES = "common_themes"  # mask: themes asked for and offered
    NO_COMMON_THEME = "no_common_theme"
    THEMES_OPEN = "themes_open"  # no theme asked for
    COMMON_SLOTS = "common_slots"  # mask: slots
    HOURS_TO_AGREE = "hours_to_agree"  # variable hours, or hours not said
    NO_COMMON_SLOT = "no_common_slot"
    COMMON_CHANNELS = "common_channels"  # mask: channels
    PLACE_AGREED = "place_agreed"  # only in person, where both wish; mask: channels
    PLACE_TO_AGREE = "place_to_agree"  # only in person, and no one place is what both wish; mask: channels
    SITE_NOT_NEEDED = "site_not_needed"  # another way to exchange, or outside any workplace
    COMMON_SITE = "common_site"  # mask: sites
    SITE_BY_TRAVEL = "site_by_travel"  # no site in common, but one of them travels
    SITE_TO_AGREE = "site_to_agree"  # one of them did not say
    NO_COMMON_SITE = "no_common_site"
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


class Part(NamedTuple):
    """What one criterion gives to one pair. `fact` says why, in a code for words; `mask` what is shared, if anything."""

    criterion: Criterion
    points: int
    maximum: int
    fact: Fact
    mask: int = 0  # bits of what is common (themes, slots, channels, lived…)


# For pairs (k,): the number of each one's fact in the list of the criterion, and the mask of what is shared.
Told = tuple[np.ndarray, np.ndarray]
Telling = tuple[tuple[Fact, ...], Callable[[Side, Side], Told]]


def tell(criterion: Criterion, one: Side, other: Side) -> list[tuple[Fact, int]]:
    """The fact and the mask of each pair; `one` and `other` hold as many rows as there are pairs."""
    facts, telling = _TELLING[criterion]
    number, mask = telling(one, other)
    return [(facts[which], shared) for which, shared in zip(number.tolist(), mask.tolist(), strict=True)]


def _common(name: str) -> Callable[[Side, Side], Told]:
    """0: something in common, 1: nothing."""

    def telling(one: Side, other: Side) -> Told:
        mask = getattr(one, name) & getattr(other, name)
        return np.where(mask != 0, 0, 1), mask

    return telling


def _unless_unsaid(name: str, telling: Callable[[Side, Side], Told], last: int) -> Callable[[Side, Side], Told]:
    """`last` when one of the two did not say."""

    def or_unsaid(one: Side, other: Side) -> Told:
        number, mask = telling(one, other)
        return np.where((getattr(one, name) == 0) | (getattr(other, name) == 0), last, number), mask

    return or_unsaid


def _themes(one: Side, other: Side) -> Told:
    number, mask = _common("themes")(one, other)
    return np.where(one.themes == 0, 2, number), mask


def _channel(one: Side, other: Side) -> Told:
    mask = one.channels & other.channels
    met = mask == IN_PERSON
    wished = met & ((one.place != 0) | (other.place != 0))
    apart = met & no_common_place(one, other)
    return np.where(mask == 0, 3, np.where(apart, 2, np.where(wished, 1, 0))), mask


def _site(one: Side, other: Side) -> Told:
    needed, mask = site_needed(one, other), one.sites & other.sites
    unsaid = (one.sites == 0) | (other.sites == 0)
    number = np.where(mask != 0, 1, np.where(one.travels | other.travels, 2, np.where(unsaid, 3, 4)))
    return np.where(needed, number, 0), np.where(needed, mask, 0)


def _needs(needs: str, offers: str) -> Callable[[Side, Side], Told]:
    """0: no need, 1: all met, 2: one not met, 3: several."""

    def telling(one: Side, other: Side) -> Told:
        none = (getattr(one, needs) == 0) & (getattr(other, needs) == 0)
        number = np.where(none, 0, 1 + np.minimum(unmet(one, other, needs, offers), np.uint8(2)))
        return number, np.zeros(len(number), dtype=np.uint8)

    return telling


def _apart(name: str) -> Callable[[Side, Side], Told]:
    """0: the same, 1: next to each other, 2: further or unknown."""

    def telling(one: Side, other: Side) -> Told:
        mine, theirs = getattr(one, name), getattr(other, name)
        number = np.where((mine == 0) | (theirs == 0), 2, np.minimum(np.abs(mine - theirs), 2))
        return number, np.zeros(len(number), dtype=np.uint8)

    return telling


def _always(one: Side, other: Side) -> Told:
    nothing = np.zeros(len(one.waiting), dtype=np.uint8)
    return nothing, nothing


_TELLING: dict[Criterion, Telling] = {
    Criterion.THEMES: ((Fact.COMMON_THEMES, Fact.NO_COMMON_THEME, Fact.THEMES_OPEN), _themes),
    Criterion.HOURS: (
        (Fact.COMMON_SLOTS, Fact.NO_COMMON_SLOT, Fact.HOURS_TO_AGREE),
        _unless_unsaid("slots", _common("slots"), 2),
    ),
    Criterion.CHANNEL: (
        (
            *(Fact.COMMON_CHANNELS, Fact.PLACE_AGREED, Fact.PLACE_TO_AGREE),
            *(Fact.NO_COMMON_CHANNEL, Fact.CHANNEL_TO_AGREE),
        ),
        _unless_unsaid("channels", _channel, 4),
    ),
    Criterion.SITE: (
        (
            *(Fact.SITE_NOT_NEEDED, Fact.COMMON_SITE, Fact.SITE_BY_TRAVEL),
            *(Fact.SITE_TO_AGREE, Fact.NO_COMMON_SITE),
        ),
        _site,
    ),
    Criterion.PREFERENCES: (
        (Fact.NO_PREFERENCE, Fact.PREFERENCES_MET, Fact.PREFERENCES_PARTLY, Fact.PREFERENCES_UNMET),
        _needs("wants", "traits"),
    ),
    Criterion.SETTING: ((Fact.COMMON_SETTING, Fact.NO_COMMON_SETTING), _common("setting")),
    Criterion.LIVED: ((Fact.COMMON_LIVED, Fact.NO_COMMON_LIVED), _common("lived")),
    Criterion.SENIORITY: (
        (Fact.SAME_SENIORITY, Fact.CLOSE_SENIORITY, Fact.NO_CLOSE_SENIORITY),
        _apart("seniority"),
    ),
    Criterion.DISTANCE: (
        (Fact.SAME_LEVEL, Fact.CLOSE_LEVEL, Fact.FAR_LEVEL, Fact.LEVEL_UNKNOWN),
        _unless_unsaid("level", _apart("level"), 3),
    ),
    Criterion.EXCHANGE: (
        (Fact.EXCHANGE_NO_NEED, Fact.EXCHANGE_ACCESSIBLE, Fact.EXCHANGE_ONE_NEED, Fact.EXCHANGE_NEEDS),
        _needs("exchange_needs", "exchange_offers"),
    ),
    Criterion.WAITING: ((Fact.WAITING,), _always),
}
