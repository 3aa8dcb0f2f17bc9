"""The ledger: what all editions of an exercice have published, and what may still join it (decisions 21, 23).

One ledger for all audiences and partners. Volumes are audited variable by variable, exercice by exercice, on statistical
units (engineering C2, H4, H5); survey figures never need it: each question has one partition (decision 20).
"""

import time
from collections.abc import Iterable
from uuid import UUID

from evaluation.disclosure import auditor, rules
from evaluation.disclosure.auditor import Column, Verdict
from evaluation.disclosure.figures import NOT_APPLICABLE, VALUE, WITHHELD, Figure
from evaluation.disclosure.rules import MIN_PAIRS, MIN_PEOPLE, Kind
from evaluation.indicators import BY_CODE
from evaluation.models import FigureBasis, PublishedFigure, StatLink
from evaluation.services.content import Line, Lines
from evaluation.services.counts import PAIR, PERSON
from evaluation.services.rhythm import months_of
from pairing.models import PairMember
from programmes.models import Exercice

SECONDS = 10
Unit = tuple[str, UUID]  # (kind, reference of its subject while it is known, of the unit itself after an erasure)


class Row:
    """One published or asked volume: its variable, the months it covers (None: all of them), who could be counted."""

    def __init__(self, code: str, stratum: str, units: Iterable[Unit], said: tuple[Figure, int | None]) -> None:
        self.code, self.stratum, self.units, self.said = code, stratum, frozenset(units), said
        self.months = months_of(stratum)


def protect(exercice: Exercice, lines: Lines) -> None:
    """Withhold each volume that, added to or taken from all that is already out, would speak of few people.

    Reads who could be counted, never a value. Spans go all together; so does what cannot be proved in time.
    """
    out, gone = _published(exercice)
    _keep_what_is_said(exercice, lines, out, gone)
    limit = time.monotonic() + SECONDS
    for code in dict.fromkeys(line.indicator.code for line in lines.catalogue if _is_volume(line)):
        whole = [line for line in lines.catalogue if line.indicator.code == code]
        spans = [line for _, line in lines.spans if line.indicator.code == code]
        held = [row for row in out if row.code == code]
        for group in (whole, spans):
            asked = [_row(line, held, gone) for line in group if _is_volume(line)]
            fewest = rules.fewest_people(BY_CODE[code].kind)
            if all(verdict == Verdict.PUBLISHABLE for verdict in _verdicts(held, asked, limit, fewest)):
                held += asked
            else:
                _withhold(group)
    lines.spans = [(name, line) for name, line in lines.spans if line.figure.label != WITHHELD]


def _keep_what_is_said(exercice: Exercice, lines: Lines, out: list[Row], gone: frozenset[Unit]) -> None:
    """Where nothing changed but that somebody was erased, what was published of the same people stands as it was.

    And where too few were left to say anything of them, « none left » would speak of these few.
    """
    withheld = PublishedFigure.objects.filter(release__exercice=exercice, label=WITHHELD, stratum="")
    hidden = set(withheld.values_list("indicator", flat=True))
    for line in lines.catalogue:
        if line.figure.label == NOT_APPLICABLE and line.indicator.code in hidden:
            line.figure = Figure.said(WITHHELD)
        if line.indicator.kind not in rules.OF_PEOPLE:
            continue
        before = [row for row in out if (row.code, row.stratum) == (line.indicator.code, line.stratum)]
        same = [row for row in before if row.units & gone and row.units == line.whose | row.units & gone]
        if same:
            (line.figure, line.of), line.units = same[-1].said, same[-1].units - gone


def _is_volume(line: Line) -> bool:
    return line.figure.is_value and bool(line.units) and line.indicator.kind != Kind.ACTS


def _withhold(lines: list[Line]) -> None:
    for line in lines:
        line.figure, line.of, line.units = Figure.said(WITHHELD), None, frozenset()


