"""Figures of the waves closed during an exercice: the only place where answers become something to publish.

Reads answers of closed waves only; what it returns holds bands, labels and dates, never an answer.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from evaluation import variables
from evaluation.disclosure import surveys
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.surveys import CellFigure, WaveFacts
from evaluation.enums import Moment, Public, WaveState
from evaluation.models import CollectiveTalk, Synthesis, Wave
from evaluation.services import answers as stored
from evaluation.services import linking, questionnaires
from evaluation.services.counts import bounds
from evaluation.variables import DIMENSIONS, HARM_CODE, HARM_ITEM
from portal import clock
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
    zone = bounds(exercice)[0].tzinfo
    waves = _closed(exercice).filter(public=Public.PARTICIPANTS)
    return [figures_of(wave, zone) for wave in sorted(waves, key=_rank)]


def collect_around(exercice: Exercice) -> list[WaveFigures]:
    """Managers by cycle and moment, then events by date. Never pooled: the same people may answer twice (H12)."""
    zone = bounds(exercice)[0].tzinfo
    managers = sorted(_closed(exercice).filter(public=Public.MANAGERS), key=_rank)
    events = sorted(_closed(exercice).filter(public=Public.EVENT), key=lambda wave: (wave.about_day, wave.pk))
    return [figures_of(wave, zone) for wave in (*managers, *events)]


def figures_of(wave: Wave, zone: dt.tzinfo) -> WaveFigures:
    """Counted from its answers while they stand, then as they were kept."""
    if not wave.kept:
        return _figures(wave, zone, _stratum(wave))
    rows = [
        Published(code, stratum, Figure(lo, hi, label), of) for code, stratum, label, lo, hi, of in wave.kept["rows"]
    ]
    return WaveFigures(wave.kept["content"], rows)


def keep(wave: Wave) -> None:
    """Keep what is published of a closed wave, and nothing of its answers (decision 19, engineering H21)."""
    made = figures_of(wave, clock.ZoneInfo(wave.programme.time_zone))
    rows = [[one.code, one.stratum, one.figure.label, one.figure.lo, one.figure.hi, one.of] for one in made.figures]
    Wave.objects.filter(pk=wave.pk).update(kept={"content": made.content, "rows": rows})
    wave.closed_answers.all().delete()


def _stratum(wave: Wave) -> str:
    """The name of this wave among the figures of a release: c1.end, m1.end, h260303."""
    if wave.public != Public.EVENT:
        return f"{'c' if wave.public == Public.PARTICIPANTS else 'm'}{wave.cycle.number}.{wave.moment}"
    on = wave.about_day
    before = Wave.objects.filter(programme=wave.programme_id, public=Public.EVENT, pk__lt=wave.pk)
    before = before.select_related("programme", "session", "gathering")
    earlier = sum(one.about_day == on for one in before)
    return f"h{on:%y%m%d}" + (f".{earlier + 1}" if earlier else "")


def _title(wave: Wave) -> str:
    if wave.public == Public.EVENT:
        return f"À chaud, {wave.about}"
    return f"Encadrants, {wave.get_moment_display()} (cycle {wave.cycle.number})"


def _closed(exercice: Exercice) -> QuerySet[Wave]:
    start, end = bounds(exercice)
    rows = Wave.objects.filter(
        programme=exercice.programme, state=WaveState.CLOSED, closed_at__gte=start, closed_at__lt=end
    )
    return rows.select_related("programme", "cycle", "session", "gathering", "questionnaire")


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


def _figures(wave: Wave, zone: dt.tzinfo, stratum: str) -> WaveFigures:
    answers = stored.of(wave)
    sides = wave.invitations.values_list("side", flat=True).distinct().order_by("side")
    pairs = wave.pairs_invited if wave.public == Public.PARTICIPANTS else None
    facts = WaveFacts(wave.invited, pairs, wave.plan, frozenset(sides))
    returned = surveys.participation(facts, answers)
    # How many registered for a collective time is nobody's to know, and they are not those who came: no share of it.
    sent = None if wave.gathering_id else max(wave.invited, wave.invitations.count())
    made = [Published(PARTICIPATION, stratum, returned, sent if returned.is_value else None)]
    content = {
        "cycle": wave.cycle.number if wave.cycle else None,
        "moment": wave.moment,
        "label": wave.get_moment_display(),
        "closed_on": f"{wave.closed_at.astimezone(zone).date()}",
        "participation": _cell(made[0]),
        "questions": [],
        "means": [],
        "harm": [],
        "title": "" if wave.public == Public.PARTICIPANTS else _title(wave),
        "synthesis": _synthesis(wave, returned),
        "awaits": wave.moment == Moment.T0 and bool(wave.compared) and linking.pending(wave.cycle_id),
        "changes": [],
    }
    elsewhere = linking.elsewhere(wave)
    texts = {item.code: item.text for item in questionnaires.items_in(wave)}
    for code, text in texts.items():
        if variables.way(code) == variables.SHARE and code not in elsewhere:
            cells = surveys.share(code, facts, answers, variables.TESTS.get(code, surveys.agrees))
            content["questions"].append({"code": code, "text": text, "cells": _cells(code, stratum, cells, made)})
    if HARM_ITEM in wave.plan:
        cells = surveys.share(HARM_ITEM, facts, answers, surveys.effect)
        content["harm"] = _cells(HARM_CODE, stratum, cells, made)
    for code, (title, side, items) in DIMENSIONS.items():
        if code not in elsewhere and all(item in wave.plan for item in items):
            one = Published(code, stratum, surveys.mean(items, side, facts, answers))
            made.append(one)
            content["means"].append({"code": code, "title": title, **_cell(one)})
    for code, found in wave.changes.items():
        one = Published(code, f"c{wave.cycle.number}.change", Figure.exact(found["way"]), found["n"])
        made.append(one)
        text = DIMENSIONS[code][0] if code in DIMENSIONS else texts[code]
        content["changes"].append({"code": code, "text": text, **_cell(one)})
    return WaveFigures(content, made)


def _synthesis(wave: Wave, returned: Figure) -> str:
    """What the two readers wrote together, once both agreed; nothing where the wave itself is not shown."""
    row = Synthesis.objects.filter(wave=wave, agreed_on__isnull=False).first()
    return row.text if row and returned.is_value else ""


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
