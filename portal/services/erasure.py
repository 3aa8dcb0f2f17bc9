"""Erasing somebody: asked for, six days to change one's mind, then for good (decision 4).

The row of the person goes, and with it everything that hangs on it; what others still need stays without anybody's name:
a pair, a letter that bound the employer until its own delay, counts already published. ERASURE hooks run later apps
first. An `ErasureRecord` (a reference, nothing else) lets a restored backup be erased again.
"""

import datetime as dt
import logging

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.access import zone_of
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import ErasureRecord, Invitation, OutgoingMail, Person, StoredDocument
from portal.registry import ERASURE, hooks
from portal.services import documents, invitations, journal, traces

DELAY_DAYS = 6
logger = logging.getLogger(__name__)


def day_of(person: Person) -> dt.date:
    """The day on which data would go if asked for today."""
    return clock.today(zone_of(person)) + dt.timedelta(days=DELAY_DAYS)


@transaction.atomic
def ask(*, person: Person) -> dt.date:
    """Ask for one's own erasure; returns its day. Asking twice keeps the first day."""
    Person.objects.filter(pk=person.pk, erase_on__isnull=True).update(erase_on=day_of(person))
    person.refresh_from_db(fields=["erase_on"])
    journal.log(actor=person, verb=Verb.DECIDED, target=person, subject=person)
    return person.erase_on


@transaction.atomic
def renounce(*, person: Person) -> None:
    """Change one's mind before the day."""
    if not Person.objects.filter(pk=person.pk, erase_on__isnull=False).update(erase_on=None):
        raise DomainError("Aucun effacement n’est prévu.")
    person.erase_on = None
    journal.log(actor=person, verb=Verb.DECIDED, target=person, subject=person)


def run() -> int:
    """Erase everybody whose day has come, and anybody a restored backup brought back. How many went.

    One person that cannot be erased now is logged without a name and tried again next time.
    """
    back = Q(ref__in=ErasureRecord.objects.values("person_ref"))
    due = [one for one in Person.objects.filter(back | Q(erase_on__isnull=False)) if _is_due(one)]
    return sum(_try(person) for person in due)


def _is_due(person: Person) -> bool:
    return person.erase_on is None or person.erase_on <= clock.today(zone_of(person))


def _try(person: Person) -> bool:
    try:
        erase(person=person)
    except DomainError as error:
        logger.error("erasure waits: %s", type(error).__name__)
        return False
    return True


@transaction.atomic
def erase(*, person: Person) -> None:
    """Now and for good: what the apps hold, files, account, sessions, invitations, the person."""
    ErasureRecord.objects.get_or_create(person_ref=person.ref, defaults={"at": clock.now()})
    for hook in reversed(hooks(ERASURE)):
        hook(person)
    traces.forget(person=person)
    _forget_mails(person)
    for document in StoredDocument.objects.filter(object_ref=person.ref):
        documents.delete(document=document)
    if user := person.user:
        _forget_sessions(user.pk)
        for row in Invitation.objects.all():
            if invitations.is_for(row, user.email):
                row.delete()
        user.delete()
    Person.objects.filter(pk=person.pk).delete()


def _forget_mails(person: Person) -> None:
    """Those sent to an address rather than to the person; the others go with the person's row."""
    addresses = {person.notify_email.open(person.ref), person.user.email if person.user else ""} - {""}
    for row in OutgoingMail.objects.filter(person=None).exclude(address=""):
        if row.address.open(row.ref).lower() in addresses:
            row.delete()


def _forget_sessions(user_pk: int) -> None:
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user_pk):
            session.delete()
