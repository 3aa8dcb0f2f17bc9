"""Meetings along the exercice, by month or by quarter: all the spans or none (engineering H7)."""

import calendar
import datetime as dt
from dataclasses import dataclass

from evaluation.disclosure import rules
from evaluation.disclosure.figures import NOT_APPLICABLE, Figure
from evaluation.disclosure.rules import Basis, Kind
from evaluation.services.counts import PAIR, Count, bounds, eligible_pairs, members_of
from pairing.models import Meeting
from pairing.services.monthly import more_than_noted
from portal.dates import span_in_words
from programmes.models import Exercice


@dataclass(frozen=True)
class Span:
    """Some months of the exercice; `figure` says « sans objet » when no pair lived during them."""

    starts: dt.date
    ends: dt.date
    months: range  # ranks of its months in the exercice, from 1
    count: Count
    figure: Figure

    @property
    def label(self) -> str:
        return span_in_words(self.starts, self.ends)

    @property
    def stratum(self) -> str:
        return f"s{self.months.start}-{self.months.stop - 1}"


def months_of(stratum: str) -> range | None:
    """The months of a published span (see Span.stratum); None for a figure of the whole exercice."""
    if not stratum.startswith("s"):
        return None
    first, last = stratum[1:].split("-")
    return range(int(first), int(last) + 1)


def collect(exercice: Exercice) -> list[Span]:
    """The finest spans that may all be shown; the choice reads how many pairs lived in each, never their meetings."""
    zone = bounds(exercice)[0].tzinfo
    pairs = [
        (pk, ref, at.astimezone(zone).date(), ended)
        for pk, ref, at, ended in eligible_pairs(exercice).values_list("pk", "ref", "all_yes_at", "ended_on")
    ]
    vouched: dict = {}
    for member in members_of(pk for pk, *_ in pairs):
        if member.vouched:
            vouched.setdefault(member.pair, set()).add(member.person)
    held = Meeting.objects.filter(pair__in=[pk for pk, *_ in pairs], on__range=(exercice.starts, exercice.ends))
    days = list(held.values_list("on", flat=True))
    for more in more_than_noted([pk for pk, *_ in pairs], exercice.starts, exercice.ends):
        days += [more.on] * more.number
    for months in rules.spans(len(pairs)):
        spans = [
            _span(pairs, vouched, days, *dates, range(rank * months + 1, (rank + 1) * months + 1))
            for rank, dates in enumerate(_dates(exercice, months))
        ]
        told = [span for span in spans if span.figure.is_value]
        if len(told) > 1 and all(span.figure.is_value or span.figure.label == NOT_APPLICABLE for span in spans):
            return spans
    return []


def _span(
    pairs: list[tuple], vouched: dict, days: list[dt.date], starts: dt.date, ends: dt.date, months: range
) -> Span:
    living = [ref for _, ref, since, until in pairs if since <= ends and (until is None or until >= starts)]
    people = set().union(*(vouched.get(ref, set()) for ref in living))
    basis = Basis(people=len(people), pairs=len(living))
    count = Count(sum(starts <= day <= ends for day in days), basis, frozenset((PAIR, ref) for ref in living))
    figure = rules.disclose(Kind.VOLUME, count.value, basis) if living else Figure.said(NOT_APPLICABLE)
    return Span(starts, ends, months, count, figure)


def _dates(exercice: Exercice, months: int) -> list[tuple[dt.date, dt.date]]:
    made, rank = [], 0
    starts = exercice.starts
    while starts <= exercice.ends:
        rank += 1
        following = _later(exercice.starts, rank * months)
        made.append((starts, min(following - dt.timedelta(days=1), exercice.ends)))
        starts = following
    return made


def _later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
