"""Hours planned by letters and hours used, by helper and by month.

The helper reads them exactly; the référent reads a band over three months, once the helper could read it first; RH read
the hours of letters, which are their own acts, and nothing here (decisions 14 and 42).
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db import transaction

from pairing.enums import ESTIMATED_MINUTES, Part
from pairing.models import HoursTally, Meeting, PairMember
from pairing.services import monthly
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Person
from programmes.enums import LetterKind, Side
from programmes.models import Letter, Participation, Programme
from programmes.services.letter_life import months_in_force

SHOWN, OPEN = 6, 3  # months shown to oneself; months back that may still be noted
FIRST = dt.timedelta(days=7)  # what oneself reads alone
MONTHS_OF_BAND = 3
BANDS = ("moins de la moitié", "entre la moitié et le temps prévu", "plus que le temps prévu")


# --- Months -----------------------------------------------------------------------------------------------------------
def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def last_day(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def before(month: dt.date, number: int = 1) -> dt.date:
    """The first day of the month so many months earlier."""
    rank = month.year * 12 + month.month - 1 - number
    return dt.date(rank // 12, rank % 12 + 1, 1)


def ended(day: dt.date, number: int) -> list[dt.date]:
    """The last `number` months that are over on `day`, the latest first."""
    return [before(month_of(day), back) for back in range(1, number + 1)]


# --- Facts ------------------------------------------------------------------------------------------------------------
@dataclass
class Facts:
    """What one helper's letters, meetings and tallies say; `known`: rows noted later are not read."""

    letters: list[Letter] = field(default_factory=list)
    # (pair, day, minutes, noted at)
    met: list[tuple[int, dt.date, int, dt.datetime]] = field(default_factory=list)
    # (month, minutes, noted at): what numbers given for a month add to those, without a day
    counted: list[tuple[dt.date, int, dt.datetime]] = field(default_factory=list)
    # {month: (minutes, noted at)}
    other: dict[dt.date, tuple[int, dt.datetime]] = field(default_factory=dict)

    def planned(self, month: dt.date) -> int:
        return round(sum(letter.minutes_month * self._part(letter, month) for letter in self.letters))

    def whole(self, month: dt.date) -> bool:
        """Whether letters were in force all the month long."""
        return sum(self._part(letter, month) for letter in self.letters) == 1

    @staticmethod
    def _part(letter: Letter, month: dt.date) -> Fraction:
        return months_in_force(letter, month, last_day(month))

    def meetings(self, month: dt.date, known: dt.datetime | None = None) -> int:
        rows = [(month_of(on), minutes, noted) for _, on, minutes, noted in self.met] + self.counted
        return sum(minutes for one, minutes, noted in rows if one == month and (known is None or noted <= known))

    def besides(self, month: dt.date, known: dt.datetime | None = None) -> int:
        minutes, noted = self.other.get(month, (0, None))
        return minutes if noted and (known is None or noted <= known) else 0

    def used(self, month: dt.date, known: dt.datetime | None = None) -> int:
        return self.meetings(month, known) + self.besides(month, known)


def facts(rows: Iterable[Participation]) -> dict[int, Facts]:
    """By participation, in as many queries whatever their number."""
    found: dict[int, Facts] = defaultdict(Facts)
    ids = [row.pk for row in rows]
    letters = Letter.objects.filter(participation__in=ids, kind=LetterKind.LETTER, in_force_at__isnull=False)
    for letter in letters.order_by("starts", "pk"):
        found[letter.participation_id].letters.append(letter)
    seats = PairMember.objects.filter(participation__in=ids, part__in=[Part.HELPER, Part.PEER])
    of_pair: dict[int, list[int]] = defaultdict(list)
    for pair, participation in seats.values_list("pair", "participation"):
        of_pair[pair].append(participation)
    meetings = Meeting.objects.filter(pair__in=of_pair.keys()).order_by("on", "pk")
    for pair, on, minutes, noted in meetings.values_list("pair", "on", "minutes", "entered_at"):
        for participation in of_pair[pair]:
            lasted = ESTIMATED_MINUTES if minutes is None else minutes
            found[participation].met.append((pair, on, lasted, noted))
    for more in monthly.more_than_noted(of_pair.keys()):
        for participation in of_pair[more.pair_id]:
            minutes = more.number * ESTIMATED_MINUTES
            found[participation].counted.append((month_of(more.on), minutes, more.noted))
    for tally in HoursTally.objects.filter(participation__in=ids):
        found[tally.participation_id].other[tally.month] = (tally.minutes, tally.noted_at)
    return found


# --- The helper -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    month: dt.date
    planned: int
    met: int
    other: int

    @property
    def total(self) -> int:
        return self.met + self.other

    @property
    def share(self) -> int | None:
        """Of what the letter plans, in per cent; None without a letter that month."""
        return round(100 * self.total / self.planned) if self.planned else None


def of_person(person: Person) -> list[Participation]:
    """Where `person` helps, or helped: a letter, a tally or a pair."""
    mine = Participation.objects.filter(person=person, side=Side.HELPER, accepted_at__isnull=False)
    return list(mine.select_related("programme__lead_employer", "person").order_by("programme__name", "pk"))


def lines(participation: Participation) -> list[Line]:
    """This month and those before it, the latest first."""
    month = month_of(clock.today(participation.programme.time_zone))
    of_one = facts([participation])[participation.pk]
    return [
        Line(one, of_one.planned(one), of_one.meetings(one), of_one.besides(one))
        for one in (before(month, back) for back in range(SHOWN))
    ]


def open_months(participation: Participation) -> list[dt.date]:
    """Months that may be noted: this one and those just before it."""
    month = month_of(clock.today(participation.programme.time_zone))
    return [before(month, back) for back in range(OPEN + 1)]


@transaction.atomic
def note(*, participation: Participation, month: dt.date, minutes: int, by: Person) -> None:
    """One's own time besides meetings; said again, the last number holds."""
    if participation.person_id != by.pk or participation.side != Side.HELPER:
        raise Refused("Chacun note son propre temps.")
    if month not in open_months(participation):
        raise DomainError("Ce mois ne se note plus, ou pas encore.", field="month")
    if not 0 <= minutes <= 12_000:
        raise DomainError("Un mois compte au plus 200 heures.", field="minutes")
    row = HoursTally.objects.filter(participation=participation, month=month).first()
    if row is None or row.minutes != minutes:
        HoursTally.objects.update_or_create(
            participation=participation, month=month, defaults={"minutes": minutes, "noted_at": clock.now()}
        )


# --- The référent -----------------------------------------------------------------------------------------------------
def band(planned: int, used: int) -> str:
    return BANDS[(used * 2 >= planned) + (used > planned)]


def bands(programme: Programme) -> list[tuple[Participation, int, str]]:
    """(who, minutes planned a month by the latest letter, band over the last three whole months), by name.

    Only months over for a week, and what was noted by then: oneself reads first. Whoever had no letter all along is not
    listed.
    """
    known = clock.now() - FIRST
    day = known.astimezone(clock.ZoneInfo(programme.time_zone)).date()
    months = ended(day, MONTHS_OF_BAND)
    rows = programme.participations.filter(side=Side.HELPER, person__isnull=False, letters__isnull=False)
    rows = list(rows.select_related("person").distinct().order_by("person__sort_key", "pk"))
    found, listed = facts(rows), []
    for row in rows:
        one = found[row.pk]
        if all(one.whole(month) for month in months):
            planned = sum(one.planned(month) for month in months)
            used = sum(one.used(month, known) for month in months)
            listed.append((row, one.planned(months[0]), band(planned, used)))
    return listed
