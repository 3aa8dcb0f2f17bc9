"""Counting sensibilisation: acts of the organisation and attendances, never people who could be told apart."""

from django.db.models import Sum

from evaluation.disclosure.figures import NOT_APPLICABLE
from evaluation.disclosure.rules import Basis
from evaluation.services.counts import Count
from programmes.enums import Audience, ItemState, OutreachKind, SessionState
from programmes.models import Exercice, OutreachNumber, StepItem
from programmes.services.outreach import directions

SIGNED_NOTE = "1-signed-note"


def collect(exercice: Exercice) -> dict[str, Count | str]:
    """A01 to A05; nothing when the programme noted no action at all, so that a real nought is not made up."""
    known = exercice.programme.outreach.filter(on__lte=exercice.ends)
    made = _engagement(exercice)
    if not known.exists():
        return made
    held = known.filter(state=SessionState.HELD, on__gte=exercice.starts)
    numbers = OutreachNumber.objects.filter(outreach__in=held)
    return made | {
        "A02": Count(held.exclude(kind=OutreachKind.NOTE).count(), Basis()),
        "A03": Count(_people(numbers), Basis()),
        "A04": Count(_people(numbers.filter(audience=Audience.MANAGERS)), Basis()),
        "A05": _directions(exercice, held),
    }


def _engagement(exercice: Exercice) -> dict[str, Count]:
    item = StepItem.objects.filter(step__programme=exercice.programme, line=SIGNED_NOTE).first()
    if item is None:
        return {}
    signed = item.state == ItemState.DONE and item.done_on <= exercice.ends
    return {"A01": Count(int(signed), Basis())}


def _people(numbers) -> int:
    return numbers.aggregate(total=Sum("people"))["total"] or 0


def _directions(exercice: Exercice, held) -> Count | str:
    """Without directions in the portal there is nothing to cover."""
    known = directions(exercice.programme)
    if not known.exists():
        return NOT_APPLICABLE
    covered = known.filter(pk__in=held.values("units")).count()
    return Count(covered, Basis(units=known.count()))
