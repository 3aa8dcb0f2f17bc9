"""The day T around which the demonstration is dated."""

import datetime as dt

import holidays


def build_day(today: dt.date) -> dt.date:
    """`today`, or the working day before it (weekends and French public holidays); T-x is then exact."""
    closed = holidays.country_holidays("FR", years=[today.year - 1, today.year])
    while today.weekday() >= 5 or today in closed:
        today -= dt.timedelta(days=1)
    return today
