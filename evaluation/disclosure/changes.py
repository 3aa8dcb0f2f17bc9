"""The change from departure to end on answers that were linked (decisions 20, 31; engineering H9). Pure.

It stands instead of the two cross-sections of the same variable, never beside them: with all three, whoever answered once
only would follow by subtraction. What is published is which way the group moved, and of how many linked answers.
"""

from collections.abc import Sequence
from fractions import Fraction

from evaluation.disclosure.figures import WITHHELD, Figure
from evaluation.disclosure.rules import MIN_ANSWERS, MIN_PAIRS

WAYS = ("en baisse", "stable", "en hausse")
DOWN, STEADY, UP = range(3)
# Five points of a hundred (domain.md i.2) are a fifth of a step on a scale from 1 to 5.
STEP = Fraction(1, 5)
# Of those invited at departure, about three in five answer twice and still have their code: four in five answer each
# time, nine in ten keep it.
EXPECTED = Fraction(3, 5)


def could_link(invited: int, pairs: int) -> bool:
    """Whether so many invitations may be expected to give linked answers that can be published (field R30)."""
    return publishable(int(invited * EXPECTED), pairs)


def publishable(linked: int, pairs: int) -> bool:
    """Whether the change on so many linked answers may be shown; the two cross-sections are, otherwise."""
    return linked >= MIN_ANSWERS and pairs >= MIN_PAIRS


def change(shifts: Sequence[Fraction | int | None]) -> Figure:
    """The rank in WAYS of the mean shift, one a linked person. An empty answer is no known change: a shift of nought."""
    n, total = len(shifts), sum(shift or 0 for shift in shifts)
    if n < MIN_ANSWERS:
        return Figure.said(WITHHELD)
    if abs(total) <= STEP * n:
        return Figure.exact(STEADY)
    return Figure.exact(UP if total > 0 else DOWN)
