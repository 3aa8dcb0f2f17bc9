"""Writing and reading the journal. Readings of somebody's file are there too, and that person sees them."""

import hashlib
import json
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from portal import clock
from portal.enums import Verb
from portal.models import Employer, JournalEntry, JournalSeal, Person

GENESIS = "0" * 64
SEGMENT = 1000
SETTLE_SECONDS = 60


def log(
    *,
    actor: Person | None,
    verb: Verb,
    target: models.Model,
    subject: Person | None = None,
    employer: Employer | None = None,
    count: int = 1,
) -> JournalEntry:
    """Write one entry. `subject` is the person whose file is touched, if any."""
    return JournalEntry.objects.create(
        at=clock.now(),
        actor_ref=actor.ref if actor else None,
        subject_ref=subject.ref if subject else None,
        employer_ref=employer.ref if employer else None,
        verb=verb,
        label=target._meta.label,
        object_ref=getattr(target, "ref", None),
        count=count,
    )


def read_file(*, actor: Person, subject: Person | None, target: models.Model, employer: Employer | None = None) -> None:
    """Somebody opened `subject`'s file. One's own file leaves no trace; a page seen again within the hour, one."""
    if subject is None or actor == subject:
        return
    recent = clock.now() - clock.dt.timedelta(hours=1)
    seen = JournalEntry.objects.filter(
        verb=Verb.READ_FILE, actor_ref=actor.ref, subject_ref=subject.ref, object_ref=target.ref, at__gt=recent
    )
    if not seen.exists():
        log(actor=actor, verb=Verb.READ_FILE, target=target, subject=subject, employer=employer)


def about(person: Person) -> models.QuerySet[JournalEntry]:
    """What others did with this person's file, newest first: shown on « Mes données »."""
    return JournalEntry.objects.filter(subject_ref=person.ref).exclude(actor_ref=person.ref)


def seal_segments() -> int:
    """Hash every closed segment (up to 1 000 entries older than 60 s) into a chained JournalSeal; how many seals.

    Requests never wait on the chain head (engineering C10).
    """
    made = 0
    while segment := _next_segment():
        previous = JournalSeal.objects.last()
        with transaction.atomic():
            JournalSeal.objects.create(
                first_at=segment[0].at,
                last_at=segment[-1].at,
                last_id=segment[-1].id,
                entries=len(segment),
                prev_hash=previous.hash if previous else GENESIS,
                hash=_digest(previous.hash if previous else GENESIS, segment),
            )
        made += 1
    return made


def verify() -> JournalSeal | None:
    """The first seal that no longer matches its entries, or None when the whole kept journal is intact."""
    previous_hash, position = GENESIS, Q()
    for seal in JournalSeal.objects.order_by("pk"):
        if seal.prev_hash != previous_hash:
            return seal
        if seal.purged_at is None:
            segment = list(JournalEntry.objects.filter(position).order_by("at", "id")[: seal.entries])
            if len(segment) != seal.entries or _digest(seal.prev_hash, segment) != seal.hash:
                return seal
        previous_hash, position = seal.hash, _after(seal.last_at, seal.last_id)
    return None


def purge() -> int:
    """Delete whole sealed segments older than 12 months; the seal stays. Returns how many entries went.

    Older than the newest entry by as much, as the trigger wants it: a journal asleep for long keeps its last year.
    """
    newest = JournalEntry.objects.order_by("-at").values_list("at", flat=True).first()
    limit = min(clock.now(), newest or clock.now()) - clock.dt.timedelta(days=366)
    gone = 0
    for seal in JournalSeal.objects.filter(purged_at__isnull=True, last_at__lt=limit).order_by("pk"):
        with transaction.atomic():
            before = JournalSeal.objects.filter(pk__lt=seal.pk).last()
            rows = JournalEntry.objects.filter(at__lte=seal.last_at).exclude(_after(seal.last_at, seal.last_id))
            if before:
                rows = rows.filter(_after(before.last_at, before.last_id))
            gone += rows.delete()[0]
            JournalSeal.objects.filter(pk=seal.pk).update(purged_at=clock.now())
    return gone


def cut(entries: models.QuerySet[JournalEntry]) -> int:
    """These entries lose whom and what they were about for good; how many.

    Verb, day and whoever acted on somebody else's object stay: what is left says that it was done, by whom, of what kind.
    """
    rows = list(entries.filter(digest=""))
    for entry in rows:
        own = {"actor_ref": None} if _by_itself(entry) else {}
        JournalEntry.objects.filter(pk=entry.pk).update(
            digest=_references(entry), salt="", subject_ref=None, object_ref=None, **own
        )
    return len(rows)


def _by_itself(entry: JournalEntry) -> bool:
    """Somebody about themselves: then the author is one of the references to cut."""
    return entry.actor_ref == entry.subject_ref


def _references(entry: JournalEntry) -> str:
    """What a seal holds of whom and what an entry is about."""
    author = entry.actor_ref if _by_itself(entry) else None
    named = [str(author), str(entry.subject_ref), str(entry.object_ref)]
    return hashlib.sha256((entry.salt + json.dumps(named)).encode()).hexdigest()


def _after(at, entry_id: UUID) -> Q:
    return Q(at__gt=at) | Q(at=at, id__gt=entry_id)


def _next_segment() -> list[JournalEntry]:
    settled = clock.now() - clock.dt.timedelta(seconds=SETTLE_SECONDS)
    entries = JournalEntry.objects.filter(at__lt=settled)
    if last := JournalSeal.objects.last():
        entries = entries.filter(_after(last.last_at, last.last_id))
    segment = list(entries.order_by("at", "id")[:SEGMENT])
    full = len(segment) == SEGMENT
    old = bool(segment) and segment[0].at < clock.now() - clock.dt.timedelta(days=1)
    return segment if full or old else []


def _digest(previous: str, segment: list[JournalEntry]) -> str:
    rows = [
        [
            str(entry.id),
            entry.at.astimezone(clock.dt.UTC).isoformat(),
            "" if entry.actor_ref is None or _by_itself(entry) else str(entry.actor_ref),
            str(entry.employer_ref),
            entry.verb,
            entry.label,
            entry.count,
            entry.digest or _references(entry),
        ]
        for entry in segment
    ]
    return hashlib.sha256((previous + json.dumps(rows)).encode()).hexdigest()
