"""The frame of a pair: proposed by one, in force once each has accepted; a change goes the same way.

It is theirs: in no page of the référent, and gone with the pair.
"""

from uuid import UUID

from django.db import IntegrityError, transaction

from pairing.enums import Noting, Objective, PairState
from pairing.models import Pair, PairFrame
from pairing.services import pairs
from pairing.services.moves import tell
from portal import clock
from portal.errors import DomainError
from portal.models import Person

RUNNING = (PairState.ACTIVE, PairState.PAUSED)
CHANGED = "Cette proposition a changé : relisez-la."


def in_force(pair: Pair) -> PairFrame | None:
    return pair.frames.filter(agreed_at__isnull=False).first()


def waiting(pair: Pair) -> PairFrame | None:
    return pair.frames.filter(agreed_at__isnull=True).prefetch_related("accepted_by").first()


def notes_nothing(pair: Pair) -> bool:
    """« Nous ne notons pas » : a sign of life a month instead of meetings."""
    return any(row.agreed_at and row.noting == Noting.NONE for row in pair.frames.all())


@transaction.atomic
def propose(
    *, pair: Pair, by: Person, rhythm: str, minutes: int, channel: str, objectives: list[str], noting: str
) -> PairFrame:
    """In the place of what was proposed and not accepted yet, if anything."""
    member = pairs.member_of(pair, by)
    if pair.state not in RUNNING:
        raise DomainError("Ce binôme n’est pas en cours.")
    if not set(objectives) <= set(Objective.values):
        raise DomainError("Choisissez des objectifs de la liste.", field="objectives")
    pair.frames.filter(agreed_at__isnull=True).delete()
    chosen = {"rhythm": rhythm, "minutes": minutes, "channel": channel, "objectives": objectives, "noting": noting}
    try:
        with transaction.atomic():
            row = PairFrame.objects.create(pair=pair, proposed_at=clock.now(), **chosen)
    except IntegrityError as error:
        raise DomainError(CHANGED) from error
    row.accepted_by.add(member)
    tell(pair, "news", but=by, about=str(row.ref))
    return row


@transaction.atomic
def answer(*, pair: Pair, by: Person, frame: UUID, yes: bool) -> bool:
    """Accept what was read, or set it aside without reason: what was in force stays. True once in force."""
    member = pairs.member_of(pair, by)
    row = pair.frames.filter(ref=frame, agreed_at__isnull=True).first()
    if row is None or pair.state not in RUNNING:
        raise DomainError(CHANGED)
    if not yes:
        row.delete()
        return False
    # Writing the pair's row first puts two answers given at the same moment one after the other.
    Pair.objects.filter(pk=pair.pk).update(proposed_at=pair.proposed_at)
    row.accepted_by.add(member)
    if pair.members.filter(person__isnull=False).exclude(pk__in=row.accepted_by.all()).exists():
        return False
    pair.frames.filter(agreed_at__isnull=False).delete()
    if not PairFrame.objects.filter(pk=row.pk).update(agreed_at=clock.now()):
        raise DomainError(CHANGED)
    return True


def in_words(row: PairFrame) -> list[str]:
    """The objectives, in words."""
    return [Objective(code).label for code in row.objectives]


def mine(rows) -> list[PairFrame]:
    """Frames to take away, objectives in words."""
    found = list(rows)
    for row in found:
        row.objectives = in_words(row)
    return found
