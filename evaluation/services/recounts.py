"""An edition is not counted again once what it was counted from is being destroyed (domain.md m.3).

Counted anew, the same figures would be withheld, since nobody can be told apart behind them any more, and a reader would take
that for a correction. A later edition then takes what people fed from the one before, and acts of the organisation as they
stand now. Reads dates and memberships, never a value.
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from django.db.models import Min

from evaluation.disclosure.figures import Figure
from evaluation.disclosure.rules import Kind
from evaluation.indicators import BY_CODE
from evaluation.models import PublishedFigure, Release
from evaluation.services.content import Line, Lines
from evaluation.services.counts import lived_pairs
from pairing.services.retention import LINK_DAYS, REPORT_DAYS
from portal import clock
from programmes.models import Exercice


def latest(exercice: Exercice) -> Release | None:
    return exercice.releases.select_related("exercice__programme").order_by("-edition").first()


def last_day(latest: Release) -> dt.date:
    """The last day on which its people can be counted again: three months after the exercice, or before its pairs are gone.

    Since the first edition: what was kept once is kept for good.
    """
    exercice = latest.exercice
    counted = exercice.releases.earliest("edition").established_at
    since = counted.astimezone(ZoneInfo(exercice.programme.time_zone)).date()
    kept = dt.timedelta(days=LINK_DAYS)
    first = lived_pairs(exercice).filter(ended_on__gte=since - kept).aggregate(day=Min("ended_on"))["day"]
    window = exercice.ends + dt.timedelta(days=REPORT_DAYS)
    return min(window, first + kept) if first else window


def is_over(latest: Release) -> bool:
    return clock.today(latest.exercice.programme.time_zone) > last_day(latest)


def keep(latest: Release, lines: Lines) -> None:
    """Put what `latest` published in the place of what would be counted anew; none of it is a new figure to audit."""
    data = json.loads(latest.data)
    said = {row["code"]: row for row in data["figures"]}
    for line in lines.catalogue:
        row = said.get(line.indicator.code)
        if row and not line.source and line.indicator.kind != Kind.ACTS:
            line.figure, line.of, line.units, line.whose = _figure(row), row["of"], frozenset(), frozenset()
    # In the order in which they were published.
    strata = PublishedFigure.objects.filter(release=latest, indicator="E02").exclude(stratum="").order_by("pk")
    spans = zip(data["spans"], strata.values_list("stratum", flat=True), strict=True)
    lines.spans = [
        (row["name"], Line(BY_CODE[row["code"]], _figure(row), of=row["of"], stratum=stratum)) for row, stratum in spans
    ]


def _figure(row: dict) -> Figure:
    return Figure(row["lo"], row["hi"], row["label"])
