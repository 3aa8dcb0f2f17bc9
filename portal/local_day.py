"""The present day inside a query: that of each row's own employer, from Tahiti to Nouméa."""

import datetime as dt

from django.db.models import Case, DateField, Value, When

from portal import clock

MAINLAND = "Europe/Paris"
# Where France's public employers live: a closed list, so that one query may tell the day of each row.
ZONES = (
    MAINLAND,
    *("America/Cayenne", "America/Guadeloupe", "America/Marigot", "America/Martinique", "America/Miquelon"),
    *("America/St_Barthelemy", "Indian/Kerguelen", "Indian/Mayotte", "Indian/Reunion"),
    *("Pacific/Gambier", "Pacific/Marquesas", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis"),
)


def local_day(employer: str, days: int = 0) -> Case:
    """The present day, `days` later, where the employer at the path `employer` of each row lives."""
    shift = dt.timedelta(days=days)
    here = clock.today(MAINLAND)
    elsewhere: dict[dt.date, list[str]] = {}
    for zone in ZONES:
        if (day := clock.today(zone)) != here:
            elsewhere.setdefault(day, []).append(zone)
    cases = [When(**{f"{employer}__time_zone__in": zones}, then=Value(day + shift)) for day, zones in elsewhere.items()]
    return Case(*cases, default=Value(here + shift), output_field=DateField())
