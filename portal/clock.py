"""The only source of "now". `at()` moves it, for builders of dated histories and for tests.

The database clock is never used: a frozen or simulated time must hold everywhere (engineering 3.11).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_moved: ContextVar[dt.datetime | None] = ContextVar("moved_clock", default=None)
# How far the clock of a test run stands from the real one (tests/conftest.py); nothing else sets it.
ahead = dt.timedelta()


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return _moved.get() or dt.datetime.now(dt.UTC) + ahead


def today(time_zone: str) -> dt.date:
    """The present day as lived in `time_zone` (an IANA name, usually `employer.time_zone`)."""
    return day_of(now(), time_zone)


def day_of(instant: dt.datetime, time_zone: str) -> dt.date:
    """The day of `instant` (aware) as lived in `time_zone`."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Everything inside happens at `instant` (aware)."""
    if instant.tzinfo is None:
        raise ValueError("clock.at() takes an aware datetime")
    token = _moved.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def noon(day: dt.date, time_zone: str) -> dt.datetime:
    """The middle of `day` in `time_zone`: an instant that exists on every day, clock changes included."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(time_zone))


def midnight(day: dt.date, time_zone: str) -> dt.datetime:
    """The beginning of `day` in `time_zone`."""
    return dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(time_zone))
