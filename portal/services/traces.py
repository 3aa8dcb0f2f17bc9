"""Traces never outlive a link: when an object no longer says whose it was, nothing beside it says so either.

To be called by whatever detaches an object from somebody: a retention rule, an erasure.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import models, transaction

from portal.models import JournalEntry, OutgoingMail, Person, Transition
from portal.services import journal

# SQLite takes so many values in one statement.
AT_ONCE = 500


@transaction.atomic
def cut(*, model: type[models.Model], refs: Iterable[UUID], of: Person | None = None) -> int:
    """Journal entries lose their references, moves their author, messages go; how many entries were cut.

    `refs` are those of objects of `model`. `of`: only what names this person, the others keeping theirs.
    """
    label, done = model._meta.label, 0
    for some in _parts(sorted(set(refs))):
        entries = JournalEntry.objects.filter(label=label, object_ref__in=some)
        moves = Transition.objects.filter(label=label, object_ref__in=some)
        mails = OutgoingMail.objects.filter(object_ref__in=some, person__isnull=False)
        if of:
            about = models.Q(subject_ref=of.ref) | models.Q(subject_ref=None, actor_ref=of.ref)
            entries, moves, mails = entries.filter(about), moves.filter(by_ref=of.ref), mails.filter(person=of)
        done += journal.cut(entries)
        moves.update(by_ref=None)
        mails.delete()
    return done


@transaction.atomic
def forget(*, person: Person) -> None:
    """At their erasure: no entry says it was about them, nor that they did something for themselves; no move, their hand.

    A letter that RH keep holds their name: one entry about it would give back the reference, hence all the others.
    """
    journal.cut(JournalEntry.objects.filter(subject_ref=person.ref))
    Transition.objects.filter(by_ref=person.ref).update(by_ref=None)


def _parts(refs: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(refs), AT_ONCE):
        yield refs[start : start + AT_ONCE]
