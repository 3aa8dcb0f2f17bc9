"""Figures of the waves closed during an exercice: the only place where answers become something to publish.

Reads answers of closed waves only; what it returns holds bands, labels and dates, never an answer.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluation.disclosure import surveys
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.surveys import CellFigure, WaveFacts
from evaluation.enums import Moment, Public, WaveState
from evaluation.indicators import DIMENSIONS, HARM_CODE, HARM_ITEM, QUESTIONS
from evaluation.models import CollectiveTalk, Wave
from evaluation.services import answers as stored
from evaluation.services.counts import bounds
from programmes.enums import Side
from programmes.models import Exercice

ORDER = list(Moment.values)
PARTICIPATION = "F01"


@dataclass(frozen=True)
class Published:
    """One figure of a wave: `of` is what a share is a share of, itself a published figure."""

    code: str
    stratum: str
    figure: Figure
    of: int | None = None


@dataclass(frozen=True)
class WaveFigures:
    """A closed wave as it is frozen in the release."""

    content: dict
    figures: list[Published] = field(default_factory=list)

    @property
    def participation(self) -> Published:
        return self.figures[0]


def collect(exercice: Exercice) -> list[WaveFigures]:
    """The participants' waves closed during the exercice, by cycle and moment."""
    start, end = bounds(exercice)
    waves = Wave.objects.filter(
        programme=exercice.programme,
        public=Public.PARTICIPANTS,
        state=WaveState.CLOSED,
        closed_at__gte=start,
        closed_at__lt=end,
    ).select_related("cycle", "questionnaire")
    return [_figures(wave, start.tzinfo) for wave in sorted(waves, key=_rank)]


def latest(waves: list[WaveFigures]) -> WaveFigures | None:
    """The wave of the report's first page: the end of the latest cycle, else the latest one."""
    ends = [wave for wave in waves if wave.content["moment"] == Moment.END]
    return max(ends or waves, key=lambda wave: wave.content["closed_on"], default=None)


def talks(exercice: Exercice) -> list[dict]:
    """Collective talks that stood for a wave not sent (decision 34): acts, with their dates."""
    rows = CollectiveTalk.objects.filter(
        cycle__programme=exercice.programme, on__range=(exercice.starts, exercice.ends), previous__isnull=True
    ).select_related("cycle")
    return [
        {"cycle": row.cycle.number, "label": row.get_moment_display(), "on": f"{row.on}"}
        for row in sorted(rows, key=lambda row: (row.on, row.cycle.number, ORDER.index(row.moment)))
    ]


def _rank(wave: Wave) -> tuple[int, int]:
    return wave.cycle.number, ORDER.index(wave.moment)


def _figures(wave: Wave, zone: dt.tzinfo) -> WaveFigures:
    answers = stored.of(wave)
    sides = wave.invitations.values_list("side", flat=True).distinct().order_by("side")
    facts = WaveFacts(wave.invited, wave.pairs_invited, wave.plan, frozenset(sides))
    stratum = f"c{wave.cycle.number}.{wave.moment}"
    returned = surveys.participation(facts, answers)
    sent = max(wave.invited, wave.invitations.count())
    made = [Published(PARTICIPATION, stratum, returned, sent if returned.is_value else None)]
    content = {
        "cycle": wave.cycle.number,
        "moment": wave.moment,
        "label": wave.get_moment_display(),
        "closed_on": f"{wave.closed_at.astimezone(zone).date()}",
        "participation": _cell(made[0]),
        "questions": [],
        "means": [],
        "harm": [],
    }
    for code, text in _asked(wave):
        cells = surveys.share(code, facts, answers, surveys.agrees)
        content["questions"].append({"code": code, "text": text, "cells": _cells(code, stratum, cells, made)})
    if HARM_ITEM in wave.plan:
        cells = surveys.share(HARM_ITEM, facts, answers, surveys.effect)
        content["harm"] = _cells(HARM_CODE, stratum, cells, made)
    for code, (title, items) in DIMENSIONS.items():
        if all(item in wave.plan for item in items):
            one = Published(code, stratum, surveys.mean(items, Side.HELPED, facts, answers))
            made.append(one)
            content["means"].append({"code": code, "title": title, **_cell(one)})
    return WaveFigures(content, made)


def _asked(wave: Wave) -> Iterator[tuple[str, str]]:
    """Questions of the common core that this wave asked, in the words of its questionnaire."""
    texts = {item["code"]: item["text"] for item in wave.questionnaire.items}
    return ((code, texts[code]) for code in QUESTIONS if code in texts and code in wave.plan)


def _cells(code: str, stratum: str, cells: tuple[CellFigure, ...], made: list[Published]) -> list[dict]:
    """The cells of one question for the release; each is also one of its figures."""
    shown = []
    for one in cells:
        name = one.cell.name
        published = Published(code, f"{stratum}.{name}" if name else stratum, one.figure, one.of)
        made.append(published)
        shown.append({"side": Side(name).label if name else "", **_cell(published)})
    return shown


def _cell(one: Published) -> dict:
    return {"label": one.figure.label, "lo": one.figure.lo, "hi": one.figure.hi, "of": one.of}
