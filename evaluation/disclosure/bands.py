"""Bands that keep every person in doubt even before two colleagues who pool what they know (decision 20, c = 2).

Always applied, never only to extreme results: hiding the extremes alone would tell them.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from evaluation.disclosure.figures import WITHHELD, Figure
from evaluation.disclosure.rules import MIN_ANSWERS, MIN_HALF_POINTS, band

FULL = 100


def share(favourable: int, n: int) -> Figure:
    """How many of n: 0 to c + 1 together, n - c - 1 to n together, exact between. The caller has asked publishable()."""
    if n < MIN_ANSWERS:
        return Figure.said(WITHHELD)
    return band(favourable, n)


def sum_of(figures: Iterable[Figure]) -> Figure:
    """A total of cells: the sum of their published bands, never the exact sum."""
    listed = list(figures)
    if not all(figure.is_value for figure in listed):
        return Figure.said(WITHHELD)
    return Figure(sum(figure.lo for figure in listed), sum(figure.hi for figure in listed))


def mean(scores: Sequence[Fraction]) -> Figure:
    """The band, out of 100, of the mean of these scores from 1 to 5, one a person.

    Three bands cut at 2.5 and 3.5; from MIN_HALF_POINTS people the middle one is cut again at 3. Its count is not shown.
    """
    n, total = len(scores), sum(scores)
    if n < MIN_ANSWERS:
        return Figure.said(WITHHELD)
    if 2 * total < 5 * n:
        return Figure(0, 37)
    if 2 * total > 7 * n:
        return Figure(63, FULL)
    if n < MIN_HALF_POINTS:
        return Figure(38, 62)
    return Figure(38, 49) if total < 3 * n else Figure(50, 62)


def share_text(figure: Figure, n: int) -> str:
    """« 7 sur 12 », « 8 à 11 sur 11 »; a percentage beside it from MIN_HALF_POINTS answers only (decision 39)."""
    if not figure.is_value:
        return figure.text
    said = f"{figure.text} sur {Figure.exact(n).text}"
    if n < MIN_HALF_POINTS:
        return said
    lo, hi = (round(FULL * bound / n) for bound in (figure.lo, figure.hi))
    return f"{said} ({lo}\u00a0%)" if lo == hi else f"{said} ({lo} à {hi}\u00a0%)"


def said(figure: Figure, *, unit: str = "", words: Sequence[str] = (), of: int | None = None) -> str:
    """A figure as it is read: « 60 h », « à jour », « 7 sur 12 », or the label that stands for a number."""
    if not figure.is_value:
        return figure.text
    if words:
        return words[figure.lo]
    if of is not None:
        return share_text(figure, of)
    return f"{figure.text}\N{NO-BREAK SPACE}{unit}" if unit else figure.text
