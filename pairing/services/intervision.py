"""Intervision: helpers among themselves, optional. They announce a date, say that they come, and a number stays.

Who comes is read by helpers only and goes a month later; the référent reads the number, nobody else anything.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from pairing.enums import SupervisionKind
from pairing.models import IntervisionSeat, SupervisionSession
from pairing.services import supervision
from pairing.services.supervision_frame import setting_of
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.words import listed
from programmes.enums import Channel, SessionState
from programmes.models import Participation, Programme

MOST = 40
COUNTED = dt.timedelta(days=60)  # how long the number may still be given


def _mine(programme: Programme, by: Person) -> Participation:
    row = supervision.supervised(programme).filter(person=by).first()
    if row is None:
        raise Refused("L’intervision est un temps entre pairs-aidants en mission.")
    return row


def announce(*, programme: Programme, by: Person, starts: dt.datetime, channel: str, receipt: UUID) -> None:
    """A date among helpers; the others are told, neutrally. No text: where is said by a channel of the list."""
    _mine(programme, by)
    if starts <= clock.now():
        raise DomainError("Cette date est passée.", field="day")
    if channel not in Channel.values:
        raise DomainError("Choisissez dans la liste.", field="channel")
    supervision.plan_year(
        programme=programme,
        kind=SupervisionKind.INTERVISION,
        starts=[starts],
        minutes=setting_of(programme).intervision_minutes,
        place=Channel(channel).label,
        by=by,
        receipt=receipt,
    )


def of_person(person: Person) -> QuerySet[SupervisionSession]:
    """Dates of the programmes where `person` is in a mission, to come or lately over."""
    rows = SupervisionSession.objects.filter(
        programme__in=supervision.programmes_of(person).values("pk"),
        kind=SupervisionKind.INTERVISION,
        state=SessionState.PLANNED,
        starts_at__gt=clock.now() - COUNTED,
    )
    seats = Prefetch("seats", IntervisionSeat.objects.select_related("participation__person"))
    rows = rows.select_related("programme__lead_employer").prefetch_related(seats)
    return rows.order_by("starts_at", "pk")


def is_over(session: SupervisionSession) -> bool:
    return session.starts_at <= clock.now()


def shown_to(person: Person) -> list[dict]:
    """Each date, the names of who comes (helpers read them, nobody else), whether one comes, whether it is over."""
    found = []
    for row in of_person(person):
        coming = [seat.participation.person for seat in row.seats.all() if seat.participation.person]
        names = listed([one.short_name for one in coming])
        found.append({"row": row, "names": names, "mine": person in coming, "over": is_over(row)})
    return found


@transaction.atomic
def come(*, session: SupervisionSession, by: Person, comes: bool) -> None:
    """Say that one comes, or no longer; twice is once."""
    mine = _mine(session.programme, by)
    if is_over(session) or session.state != SessionState.PLANNED:
        raise DomainError("Cette date est passée ou annulée.")
    if comes:
        IntervisionSeat.objects.get_or_create(session=session, participation=mine)
    else:
        IntervisionSeat.objects.filter(session=session, participation=mine).delete()


@transaction.atomic
def count(*, session: SupervisionSession, by: Person, number: int) -> None:
    """How many were there, by one of them; given again, the last number holds."""
    _mine(session.programme, by)
    if not is_over(session):
        raise DomainError("Le nombre se donne après.")
    if not 0 <= number <= MOST:
        raise DomainError(f"Donnez un nombre entre 0 et {MOST}.", field="number")
    SupervisionSession.objects.filter(pk=session.pk, kind=SupervisionKind.INTERVISION).update(came=number)
