"""Writing job rows (rows first, queue second)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal import clock
from portal.enums import JobState
from portal.errors import DomainError
from portal.jobs import MAX_ATTEMPTS, send
from portal.models import Job


@transaction.atomic
def enqueue(*, kind: str, key: str, object_ref: UUID | None = None, run_after: datetime | None = None) -> Job:
    """The job called `key`, written if new, and its reference sent to a worker after commit."""
    job, new = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "object_ref": object_ref, "run_after": run_after or clock.now()}
    )
    if new and job.run_after <= clock.now():
        transaction.on_commit(lambda: send(job))
    return job


def enqueue_new(*, kind: str, key: str, object_ref: UUID, run_after: datetime | None = None) -> None:
    """The same inside a transaction, with a `key` that is new for certain: nothing is looked for."""
    job = Job.objects.create(key=key, kind=kind, object_ref=object_ref, run_after=run_after or clock.now())
    if job.run_after <= clock.now():
        transaction.on_commit(lambda: send(job))


@transaction.atomic
def retry(*, job: Job) -> None:
    """Start a failed job again, from nothing."""
    if not _start_again(job, attempts=0):
        raise DomainError("Ce travail n’est pas en échec : il n’y a rien à relancer.")


@transaction.atomic
def retry_once(*, job: Job) -> bool:
    """One more attempt, the last; False when the job is no longer a failure."""
    return _start_again(job, attempts=MAX_ATTEMPTS - 1)


def _start_again(job: Job, *, attempts: int) -> bool:
    changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempts=attempts, error="", ended_at=None, done=0, run_after=clock.now()
    )
    if changed:
        transaction.on_commit(lambda: send(job))
    return bool(changed)


@transaction.atomic
def settle(*, key: str) -> None:
    """What the job called `key` was to do later has been done otherwise: no worker needs to wake up for it."""
    Job.objects.filter(key=key, state=JobState.QUEUED).update(state=JobState.DONE, ended_at=clock.now())
