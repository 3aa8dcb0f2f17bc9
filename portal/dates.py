"""Dates, hours, durations and counts in French words (interface.md, Look). Pure: no request, no locale."""

import datetime as dt
from zoneinfo import ZoneInfo

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
NBSP = "\N{NO-BREAK SPACE}"


def day_in_words(day: dt.date, *, weekday: bool = True) -> str:
    """« mardi 3 mars 2026 », « dimanche 1er mars 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    words = f"{number} {MONTHS[day.month - 1]} {day.year}"
    return f"{DAYS[day.weekday()]} {words}" if weekday else words


def month_in_words(day: dt.date) -> str:
    """« mars 2026 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def span_in_words(first: dt.date, last: dt.date) -> str:
    """« du 1er janvier au 31 mars 2025 », « du 1er au 30 avril 2025 »: what both days share is said once."""
    start = day_in_words(first, weekday=False).removesuffix(f" {last.year}")
    if (first.year, first.month) == (last.year, last.month):
        start = start.split()[0]
    return f"du {start} au {day_in_words(last, weekday=False)}"


def hour_in_words(time: dt.time | dt.datetime) -> str:
    """« 14 h », « 14 h 30 », « 9 h 05 »."""
    return f"{time.hour}{NBSP}h" + (f"{NBSP}{time.minute:02}" if time.minute else "")


def moment_in_words(value: dt.date | dt.datetime, time_zone: str) -> str:
    """A day, or an aware instant as lived in `time_zone`: « mardi 3 mars 2026, 14 h 30 »."""
    if not isinstance(value, dt.datetime):
        return day_in_words(value)
    lived = value.astimezone(ZoneInfo(time_zone))
    return f"{day_in_words(lived)}, {hour_in_words(lived)}"


def duration_in_words(minutes: int) -> str:
    """« 45 min », « 1 h », « 1 h 30 », « 120 h »."""
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")


def count_in_words(number: int, one: str, many: str = "") -> str:
    """« 0 rencontre », « 1 rencontre », « 2 rencontres »: French plurals start at two."""
    word = one if abs(number) < 2 else many or f"{one}s"
    return f"{number} {word}"
