"""« Parler d’abord » : somebody without account asks to be called. The number goes 30 days later, whatever happened."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.registry import Rule
from portal.services import journal, receipts
from programmes.enums import HALF_DAYS
from programmes.models import CallBack, Programme

KEPT_DAYS = 30
DIGITS = (9, 15)
DONE = "Ce rappel est déjà noté comme fait."


@transaction.atomic
def ask(*, programme: Programme, receipt: UUID, phone: str, slots: int, given: str = "") -> None:
    """Leave a number and half-days. The same form sent twice is taken once. Raises DomainError."""
    if receipts.earlier(key=receipt):
        return
    if not DIGITS[0] <= sum(sign.isdigit() for sign in phone) <= DIGITS[1]:
        raise DomainError("Écrivez le numéro en entier, par exemple 06 12 34 56 78.", field="phone")
    if not slots:
        raise DomainError("Cochez au moins une demi-journée.", field="slots")
    row = CallBack.objects.create(programme=programme, phone=phone, given=given, slots=slots, asked_at=clock.now())
    receipts.keep(key=receipt, person=None, url=str(row.ref))
    journal.log(actor=None, verb=Verb.CREATED, target=row, employer=programme.lead_employer)


def kept(programme: Programme) -> QuerySet[CallBack]:
    """What is younger than 30 days: a page shows nothing older, even before the task has passed."""
    return programme.call_backs.filter(asked_at__gt=_limit())


def waiting(programme: Programme) -> QuerySet[CallBack]:
    return kept(programme).filter(called_at__isnull=True)


@transaction.atomic
def mark_done(*, call: CallBack, by: Person) -> None:
    """The person was called."""
    if not CallBack.objects.filter(pk=call.pk, called_at__isnull=True).update(called_at=clock.now()):
        raise DomainError(DONE)
    journal.log(actor=by, verb=Verb.CHANGED, target=call, employer=call.programme.lead_employer)


def half_days(call: CallBack) -> list[str]:
    return [label for bit, label in HALF_DAYS if call.slots >> bit & 1]


def erase() -> int:
    """Numbers asked for 30 days ago or more go."""
    return CallBack.objects.filter(asked_at__lte=_limit()).delete()[0]


def _limit():
    return clock.now() - timedelta(days=KEPT_DAYS)


def rules() -> list[Rule]:
    """RETENTION hook."""
    data = "Numéro laissé pour être rappelé·e"
    return [Rule("call_backs", data, "30 jours après la demande", "effacé, que l’appel ait eu lieu ou non", erase)]
