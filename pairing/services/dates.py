"""Up to three dates from one, one or none chosen by another: an appointment, for each one's own diary in neutral words.

Theirs alone, without a reason: in no page of the team, and gone with the pair.
"""

import datetime as dt
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from pairing.enums import PairState
from pairing.models import DateProposal, Pair, PairMember, ProposedDate
from pairing.services import pairs
from pairing.services.moves import tell
from portal import clock
from portal.errors import DomainError
from portal.models import Person
from programmes.services import agenda

AT_MOST, AHEAD_DAYS = 3, 180
RUNNING = (PairState.ACTIVE, PairState.PAUSED)
CHANGED = "Cette proposition a changé : relisez-la."


def waiting(pair: Pair) -> DateProposal | None:
    """What waits for an answer, while one of its dates is still to come."""
    row = pair.date_proposals.filter(starts_at=None).select_related("by__person").prefetch_related("dates").first()
    return row if row and any(one.starts_at > clock.now() for one in row.dates.all()) else None


def coming(pair: Pair) -> list[DateProposal]:
    """Appointments not over yet."""
    now = clock.now()
    rows = pair.date_proposals.filter(starts_at__gt=now - dt.timedelta(days=1))
    return [row for row in rows if row.starts_at + dt.timedelta(minutes=row.minutes) > now]


@transaction.atomic
def propose(*, pair: Pair, by: Person, dates: list[dt.datetime], minutes: int, channel: str) -> DateProposal:
    """In the place of what was proposed and not answered yet, if anything."""
    member = pairs.member_of(pair, by)
    if pair.state not in RUNNING:
        raise DomainError("Ce binôme n’est pas en cours.")
    now, chosen = clock.now(), sorted(set(dates))
    if not 1 <= len(chosen) <= AT_MOST:
        raise DomainError("Proposez une, deux ou trois dates.")
    if chosen[0] <= now:
        raise DomainError("Choisissez des dates à venir.")
    if chosen[-1] > now + dt.timedelta(days=AHEAD_DAYS):
        raise DomainError("Choisissez des dates dans les six mois.")
    pair.date_proposals.filter(starts_at=None).delete()
    try:
        with transaction.atomic():
            row = DateProposal.objects.create(
                pair=pair, by=member, minutes=minutes, channel=channel, proposed_at=clock.now()
            )
    except IntegrityError as error:
        raise DomainError(CHANGED) from error
    ProposedDate.objects.bulk_create(ProposedDate(proposal=row, starts_at=one) for one in chosen)
    tell(pair, "news", but=by, about=str(row.ref))
    return row


@transaction.atomic
def answer(*, pair: Pair, by: Person, proposal: UUID, date: int | None) -> DateProposal | None:
    """One of the dates (its key), or none: no reason, and the way is free for others. Whoever proposed may take back."""
    member = pairs.member_of(pair, by)
    row = pair.date_proposals.filter(ref=proposal, starts_at=None).prefetch_related("dates").first()
    if row is None or pair.state not in RUNNING:
        raise DomainError(CHANGED)
    if date is None:
        row.delete()
        if row.by_id != member.pk:
            tell(pair, "news", but=by, about=f"{proposal}:none")
        return None
    chosen = next((one.starts_at for one in row.dates.all() if one.pk == date), None)
    if chosen is None or row.by_id == member.pk:
        raise DomainError("Choisissez une des dates proposées.")
    if chosen <= clock.now():
        raise DomainError("Cette date est passée. Choisissez-en une autre, ou proposez-en.")
    try:
        with transaction.atomic():
            kept = DateProposal.objects.filter(pk=row.pk, starts_at=None).update(starts_at=chosen)
    except IntegrityError as error:
        raise DomainError("Vous avez déjà rendez-vous à ce moment-là.") from error
    if not kept:
        raise DomainError(CHANGED)
    row.dates.all().delete()
    row.starts_at = chosen
    tell(pair, "news", but=by, about=f"{proposal}:chosen")
    return row


@transaction.atomic
def cancel(*, row: DateProposal, by: Person) -> None:
    """Without reason; the others are told."""
    pairs.member_of(row.pair, by)
    ref, pair = row.ref, row.pair
    if DateProposal.objects.filter(pk=row.pk).delete()[0]:
        tell(pair, "news", but=by, about=f"{ref}:cancelled")


def diary(row: DateProposal, member: PairMember) -> bytes:
    """For one's own diary. Each member's file has its own key: two diaries laid side by side do not show a pair."""
    return agenda.appointment(uid=uuid5(row.ref, f"member:{member.pk}"), on=row.starts_at, minutes=row.minutes)
