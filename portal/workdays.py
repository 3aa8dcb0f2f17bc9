"""Working days in France: weekends and public holidays do not count. Pure; a target in working days ends on one."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

# An hour that exists on every day, clock changes included.
DAY_ENDS = dt.time(18)


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("FR", years=[year]))


def is_working(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in _closed(day.year)


def after(instant: dt.datetime, days: int, time_zone: str) -> dt.datetime:
    """The end of the `days`-th working day that follows the day of `instant`, as lived in `time_zone`; in UTC."""
    zone = ZoneInfo(time_zone)
    day = instant.astimezone(zone).date()
    while days:
        day += dt.timedelta(days=1)
        days -= is_working(day)
    return dt.datetime.combine(day, DAY_ENDS, tzinfo=zone).astimezone(dt.UTC)
