"""How a row becomes background work.

A `Job` row is the truth; the broker only carries its reference and may lose it, the sweeper finds it again:

- `portal.services.jobs.enqueue` writes the row and sends the reference after commit; when the broker is away the
  request still succeeds;
- `run` claims the row with a conditional update (state, lease), so two workers never hold it at once;
- a killed worker's lease lapses and `sweep` queues the job again, at most MAX_ATTEMPTS times; handlers are idempotent;
- `sweep` runs every ten seconds from the scheduler and once when a worker is ready.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import OperationalError
from django.db.models import F, Q
from kombu.exceptions import OperationalError as BrokerAway

from portal import clock
from portal.enums import JobState
from portal.errors import DomainError
from portal.models import Job

MAX_ATTEMPTS = 5
BACKOFF_SECONDS = (5, 30, 120, 600)
_handlers: dict[str, Callable] = {}
_on_failure: dict[str, Callable] = {}
_simulated: ContextVar[bool] = ContextVar("simulated_past", default=False)
logger = logging.getLogger(__name__)


class JobLost(Exception):
    """This worker no longer holds the job (its lease lapsed): stop without writing anything."""


class Later(Exception):
    """Raised by a handler: not now, but at `until`. It is no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Progress:
    """Given to handlers: says how far the work is and keeps the lease alive."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def step(self, done: int, total: int) -> None:
        """`done` of `total` steps are behind us. Raises JobLost when another worker has taken over."""
        held = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, attempts=self.job.attempts)
        if not held.update(done=done, total=total, lease_until=_lease_end()):
            raise JobLost(self.job.ref)
        self.job.done, self.job.total = done, total


def handler(kind: str, *, failed: Callable | None = None) -> Callable:
    """Register the function that does jobs of this kind: `def make(job: Job, progress: Progress) -> None`.

    `failed(job)` is called once no attempt is left.
    """

    def register(function: Callable) -> Callable:
        _handlers[kind] = function
        if failed:
            _on_failure[kind] = failed
        return function

    return register


@contextmanager
def simulated_past() -> Iterator[None]:
    """For builders of dated histories: work is done inline at its simulated date, mails are held to have left."""
    token = _simulated.set(True)
    try:
        yield
    finally:
        _simulated.reset(token)


def in_simulated_past() -> bool:
    return _simulated.get()


def send(job: Job) -> bool:
    """Wake a worker up for this row; False when the broker is away (the sweeper will do it later)."""
    if in_simulated_past():
        return work(job)
    try:
        run.apply_async([str(job.ref)], retry=False)
    except (BrokerAway, OSError) as error:
        logger.warning("broker away, job %s waits for the sweeper: %s", job.ref, type(error).__name__)
        return False
    return True


def work(job: Job) -> bool:
    """Do one job here and now if it is free and due; False when somebody else holds it."""
    free = Job.objects.filter(pk=job.pk, run_after__lte=clock.now()).filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=clock.now())
    )
    if not free.update(state=JobState.RUNNING, lease_until=_lease_end(), attempts=F("attempts") + 1):
        return False
    job.refresh_from_db()
    try:
        _handlers[job.kind](job, Progress(job))
    except JobLost:
        return False
    except Later as later:
        held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
        held.update(state=JobState.QUEUED, lease_until=None, run_after=later.until, attempts=F("attempts") - 1)
        job.refresh_from_db()
    except DomainError as error:
        _end(job, JobState.FAILED, str(error))
    except Exception as error:
        logger.exception("job %s (%s) failed", job.ref, job.kind)
        _retry_or_fail(job, error)
    else:
        _end(job, JobState.DONE)
    return True


@shared_task(name="portal.run")
def run(ref: str) -> None:
    """Do the job whose reference this is. A reference that is gone or already done is no error."""
    job = Job.objects.filter(ref=ref).first()
    if job:
        work(job)


@shared_task(name="portal.sweep")
def sweep() -> int:
    """Queue again what the broker lost, what a dead worker held and what is due for another attempt."""
    now = clock.now()
    lost = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    for job in lost.filter(attempts__gte=MAX_ATTEMPTS):
        _end(job, JobState.FAILED, "Le travail s’est interrompu plusieurs fois.")
    due = Job.objects.filter(
        Q(state=JobState.QUEUED, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    )
    return sum(send(job) for job in due.order_by("run_after")[:200])


@shared_task(name="portal.seal_journal")
def seal_journal() -> int:
    """Chain-hash the closed segments of the journal and let go of those older than 12 months."""
    from portal.services import journal

    journal.purge()
    return journal.seal_segments()


@worker_ready.connect
def _sweep_at_start(**kwargs) -> None:
    try:
        sweep()
    except OperationalError:
        logger.warning("the database is not ready yet, the scheduler will sweep")


def _lease_end():
    return clock.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _end(job: Job, state: JobState, error: str = "") -> None:
    values = {"state": state, "error": error[:200], "lease_until": None, "ended_at": clock.now()}
    ended = _write(job, **values, **_finished_steps(job, state))
    if ended and state == JobState.FAILED and job.kind in _on_failure:
        _on_failure[job.kind](job)


def _finished_steps(job: Job, state: JobState) -> dict:
    return {"done": job.total} if state == JobState.DONE else {}


def _retry_or_fail(job: Job, error: Exception) -> None:
    if job.attempts >= MAX_ATTEMPTS or not isinstance(error, OSError | OperationalError):
        _end(job, JobState.FAILED, f"Une erreur technique a interrompu le travail ({type(error).__name__}).")
        return
    wait = BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1]
    _write(job, state=JobState.QUEUED, lease_until=None, run_after=clock.now() + timedelta(seconds=wait))


def _write(job: Job, **values) -> int:
    """Unless another worker has taken over; `job` then says what became of it."""
    written = Job.objects.filter(pk=job.pk, attempts=job.attempts).update(**values)
    if written:
        for name, value in values.items():
            setattr(job, name, value)
    else:
        job.refresh_from_db()
    return written
