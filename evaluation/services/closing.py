"""Closing a wave: what could link an answer to somebody is destroyed (engineering 1d, H23).

In one transaction: no more tickets, the answers inserted again in random order under new ids, the open ones deleted, the
key destroyed. Then the database is vacuumed, so that deleted rows do not linger in its files. No reopening.
"""

import secrets
import uuid
from random import Random

from django.db import OperationalError, connection, transaction

from evaluation.enums import WaveState
from evaluation.models import ClosedAnswer, OpenAnswer, Ticket, Wave
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.models import Job, Person
from portal.services import jobs, journal

VACUUMED = (OpenAnswer, ClosedAnswer, Ticket, Wave)


@transaction.atomic
def close(*, wave: Wave, by: Person | None, chance: Random | None = None) -> None:
    """Close after the last day, once. Tickets go first: an answer on its way holds its ticket until it is in."""
    if clock.today(wave.programme.time_zone) <= wave.closes_on:
        raise DomainError(f"Cette enquête reste ouverte jusqu’au {day_in_words(wave.closes_on)} inclus.")
    still_open = Wave.objects.filter(pk=wave.pk, state=WaveState.OPEN)
    if not still_open.update(state=WaveState.CLOSED, closed_at=clock.now(), key=""):
        raise DomainError("Cette enquête est déjà close.")
    chance = chance or secrets.SystemRandom()
    Ticket.objects.filter(wave=wave).delete()
    answers = list(OpenAnswer.objects.filter(wave=wave).order_by("ref"))
    chance.shuffle(answers)
    ClosedAnswer.objects.bulk_create(
        ClosedAnswer(
            ref=uuid.UUID(int=chance.getrandbits(128), version=4),
            wave=wave,
            side=answer.side,
            payload=answer.payload.open(answer.ref),
        )
        for answer in answers
    )
    OpenAnswer.objects.filter(wave=wave).delete()
    journal.log(actor=by, verb=Verb.MOVED, target=wave, employer=wave.programme.lead_employer)
    jobs.settle(key=f"close:{wave.ref}")
    jobs.enqueue(kind="evaluation.vacuum", key=f"vacuum:{wave.ref}", object_ref=wave.ref)
    wave.refresh_from_db()


@handler("evaluation.close")
def close_when_due(job: Job, progress: Progress) -> None:
    """Written at opening, due the day after the last one. A wave closed by hand meanwhile is left alone."""
    wave = Wave.objects.select_related("programme__lead_employer").filter(ref=job.object_ref, state=WaveState.OPEN)
    for due in wave:
        close(wave=due, by=None)


@handler("evaluation.vacuum")
def vacuum(job: Job, progress: Progress) -> None:
    """Give back the space of deleted rows; outside of any transaction. A busy database is tried again later."""
    if connection.in_atomic_block:
        raise OperationalError("space is given back outside of any transaction")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise OperationalError("the write-ahead log is still being read")
            return
        for model in VACUUMED:
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
