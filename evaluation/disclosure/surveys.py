"""Figures of one closed wave: each question counted in its one partition, each cell as a band. Pure.

A share is that of everybody who sent the questionnaire back: whoever left a question empty counts among them, so the
number of empty answers is said nowhere (engineering H17).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.disclosure import bands, partitions
from evaluation.disclosure.figures import WITHHELD, Figure
from evaluation.disclosure.partitions import WHOLE, Cell
from evaluation.disclosure.rules import Basis, Kind, disclose

AGREES = frozenset({4, 5})
NO_EFFECT = frozenset({"", "none", "nsp", "nc"})
MIDDLE = Fraction(3)


@dataclass(frozen=True)
class WaveFacts:
    """What is known of a closed wave before any answer is read: membership, and the plan frozen at its opening.

    `pairs` is None where nobody was asked as a member of a pair.
    """

    invited: int
    pairs: int | None
    plan: Mapping[str, str]
    sides: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CellFigure:
    """What is published of one cell: a band, and the number of answers when it is a share of them."""

    cell: Cell
    figure: Figure

    @property
    def of(self) -> int | None:
        return self.cell.n if self.figure.is_value else None


def participation(facts: WaveFacts, answers: Sequence[Mapping]) -> Figure:
    """Questionnaires returned, of all those sent: the whole batch, never a side."""
    kind = Kind.REPLIES if facts.pairs is None else Kind.ANSWERS
    basis = Basis(people=facts.invited, pairs=facts.pairs or 0, units=facts.invited)
    return disclose(kind, len(answers), basis)


def share(code: str, facts: WaveFacts, answers: Sequence[Mapping], test: Callable) -> tuple[CellFigure, ...]:
    """How many answers to this question pass `test`, cell by cell of its partition."""
    made = []
    for cell in partitions.cells(facts.plan.get(code, WHOLE), answered(facts, answers)):
        inside = [answer["answers"].get(code) for answer in answers if cell.holds(answer["side"])]
        shown = partitions.publishable(cell, facts.pairs)
        figure = bands.share(sum(map(test, inside)), cell.n) if shown else Figure.said(WITHHELD)
        made.append(CellFigure(cell, figure))
    return tuple(made)


def answered(facts: WaveFacts, answers: Iterable[Mapping]) -> dict[str, int]:
    """{side: questionnaires returned}, with a nought for a side invited that sent none back."""
    counts = dict.fromkeys(sorted(facts.sides), 0)
    for answer in answers:
        counts[answer["side"]] = counts.get(answer["side"], 0) + 1
    return counts


def agrees(value: object) -> bool:
    """« plutôt d’accord » or « tout à fait d’accord »."""
    return number(value) in AGREES


def yes(value: object) -> bool:
    return value == "yes"


def effect(value: object) -> bool:
    """At least one effect ticked, other than « aucun » and « je préfère ne pas répondre »."""
    ticked = value if isinstance(value, list) else [value]
    return any(one is not None and str(one) not in NO_EFFECT for one in ticked)


def number(value: object) -> int | None:
    """1 to 5; anything else (« je préfère ne pas répondre », « non concerné », nothing) is no answer."""
    text = str(value)
    return int(text) if text in {"1", "2", "3", "4", "5"} else None


def score(given: Mapping, items: Mapping[str, bool]) -> Fraction | None:
    """One person's mean of the items of a dimension, {code: reversed}: None under two thirds of them answered."""
    values = [(number(given.get(code)), turned) for code, turned in items.items()]
    present = [6 - value if turned else value for value, turned in values if value is not None]
    return Fraction(sum(present), len(present)) if 3 * len(present) >= 2 * len(items) else None


def mean(items: Mapping[str, bool], side: str, facts: WaveFacts, answers: Sequence[Mapping]) -> Figure:
    """The mean of a dimension asked of one side only: one cell, that side.

    Whoever left it empty counts at the middle of the scale: counted out, the threshold would tell that somebody did.
    """
    scores = [score(answer["answers"], items) for answer in answers if answer["side"] == side]
    cell = Cell(side, frozenset({side}), len(scores))
    if not partitions.publishable(cell, facts.pairs):
        return Figure.said(WITHHELD)
    return bands.mean([MIDDLE if one is None else one for one in scores])
