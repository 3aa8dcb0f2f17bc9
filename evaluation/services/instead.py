"""What stands for a wave that is not issued: a collective talk, or the wave before (decision 34)."""

import datetime as dt

from django.db import transaction

from evaluation.enums import Moment
from evaluation.models import CollectiveTalk, Wave
from evaluation.services import baseline, waves
from evaluation.services.batches import season
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.models import Cycle


@transaction.atomic
def note_talk(*, cycle: Cycle, moment: str, on: dt.date, by: Person | None) -> CollectiveTalk:
    """Fewer than 7 people: a collective talk took place instead."""
    now = waves.standing(cycle, moment)
    if not now.may_talk:
        raise DomainError(now.refusal or "Une enquête est possible : le temps collectif n’en tient pas lieu.")
    if on > clock.today(cycle.programme.time_zone):
        raise DomainError("Notez le temps collectif une fois qu’il a eu lieu.", field="on")
    if on < season(cycle, moment)[0]:
        raise DomainError("Cette date est trop ancienne pour ce moment du cycle.", field="on")
    return _instead(cycle, moment, on, None, by, "collective_talk")


@transaction.atomic
def lean_on_previous(*, cycle: Cycle, by: Person | None) -> CollectiveTalk:
    """The last survey is less than 90 days old: it stands for this cycle's departure."""
    now = waves.standing(cycle, Moment.T0)
    if not now.may_lean_on_previous:
        raise DomainError("Aucune enquête de moins de 90 jours ne peut en tenir lieu.")
    today = clock.today(cycle.programme.time_zone)
    return _instead(cycle, Moment.T0, today, now.previous, by, "previous_wave")


def _instead(
    cycle: Cycle, moment: str, on: dt.date, previous: Wave | None, by: Person | None, how: str
) -> CollectiveTalk:
    row, new = CollectiveTalk.objects.get_or_create(
        cycle=cycle, moment=moment, defaults={"on": on, "previous": previous, "created_at": clock.now()}
    )
    if new:
        journal.log(actor=by, verb=Verb.DECIDED, target=row, employer=cycle.programme.lead_employer)
    if new and moment == Moment.T0:
        baseline.clear(cycle, how)
    return row
