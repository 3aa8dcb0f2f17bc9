"""« Sans nouvelles » : a note to the two, then a task for the référent. The machine never closes a pair (decision 16).

News are a meeting noted, a sign of life, a pair that starts or starts again. Days are those of the programme's time
zone; run twice or late, the note leaves once for one silence.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from pairing.enums import PairState
from pairing.models import Pair
from pairing.services import pairs
from portal import clock
from portal.errors import DomainError
from portal.models import Person
from portal.services import mail
from programmes.enums import Form
from programmes.models import Programme
from programmes.services import gates

NOTE = {Form.PAIR: "pair-quiet-note", Form.RETURN: "pair-quiet-note", Form.RECIPROCAL: "reciprocal-quiet-note"}
TASK = {Form.PAIR: "pair-quiet-task", Form.RETURN: "pair-quiet-task", Form.RECIPROCAL: "reciprocal-quiet-task"}


def news_day(pair: Pair) -> dt.date:
    """The day of the last news."""
    began = (pair.active_at or pair.all_yes_at).astimezone(clock.ZoneInfo(pair.programme.time_zone)).date()
    return max(day for day in (began, pair.last_met_on, pair.alive_on) if day)


def silent(programme: Programme, rules: dict[Form, str]) -> QuerySet[Pair]:
    """Running pairs of which nobody heard for as many days as their form's rule says."""
    today, found = clock.today(programme.time_zone), Q(pk__in=[])
    for form in rules:
        day = today - dt.timedelta(days=gates.value(programme, rules[form]))
        morrow = clock.midnight(day + dt.timedelta(days=1), programme.time_zone)
        began = Q(active_at__lt=morrow) | Q(active_at__isnull=True, all_yes_at__lt=morrow)
        met = Q(last_met_on__isnull=True) | Q(last_met_on__lte=day)
        found |= Q(form=form) & began & met & (Q(alive_on__isnull=True) | Q(alive_on__lte=day))
    return Pair.objects.filter(found, programme=programme, state=PairState.ACTIVE).order_by("pk")


def to_hear_from(programme: Programme) -> QuerySet[Pair]:
    """The référent's task: to ask for news."""
    return silent(programme, TASK)


def is_noted(pair: Pair) -> bool:
    """The two were told of this silence, and it lasts."""
    return pair.state == PairState.ACTIVE and pair.quiet_noted_on is not None and news_day(pair) < pair.quiet_noted_on


def note() -> int:
    """The note to the two of each silent pair, once for one silence. How many pairs."""
    programmes = Programme.objects.filter(pairs__state=PairState.ACTIVE).distinct().order_by("pk")
    return sum(_note(pair) for programme in programmes for pair in silent(programme, NOTE).select_related("programme"))


@transaction.atomic
def _note(pair: Pair) -> bool:
    day = news_day(pair)
    waiting = Pair.objects.filter(pk=pair.pk, state=PairState.ACTIVE)
    waiting = waiting.filter(Q(quiet_noted_on__isnull=True) | Q(quiet_noted_on__lte=day))
    if not waiting.update(quiet_noted_on=clock.today(pair.programme.time_zone)):
        return False
    for member in pair.members.exclude(person=None).select_related("person"):
        mail.post(
            kind="pairing/news",
            key=f"pair:{pair.ref}:quiet:{day}:{member.person.ref}",
            person=member.person,
            object_ref=pair.ref,
        )
    return True


def say_alive(*, pair: Pair, by: Person) -> None:
    """« Tout va bien » : a day, from either of them, and no more."""
    pairs.member_of(pair, by)
    today = clock.today(pair.programme.time_zone)
    if not Pair.objects.filter(pk=pair.pk, state=PairState.ACTIVE).update(alive_on=today):
        raise DomainError("Ce binôme n’est pas en cours.")
    pair.alive_on = today
