"""Who was in a round and what they wrote, through the matching; what comes out is staged like any run, and says less.

Of a pair it is said that it comes from the round, nothing else: the same words whether both wrote the other's name, one
did, or the criteria decided. Of somebody left alone, what any run of the same people would say.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from pairing.enums import Part
from pairing.matching import wished
from pairing.matching.problem import People, Problem
from pairing.services.matching import left_alone
from pairing.services.matching_input import load
from pairing.services.runs import Left, Seat, Staged, canonical
from programmes.enums import Form
from programmes.models import Participation, Programme

Written = dict[UUID, list[UUID]]


@dataclass(frozen=True)
class Found:
    """What to stage. `input_text`: who was there, and nothing they wrote: it is not enough to compute again, on purpose."""

    staged: list[Staged]
    unpaired: list[Left]
    input_text: str


def match(*, programme: Programme, form: Form, people: set[int], wishes: Written, met: bool) -> Found:
    """`people`: keys of participations; `wishes`: references, by reference.

    Whoever has no place any more is left out. People who `met` arrange between them how and when to talk.
    """
    problem = _only(load(programme, form).problem, people)
    if met:
        problem = replace(problem, channel_required=False, hours_required=False)
    rows = _rows(problem)
    ours, theirs = (_wishes(side, other, wishes) for side, other in (rows, rows[::-1]))
    if problem.reciprocal:
        pairs, silent = wished.among_peers(problem, ours)
    else:
        pairs, silent = wished.across(problem, ours, theirs)
    return Found(
        _staged(problem, pairs), left_alone(problem, silent), canonical({"form": form, "people": sorted(people)})
    )


def _only(problem: Problem, people: set[int]) -> Problem:
    """The same problem where the others have no place."""

    def side(whole: People) -> People:
        inside = np.isin(whole.key, sorted(people))
        return replace(whole, places=np.where(inside, whole.places, 0).astype(whole.places.dtype))

    helped = side(problem.helped)
    helpers = helped if problem.reciprocal else side(problem.helpers)
    return replace(problem, helped=helped, helpers=helpers)


def _rows(problem: Problem) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """For each side, the row of a participation by its reference."""
    keys = [*problem.helped.key.tolist(), *problem.helpers.key.tolist()]
    refs = dict(Participation.objects.filter(pk__in=keys).values_list("pk", "ref"))
    one, other = (
        {refs[key]: row for row, key in enumerate(side.key.tolist())} for side in (problem.helped, problem.helpers)
    )
    return one, other


def _wishes(side: dict[UUID, int], other: dict[UUID, int], wishes: Written) -> list[list[int]]:
    """By row of `side`, rows of `other`, in order; names that are no longer there are passed over."""
    found: list[list[int]] = [[] for _ in side]
    for ref, row in side.items():
        found[row] = [other[name] for name in wishes.get(ref, []) if name in other]
    return found


def _staged(problem: Problem, pairs: list[tuple[int, int]]) -> list[Staged]:
    """In the order of the people, so that not even the order says anything."""
    parts = (Part.PEER, Part.PEER) if problem.reciprocal else (Part.HELPED, Part.HELPER)
    used: dict[int, int] = {}
    staged = []
    for one, other in sorted(pairs):
        used[other] = used.get(other, 0) + 1
        slot = 1 if problem.reciprocal else used[other]
        seats = (
            Seat(int(problem.helped.key[one]), parts[0]),
            Seat(int(problem.helpers.key[other]), parts[1], slot),
        )
        staged.append(Staged(seats))
    return staged
