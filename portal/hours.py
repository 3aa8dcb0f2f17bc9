"""When messages leave: never at night, at the weekend nor on a public holiday (what is urgent does not ask). Pure.

Hours are those of the employer's time zone and exist on every day, clock changes included.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from portal.workdays import is_working

OPENS, DAILY, CLOSES = dt.time(8), dt.time(9), dt.time(19)


def is_open(instant: dt.datetime, time_zone: str) -> bool:
    there = instant.astimezone(ZoneInfo(time_zone))
    return is_working(there.date()) and OPENS <= there.time() < CLOSES


def next_open(instant: dt.datetime, time_zone: str) -> dt.datetime:
    """`instant` itself in open hours, else the next opening."""
    return instant if is_open(instant, time_zone) else _next(instant, OPENS, time_zone)


def next_daily(instant: dt.datetime, time_zone: str) -> dt.datetime:
    """When the message of the day leaves next, strictly after `instant`."""
    return _next(instant, DAILY, time_zone)


def _next(instant: dt.datetime, hour: dt.time, time_zone: str) -> dt.datetime:
    zone = ZoneInfo(time_zone)
    day = instant.astimezone(zone).date()
    while True:
        found = dt.datetime.combine(day, hour, zone).astimezone(dt.UTC)
        if found > instant and is_working(day):
            return found
        day += dt.timedelta(days=1)
