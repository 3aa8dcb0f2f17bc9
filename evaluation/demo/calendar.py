"""The day T around which the demonstration is dated."""

import datetime as dt

from portal import workdays


def build_day(today: dt.date) -> dt.date:
    """`today`, or the working day before it (weekends and French public holidays); T-x is then exact."""
    while not workdays.is_working(today):
        today -= dt.timedelta(days=1)
    return today