def _row(line: Line, held: list[Row], gone: frozenset[Unit]) -> Row:
    """Somebody erased is still counted, as nobody in particular: their unit stays in the row it was in."""
    before = [row for row in held if row.stratum == line.stratum]
    still = before[-1].units & gone if before else frozenset()
    return Row(line.indicator.code, line.stratum, line.units | still, (line.figure, line.of))


def _published(exercice: Exercice) -> tuple[list[Row], frozenset[Unit]]:
    """The volumes of every edition of the exercice, oldest first, and the units whose subject was erased."""
    basis = (
        FigureBasis.objects.filter(figure__release__exercice=exercice, figure__label=VALUE)
        .order_by("figure__release__edition", "figure")
        .values_list(
            *("figure__release", "figure__indicator", "figure__stratum", "figure__lo", "figure__hi"),
            *("unit", "unit__kind", "unit__ref"),
        )
    )
    links = dict(
        StatLink.objects.filter(unit__in={unit for *_, unit, _, _ in basis}).values_list("unit", "subject_ref")
    )
    units: dict[tuple, set[Unit]] = {}
    gone = set()
    for *figure, unit, kind, ref in basis:
        known = (kind, links.get(unit, ref))
        units.setdefault(tuple(figure), set()).add(known)
        if unit not in links:
            gone.add(known)
    wholes = PublishedFigure.objects.filter(release__exercice=exercice, stratum__endswith="/n")
    of = {tuple(key): lo for *key, lo in wholes.values_list("release", "indicator", "stratum", "lo")}
    rows = [
        Row(code, stratum, found, (Figure(lo, hi), of.get((release, code, f"{stratum}/n"))))
        for (release, code, stratum, lo, hi), found in units.items()
    ]
    return rows, frozenset(gone)


def _verdicts(held: list[Row], asked: list[Row], limit: float, fewest_people: int) -> list[Verdict]:
    rows = [*held, *asked]
    lives = _lives(rows)
    members = _members(ref for row in rows for kind, ref in row.units if kind == PAIR)

    def late() -> bool:
        return time.monotonic() > limit

    def columns(row: Row, kind: str, *, as_people: bool = False) -> set[Column]:
        made = set()
        for unit in row.units:
            if unit[0] != kind:
                continue
            for month in lives[unit] if row.months is None else lives[unit] & set(row.months):
                carriers = members.get(unit[1], {unit}) if as_people else {unit}
                made |= {(carrier, (unit, month) if as_people else month) for carrier in carriers}
        return made

    verdicts = []
    for kind, fewest, as_people in ((PERSON, fewest_people, False), (PAIR, MIN_PAIRS, False), (PAIR, MIN_PEOPLE, True)):
        before = [columns(row, kind, as_people=as_people) for row in held]
        batch = [made for row in asked if (made := columns(row, kind, as_people=as_people))]
        verdicts += auditor.admit(before, batch, fewest=fewest, late=late)
    return verdicts


def _lives(rows: list[Row]) -> dict[Unit, set[int | None]]:
    """The months in which each unit could bring something, as the finest spans say; {None} where no span says."""
    lives: dict[Unit, set[int | None]] = {}
    finest: dict[Unit, int] = {}
    for row in sorted((row for row in rows if row.months), key=lambda row: len(row.months)):
        for unit in row.units:
            if finest.setdefault(unit, len(row.months)) == len(row.months):
                lives.setdefault(unit, set()).update(row.months)
    for row in rows:
        for unit in row.units:
            lives.setdefault(unit, {None})
    return lives


def _members(pairs: Iterable[UUID]) -> dict[UUID, set[Unit]]:
    """Who is in each pair; a pair whose link is dissolved counts as one unknown person (fewer, so never weaker)."""
    known: dict[UUID, set[Unit]] = {}
    rows = PairMember.objects.filter(pair__ref__in=set(pairs), person__isnull=False)
    for pair, person in rows.values_list("pair__ref", "person__ref"):
        known.setdefault(pair, set()).add((PERSON, person))
    return known
