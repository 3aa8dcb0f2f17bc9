"""Answering a proposal in one's own time: a reminder, more time without a reason, and a delay that is no refusal.

When the delay passes, the place is freed and the person stays first. They may still say yes as long as a place is free;
of two who do so at the same moment for the last one, one gets it, and the other stays first.
"""

import logging

from django.db import IntegrityError, transaction
from django.db.models import F

from pairing.enums import Part
from pairing.models import Pair, PairMember
from pairing.services import again, pairs
from pairing.services.moves import MOVES, S, tell
from pairing.services.rules import compatible
from portal import clock
from portal.errors import DomainError
from portal.local_day import local_day
from portal.models import Person
from portal.services import mail
from programmes.enums import ParticipationState
from programmes.services import gates as programme_gates

REMIND_DAYS = 3
# A proposal whose delay has passed may be taken up again for so long; the link between the two goes soon after.
TAKE_UP_DAYS = 200
logger = logging.getLogger(__name__)


def may_have_more_time(pair: Pair) -> bool:
    allowed = programme_gates.MORE_TIME.get(pair.form)
    return (
        pair.state == S.PROPOSED and bool(allowed) and pair.more_time < programme_gates.value(pair.programme, allowed)
    )


@transaction.atomic
def more_time(*, pair: Pair, by: Person) -> None:
    """« J’ai besoin de plus de temps »: the delay starts again, no reason asked."""
    pairs.member_of(pair, by)
    if not may_have_more_time(pair):
        raise DomainError("Le délai a déjà été prolongé. Ce n’est qu’un repère : rien ne presse.")
    changed = Pair.objects.filter(pk=pair.pk, state=S.PROPOSED, more_time=pair.more_time).update(
        more_time=F("more_time") + 1,
        answer_by=pairs.answer_day(pair.programme, pair.form),
        reminded_at=None,
        version=F("version") + 1,
    )
    if not changed:
        raise DomainError(MOVES.by_name["accept"].refusal)
    pair.refresh_from_db()


def remind() -> int:
    """One gentle reminder for each delay, a few days before, to those who have not answered; how many proposals."""
    soon = local_day("programme__lead_employer", REMIND_DAYS)
    due = Pair.objects.filter(state=S.PROPOSED, reminded_at__isnull=True, answer_by__lte=soon).order_by("pk")
    return sum(_remind(pair) for pair in due)


@transaction.atomic
def _remind(pair: Pair) -> bool:
    if not Pair.objects.filter(pk=pair.pk, state=S.PROPOSED, reminded_at__isnull=True).update(reminded_at=clock.now()):
        return False
    for member in pair.members.filter(yes_at__isnull=True, person__isnull=False).select_related("person"):
        key = f"pair:{pair.ref}:reminder:{pair.more_time}:{pair.answer_by}:{member.person.ref}"
        mail.post(kind="pairing/reminder", key=key, person=member.person, object_ref=pair.ref)
    return True


def lapse_overdue() -> int:
    """Free the places of proposals whose delay has passed. One pair's trouble never stops the others."""
    lapsed = 0
    # Nobody's delay ends before their own midnight (checked again below).
    overdue = Pair.objects.filter(state=S.PROPOSED, answer_by__lt=local_day("programme__lead_employer"))
    for pair in overdue.select_related("programme__lead_employer").order_by("pk"):
        try:
            lapsed += _lapse(pair)
        except DomainError as error:
            logger.info("pair %s left for the next time: %s", pair.ref, type(error).__name__)
    return lapsed


def _is_over(pair: Pair) -> bool:
    return pair.answer_by is not None and pair.answer_by < clock.today(pair.programme.time_zone)


def _lapse(pair: Pair) -> bool:
    if not _is_over(pair):
        return False
    with MOVES.moving(pair, "lapse", by=None, reason="delay") as fresh:
        if not _is_over(fresh):
            raise DomainError("Le délai vient d’être prolongé.")
        fresh.late = True
        pairs.free_places(fresh)
        tell(fresh, "news")
    again.prepare(pair)
    return True


def may_take_up(pair: Pair) -> bool:
    """Whether a proposal whose delay has passed may still be accepted; the place may be gone all the same."""
    limit = clock.now() - clock.dt.timedelta(days=TAKE_UP_DAYS)
    return pair.state == S.LAPSED and pair.late and pair.proposed_at > limit


@transaction.atomic
def take_up(*, pair: Pair, by: Person) -> None:
    """Say yes after the delay: everybody's place is taken again if it is free, and the other is asked again if need be."""
    mine = pairs.member_of(pair, by)
    if not may_take_up(pair):
        raise DomainError(MOVES.by_name["take_up"].refusal)
    members = list(pair.members.select_related("participation__programme__lead_employer", "person"))
    rows = [member.participation for member in members]
    gone = any(row is None or row.state != ParticipationState.ACCEPTED for row in rows)
    if not gone and mine.participation.memberships.filter(live=True).exclude(part=Part.HELPER).exists():
        raise DomainError("Vous avez déjà une autre proposition, ou un binôme en cours.")
    if not gone and any(pairs.first_free(row) is None for row in rows):
        raise DomainError(pairs.TAKEN)
    if gone or not compatible(*rows):
        raise DomainError("Cette proposition n’est plus possible. Vous restez en tête.")
    with MOVES.moving(pair, "take_up", by=by) as fresh:
        if not fresh.late:
            raise DomainError(MOVES.by_name["take_up"].refusal)
        for member in sorted(members, key=lambda one: one.participation_id != mine.participation_id):
            _seat_again(member)
        fresh.late, fresh.reminded_at, fresh.more_time = False, None, 0
        fresh.answer_by = pairs.answer_day(fresh.programme, fresh.form)
    pairs.say_yes(pair=pair, by=by)
    if pair.members.filter(yes_at__isnull=True).exists():
        tell(pair, "proposed", but=by)


def _seat_again(member: PairMember) -> None:
    """Take a place again, the first that is free; the unique constraint stops a parallel twin."""
    slot = pairs.first_free(member.participation)
    try:
        with transaction.atomic():
            taken = slot and PairMember.objects.filter(pk=member.pk, live=False).update(live=True, slot=slot)
    except IntegrityError as error:
        raise DomainError(pairs.TAKEN) from error
    if not taken:
        raise DomainError(pairs.TAKEN)
