"""Who was in a round and what they wrote, through the matching; what comes out is staged like any run, and says less.

Of a pair it is said that it comes from the round, nothing else: the same words whether both wrote the other's name, one
did, or the criteria decided. Of somebody left alone, that there is no place yet.
"""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from pairing.enums import Part
from pairing.matching import ALGORITHM_VERSION, wished
from pairing.services.rules import compatible
from pairing.services.runs import Left, Seat, Staged, canonical
from programmes.enums import Form, Side
from programmes.models import Participation

METHOD = f"{ALGORITHM_VERSION}"
Written = dict[UUID, list[UUID]]


@dataclass(frozen=True)
class Found:
    """What to stage. `input_text`: who was there, and nothing they wrote: not enough to compute again, on purpose."""

    staged: list[Staged]
    unpaired: list[Left]
    input_text: str


def match(*, form: Form, people: list[Participation], written: Written) -> Found:
    """`people` in the order of their wait; `written`: references, by reference."""
    helpers = [row for row in people if row.side == Side.HELPER]
    looking = [row for row in people if row.side != Side.HELPER]
    others = looking if form == Form.RECIPROCAL else helpers
    allowed = np.array([[compatible(one, other) for other in others] for one in looking], dtype=bool)
    allowed = allowed.reshape(len(looking), len(others))
    points = np.array([[_points(one, other) for other in others] for one in looking], dtype=np.int64)
    points, order = points.reshape(allowed.shape), range(len(looking))
    ours = _rows(looking, others, written)
    if form == Form.RECIPROCAL:
        pairs = wished.among_peers(allowed, points, order, ours)
        parts = (Part.PEER, Part.PEER)
    else:
        places = [row.places - row.memberships.filter(live=True).count() for row in helpers]
        pairs = wished.across(allowed, points, order, places, ours, _rows(others, looking, written))
        parts = (Part.HELPED, Part.HELPER)
    paired = {row for pair in pairs for row in (pair if form == Form.RECIPROCAL else pair[:1])}
    left = [Left(one.pk) for row, one in enumerate(looking) if row not in paired]
    keys = sorted(row.pk for row in people)
    return Found(_staged(pairs, looking, others, parts), left, canonical({"form": form, "people": keys}))


def _points(one: Participation, other: Participation) -> int:
    """What goes on after the wishes: common themes, hours and ways to talk."""
    themes = {theme.pk for theme in one.themes.all()} & {theme.pk for theme in other.themes.all()}
    hours = one.variable_hours or other.variable_hours or bool(one.slots & other.slots)
    channels = bool(set(one.channels) & set(other.channels))
    return min(400, 100 * len(themes)) + 300 * hours + 300 * channels


def _rows(side: list[Participation], other: list[Participation], written: Written) -> list[list[int]]:
    """By row of `side`, rows of `other`, in order; names that are no longer there are passed over."""
    at = {row.ref: number for number, row in enumerate(other)}
    return [[at[name] for name in written.get(row.ref, []) if name in at] for row in side]


def _staged(
    pairs: list[tuple[int, int]],
    looking: list[Participation],
    others: list[Participation],
    parts: tuple[Part, Part],
) -> list[Staged]:
    """In the order of the people, so that not even the order says anything."""
    used: dict[int, int] = {}
    staged = []
    for one, other in sorted(pairs, key=lambda pair: (looking[pair[0]].pk, others[pair[1]].pk)):
        used[other] = used.get(other, 0) + 1
        slot = used[other] if parts[1] == Part.HELPER else 1
        staged.append(Staged((Seat(looking[one].pk, parts[0]), Seat(others[other].pk, parts[1], slot))))
    return staged
