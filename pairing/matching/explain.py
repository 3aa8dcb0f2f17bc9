"""Why somebody has no pair, and the smallest thing that would change it.

Exclusions are one code, whatever they come from: rule or private wish, this side or the other (decision 15). Every
count is taken after them, so that two problems that differ only by where an exclusion comes from are explained alike.
What channels and hours forbid is told without looking at exclusions at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pairing.matching.board import in_threads
from pairing.matching.problem import Problem, fixed_hours
from pairing.matching.solve import Solution


class Cause(StrEnum):
    """The first true reason, from what no place can cure to what only a place would."""

    NOBODY = "nobody"  # nobody else has a place at all
    CHANNEL = "channel"  # nobody with a place shares a channel (« aucune place par téléphone »)
    HOURS = "hours"  # nobody with a place shares a slot
    CHANNEL_OR_HOURS = "channel_or_hours"  # some with a place lack the channel, the others the hours
    INCOMPATIBLE = "incompatible"  # « incompatibilité (règle ou souhait) » with all who would share both
    TAKEN = "taken"  # all who are possible are taken by people served before


class Unblock(StrEnum):
    PLACE = "place"  # one more place by one of the channels of `mask` (0: by any)
    CHANNEL = "channel"  # this person could also meet by one of the channels of `mask`
    HOURS = "hours"  # this person could also meet in one of the slots of `mask`


@dataclass(frozen=True)
class Help:
    """One smallest change after which this person would be paired and nobody now paired would lose a pair.

    PLACE: with `possible` > 0, one more place with any of those; else a place with somebody new who shares a channel,
    the hours, and no incompatibility. Others left out and served before may need that same place: it is one place each.
    """

    kind: Unblock
    mask: int = 0


@dataclass(frozen=True)
class Explanation:
    """For one person without a pair. `possible` is counted after incompatibilities, which are never counted."""

    row: int
    cause: Cause
    possible: int  # people with a place at the start of the run who could have been proposed
    channels: int  # mask of what this person said, for the sentence
    helps: tuple[Help, ...]


def unpaired(problem: Problem, solution: Solution) -> tuple[Explanation, ...]:
    """One explanation per row of `solution.unpaired`, in the same order. Entre pairs, only PLACE is looked for."""
    if not len(solution.unpaired):
        return ()
    within_reach = _within_reach(problem, solution)
    return tuple(_explain(problem, row, within_reach) for row in solution.unpaired.tolist())


def _explain(problem: Problem, row: int, within_reach: np.ndarray) -> Explanation:
    helpers = problem.helpers
    others = (helpers.places > 0) & (helpers.person != problem.helped.person[row])
    channel = ~problem.no_channel(row, row + 1)[0]
    hours = ~problem.no_hours(row, row + 1)[0]
    compatible = others & ~problem.excluded(row, row + 1)[0]
    possible = compatible & channel & hours
    said = int(problem.helped.channels[row])
    helps = [Help(Unblock.PLACE, _shared(said, helpers.channels[possible]) if possible.any() else said)]
    # Somebody still within reach of a free place, whom one more channel or slot would make possible.
    by_channel = int(np.bitwise_or.reduce(helpers.channels[compatible & within_reach & hours & ~channel]))
    by_hours = int(np.bitwise_or.reduce(fixed_hours(helpers)[compatible & within_reach & channel & ~hours]))
    if by_channel:
        helps.append(Help(Unblock.CHANNEL, by_channel))
    if by_hours:
        helps.append(Help(Unblock.HOURS, by_hours))
    cause = _cause(others, channel, hours, possible)
    return Explanation(row, cause, int(possible.sum()), said, tuple(helps))


def _cause(others: np.ndarray, channel: np.ndarray, hours: np.ndarray, possible: np.ndarray) -> Cause:
    if not others.any():
        return Cause.NOBODY
    if possible.any():
        return Cause.TAKEN
    if (others & channel & hours).any():
        return Cause.INCOMPATIBLE
    if not (others & channel).any():
        return Cause.CHANNEL
    return Cause.CHANNEL_OR_HOURS if (others & ~channel).any() else Cause.HOURS


def _shared(said: int, theirs: np.ndarray) -> int:
    """The channels by which a place with one of these people would do; 0 when some leave it open or need none in common."""
    common = np.uint8(said) & theirs
    return 0 if (common == 0).any() else int(np.bitwise_or.reduce(common))


def _within_reach(problem: Problem, solution: Solution) -> np.ndarray:
    """Helpers who have a place left, or whose people can move so that they have one: bool (m,)."""
    n, m = problem.shape
    reach = (solution.used < problem.helpers.places) if not problem.reciprocal else np.zeros(m, dtype=bool)
    if not reach.any():
        return reach
    packed = np.concatenate(in_threads(lambda a, b: np.packbits(problem.allowed(a, b), axis=1), n, m))
    row, helper = solution.pairs[:, 0], solution.pairs[:, 1]
    while True:
        can_move = (packed[row] & np.packbits(reach)).any(axis=1)
        reached = reach.copy()
        reached[helper[can_move]] = True
        if (reached == reach).all():
            return reach
        reach = reached
