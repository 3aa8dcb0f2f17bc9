"""Why somebody has no pair, and the smallest thing that would change it.

Exclusions are one code, whatever they come from: rule or private wish, this side or the other (decision 15). Every
count is taken after them, so that two problems that differ only by where an exclusion comes from are explained alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pairing.matching.problem import Problem
from pairing.matching.solve import Solution


class Cause(StrEnum):
    """The first true reason, from what no place can cure to what only a place would."""

    NOBODY = "nobody"  # there is no helper with a place at all
    INCOMPATIBLE = "incompatible"  # « incompatibilité (règle ou souhait) » with everybody who has a place
    CHANNEL = "channel"  # nobody left shares a channel (« aucune place par téléphone »)
    HOURS = "hours"  # nobody left shares a slot
    CHANNEL_OR_HOURS = "channel_or_hours"  # some lack the channel, the others the hours
    TAKEN = "taken"  # all possible helpers are full with people served before


class Unblock(StrEnum):
    PLACE = "place"  # one more place with somebody who shares a channel; `mask` = the channels that would do
    CHANNEL = "channel"  # one more channel said by this person; `mask` = the channels that would do
    HOURS = "hours"  # one more slot said by this person; `mask` = the slots that would do


@dataclass(frozen=True)
class Help:
    """One smallest change after which this person would be paired and nobody now paired would lose a pair."""

    kind: Unblock
    mask: int = 0


@dataclass(frozen=True)
class Explanation:
    """For one person without a pair. Counts are of helpers left after incompatibilities, never of incompatibilities."""

    row: int
    cause: Cause
    possible: int  # helpers who could be proposed, places apart
    channels: int  # mask of what this person said, for the sentence
    helps: tuple[Help, ...]


def unpaired(problem: Problem, solution: Solution) -> tuple[Explanation, ...]:
    """One explanation per row of `solution.unpaired`, in the same order."""
    raise NotImplementedError
