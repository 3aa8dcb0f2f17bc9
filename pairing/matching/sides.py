"""Columns of both sides as the score reads them: shaped to be broadcast, masks in the smallest type that holds them."""

from __future__ import annotations

import numpy as np

from pairing.matching.problem import IN_PERSON, OTHER_PLACE, OUTSIDE, OWN_PLACE, People, Problem, fixed_hours

LONG_WAIT = 180  # days after which waiting is worth all its points
# Wishes about the place that do not go together. Somebody else's workplace, for both, may be a third one.
_APART = np.zeros((4, 4), dtype=bool)
for _one, _other in ((OWN_PLACE, OWN_PLACE), (OUTSIDE, OWN_PLACE), (OUTSIDE, OTHER_PLACE)):
    _APART[_one, _other] = _APART[_other, _one] = True


class Side:
    """Columns of one side, shaped to be broadcast against the other's, masks in the smallest type that holds them."""

    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        self.__dict__.update(columns)

    def at(self, rows: slice | np.ndarray, axis: int | None) -> Side:
        return Side(
            {
                name: column[rows] if axis is None else np.expand_dims(column[rows], axis)
                for name, column in self.__dict__.items()
            }
        )


MASKS = (
    "themes",
    "slots",
    "channels",
    "sites",
    "setting",
    "lived",
    "traits",
    "wants",
    "exchange_needs",
    "exchange_offers",
)


def columns_of(problem: Problem) -> tuple[Side, Side]:
    def of(people: People) -> dict[str, np.ndarray]:
        made = {name: getattr(people, name) for name in (*MASKS, "place", "travels", "seniority", "level")}
        made["slots"] = fixed_hours(people)
        made["waiting"] = np.minimum(people.waiting_days, LONG_WAIT)
        return made

    one, other = of(problem.helped), of(problem.helpers)
    # Outside any workplace, for both: one wishes it, and the other wishes it or does not mind.
    for side, wishes, accepts in ((one, 1, 2), (other, 2, 1)):
        place = side["place"]
        side["outside"] = ((place == OUTSIDE) * wishes + np.isin(place, (0, OUTSIDE)) * accepts).astype(np.uint8)
    for name in MASKS:
        largest = max((int(side[name].max()) for side in (one, other) if len(side[name])), default=0)
        dtype = np.min_scalar_type(largest)
        one[name], other[name] = one[name].astype(dtype), other[name].astype(dtype)
    # Needs and what meets them must be as wide as each other.
    for needs, offers in (("wants", "traits"), ("exchange_needs", "exchange_offers")):
        dtype = np.promote_types(one[needs].dtype, one[offers].dtype)
        for side in (one, other):
            side[needs], side[offers] = side[needs].astype(dtype), side[offers].astype(dtype)
    return Side(one), Side(other)


def no_common_place(one: Side, other: Side) -> np.ndarray:
    """Where no one place would be what both wish: each their own workplace, or only one of them outside any."""
    return _APART[one.place, other.place]


def site_needed(one: Side, other: Side) -> np.ndarray:
    """Where a site is needed: these two can only meet in person, and not outside any workplace."""
    return ((one.channels & other.channels) == IN_PERSON) & ((one.outside & other.outside) == 0)


def unmet(one: Side, other: Side, needs: str, offers: str) -> np.ndarray:
    """How many needs of both the other does not meet."""
    mine, theirs = getattr(one, needs), getattr(other, needs)
    count = np.bitwise_count(mine & ~getattr(other, offers)) if mine.any() else np.uint8(0)
    if theirs.any():
        count = count + np.bitwise_count(theirs & ~getattr(one, offers))
    return np.asarray(count, dtype=np.uint8)
