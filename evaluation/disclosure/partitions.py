"""One partition per variable (decisions 20, 30, 31): the disjoint cells of which a survey answer may be counted.

Two overlapping cells of one variable betray people by subtraction: 14 answers with 5 yes, and among them a group of 9
with 5 yes, say that the 5 others all said no. So a question is published for the whole wave or side by side, never both,
and a total is only the sum of the published bands. The choice is made before the wave opens; at closing it may only
fall back to the whole, by counts of answers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.disclosure.rules import MIN_ANSWERS, MIN_PAIRS, MIN_SPLIT

WHOLE = "whole"
BY_SIDE = "by_side"


@dataclass(frozen=True)
class Cell:
    """Answers counted together: those of `sides`, `n` of them. `name` is empty for the whole wave."""

    name: str
    sides: frozenset[str]
    n: int

    def holds(self, side: str) -> bool:
        return side in self.sides


def plan(invited: Mapping[str, int]) -> str:
    """The partition frozen at opening for a question asked of these people: {side: invitations}."""
    asked = [number for number in invited.values() if number]
    return BY_SIDE if len(asked) > 1 and min(asked) >= MIN_SPLIT else WHOLE


def cells(planned: str, answered: Mapping[str, int]) -> tuple[Cell, ...]:
    """The cells of a closed wave: as planned, or the whole when a side has too few answers. {side: answers}."""
    if planned == BY_SIDE and len(answered) > 1 and min(answered.values()) >= MIN_SPLIT:
        return tuple(Cell(side, frozenset({side}), answered[side]) for side in sorted(answered))
    return (Cell("", frozenset(answered), sum(answered.values())),)


def publishable(cell: Cell, pairs: int | None) -> bool:
    """Whether a cell may be shown: at least 7 answers, and at least 3 pairs invited where members of pairs feed it.

    `pairs` is None where the people asked need not be in a pair: managers, whoever was at a session (decision 32).
    """
    return cell.n >= MIN_ANSWERS and (pairs is None or pairs >= MIN_PAIRS)
