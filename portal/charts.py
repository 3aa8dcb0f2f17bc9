"""Lanes of time as plain geometry, drawn by templates/components/lanes.html: attributes only, no style, no script.

Across, everything is a share of the width (0 to 100), so that words keep their size on any screen; down, pixels.
"""

import datetime as dt
from dataclasses import dataclass

_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")

LABEL, BAR, LANE, AXIS = 18, 10, 64, 30
_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_TICKS = 3


@dataclass(frozen=True)
class Span:
    """From a day to a day, both included. `kind`: planned, real or cycle, the drawing it gets."""

    starts: dt.date
    ends: dt.date
    kind: str


@dataclass(frozen=True)
class Lane:
    """A line of the chart: its label, its spans and days marked on it (`mark`: late or gate)."""

    label: str
    spans: tuple[Span, ...] = ()
    marks: tuple[dt.date, ...] = ()
    mark: str = "late"


@dataclass(frozen=True)
class Box:
    x: float
    y: int
    width: float
    kind: str


@dataclass(frozen=True)
class Point:
    x: float
    y: int
    text: str = ""
    anchor: str = "start"
    kind: str = ""


@dataclass(frozen=True)
class Lanes:
    """Ready to draw. `title` is the text alternative; the same dates stand in a table beside it."""

    title: str
    labels: tuple[Point, ...]
    boxes: tuple[Box, ...]
    marks: tuple[Point, ...]
    ticks: tuple[Point, ...]
    today: Point
    height: int
    bar_height: int = BAR

    @property
    def foot(self) -> int:
        """Where the lines of the scale end."""
        return self.height - AXIS


def lanes(title: str, rows: list[Lane], today: dt.date) -> Lanes | None:
    """A chart of these lanes with today; None when nothing is dated."""
    days = [day for row in rows for span in row.spans for day in (span.starts, span.ends)]
    days += [day for row in rows for day in row.marks]
    if not days:
        return None
    first, last = min([*days, today]), max([*days, today])
    width = max((last - first).days, 1)

    def across(day: dt.date) -> float:
        return round(100 * (day - first).days / width, 2)

    labels, boxes, marks = [], [], []
    for rank, row in enumerate(rows):
        top = rank * LANE
        labels.append(Point(0, top + LABEL, row.label))
        for span in row.spans:
            x = across(span.starts)
            drawn = max(across(span.ends) - x, 0.6)
            boxes.append(Box(min(x, 99.4), top + LABEL + (8 if span.kind == "planned" else 22), drawn, span.kind))
        marks += [Point(min(max(across(day), 1), 99), top + LABEL + 27, kind=row.mark) for day in row.marks]
    height = len(rows) * LANE + AXIS
    at = across(today)
    return Lanes(
        title,
        tuple(labels),
        tuple(boxes),
        tuple(marks),
        tuple(Point(across(day), height - 8, _month(day), _anchor(across(day))) for day in _ticks(first, last)),
        Point(at, height - 8, "", _anchor(at)),
        height,
    )


def _anchor(x: float) -> str:
    return "start" if x < 10 else "end" if x > 85 else "middle"


def _month(day: dt.date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _ticks(first: dt.date, last: dt.date) -> list[dt.date]:
    """First days of months at even distances, three at most."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    for step in _STEPS:
        found = [number for number in months if number % step == 0]
        if len(found) <= _TICKS:
            return [dt.date(number // 12, number % 12 + 1, 1) for number in found]
    return []
