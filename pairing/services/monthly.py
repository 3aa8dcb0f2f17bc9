"""« Combien de fois ce mois-ci ? » : one number a month, for a pair that does not note each meeting.

The number is of all the meetings of the month, those noted one by one included: volumes count what is over those, once
(`more_than_noted`). Answering is a sign of life; the last meeting has no date then. On paper, the référent enters the
number for a member without an account: both are in the journal, and the number is not shown back to the référent.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pairing.enums import Noting, PairState
from pairing.models import Meeting, MonthCount, Pair
from pairing.models.monthly import MOST
from pairing.services import pairs
from portal import clock
from portal.dates import day_in_words, month_in_words
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal

RUNNING = (PairState.ACTIVE, PairState.PAUSED)
# How far back a paper may come in; the two look back one month.
PAPER_MONTHS, OWN_MONTHS = 12, 1


def counts_by_month(pair: Pair) -> bool:
    """The pair chose one number a month."""
    return any(row.agreed_at and row.noting == Noting.MONTHLY for row in pair.frames.all())


def first_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def before(month: dt.date) -> dt.date:
    return first_of(month - dt.timedelta(days=1))


def _began(pair: Pair) -> dt.date | None:
    """None: only proposed so far."""
    began = pair.active_at or pair.all_yes_at
    return clock.day_of(began, pair.programme.time_zone) if began else None


def months_of(pair: Pair, back: int = OWN_MONTHS) -> list[dt.date]:
    """Months a number may be given for, the latest first: this one and `back` before, since the pair started."""
    month, found, began = first_of(clock.today(pair.programme.time_zone)), [], _began(pair)
    for _ in range(back + 1):
        if began is None or month < first_of(began):
            break
        found.append(month)
        month = before(month)
    return found


def asked(pair: Pair) -> dt.date | None:
    """The month to ask about: the one that is over and has no number yet, else this one."""
    open_months = months_of(pair)
    given = {row.month for row in pair.month_counts.all()}
    past = [month for month in open_months[1:] if month not in given]
    return past[0] if past else open_months[0] if open_months else None


@transaction.atomic
def give(*, pair: Pair, by: Person, month: dt.date, number: int) -> MonthCount:
    """A member’s number for a month; given again, the last one holds."""
    pairs.member_of(pair, by)
    return _keep(pair, month, number, by=by, back=OWN_MONTHS)


@transaction.atomic
def enter_from_paper(*, pair: Pair, by: Person, person: Person, month: dt.date, number: int) -> MonthCount:
    """The référent, for a member who has no account; never for a pair of one's own."""
    members = {member.person for member in pair.members.select_related("person").exclude(person=None)}
    if by in members:
        raise Refused("Vous participez à ce binôme : quelqu’un d’autre saisit ce relevé.")
    if person not in on_paper(pair):
        raise DomainError("Cette personne note elle-même dans son espace.", field="person")
    row = _keep(pair, month, number, by=by, back=PAPER_MONTHS, person=person)
    employer = pair.programme.lead_employer
    journal.log(actor=by, verb=Verb.ENTERED_FOR, target=pair, subject=person, employer=employer)
    return row


def on_paper(pair: Pair) -> list[Person]:
    """Members without an account."""
    rows = pair.members.filter(person__isnull=False, person__user=None).select_related("person").order_by("pk")
    return [member.person for member in rows]


def _keep(
    pair: Pair, month: dt.date, number: int, *, by: Person, back: int, person: Person | None = None
) -> MonthCount:
    if pair.state not in RUNNING:
        raise DomainError("Ce binôme n’est pas en cours : aucun nombre ne peut y être noté.")
    if month not in months_of(pair, back):
        raise DomainError("Choisissez un mois de la liste.", field="month")
    if not 0 <= number <= MOST:
        raise DomainError(f"Donnez un nombre entre 0 et {MOST}.", field="number")
    today = clock.today(pair.programme.time_zone)
    who = {"entered_by_ref": by.ref, "for_ref": person.ref if person else None, "entered_at": clock.now()}
    row, _ = MonthCount.objects.update_or_create(pair=pair, month=month, defaults={"number": number, **who})
    Pair.objects.filter(pk=pair.pk).update(alive_on=today)
    pair.alive_on = today
    return row


def said(pair: Pair) -> list[dict]:
    """Numbers given, for the members: the latest first, and who entered one for somebody."""
    rows, zone = list(pair.month_counts.all()[:12]), pair.programme.time_zone
    people = (
        Person.objects.in_bulk(
            [ref for row in rows if row.for_ref for ref in (row.entered_by_ref, row.for_ref)], field_name="ref"
        )
        if any(row.for_ref for row in rows)
        else {}
    )
    return [
        {"words": month_in_words(row.month), "number": row.number, "said": _entered_for(row, people, zone)}
        for row in rows
    ]


def _entered_for(row: MonthCount, people: dict, zone: str) -> str:
    by, person = people.get(row.entered_by_ref), people.get(row.for_ref)
    return (
        f"saisi par {by.short_name} pour {person.given}, {day_in_words(clock.day_of(row.entered_at, zone), weekday=False)}"
        if by and person
        else ""
    )


# --- Volumes ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class More:
    """Meetings of a month that no row says one by one; `on`: the day they are counted at, `noted`: since when."""

    pair_id: int
    pair: UUID
    on: dt.date
    number: int
    noted: dt.datetime


def more_than_noted(pair_ids: Iterable[int], first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> list[More]:
    """What numbers of months add to the meetings noted, from a day to a day.

    A month is counted whole, at its last day or the pair's: in one period only, whatever the periods.
    """
    rows = list(
        MonthCount.objects.filter(pair__in=pair_ids, month__gte=first_of(first), month__lte=last).values_list(
            "pair_id", "pair__ref", "pair__ended_on", "month", "number", "entered_at"
        )
    )
    noted = Counter(
        (pair, first_of(on))
        for pair, on in Meeting.objects.filter(pair__in={pair for pair, *_ in rows}).values_list("pair_id", "on")
    )
    found = []
    for pair, ref, ended, month, number, noted_at in rows:
        end = first_of(month + dt.timedelta(days=31)) - dt.timedelta(days=1)
        on = min(end, ended) if ended and ended >= month else end
        more = number - noted[pair, month]
        if more > 0 and first <= on <= last:
            found.append(More(pair, ref, on, more, noted_at))
    return found
