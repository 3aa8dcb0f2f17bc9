"""Closing a wave: what could link an answer to somebody is destroyed (engineering 1d, H23).

In one transaction: no more tickets, the answers inserted again in random order under new ids, the open ones deleted, the
key destroyed. Then the database is vacuumed, so that deleted rows do not linger in its files. No reopening.
"""

import datetime as dt
import re
import secrets
import uuid
from random import Random

from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet

from evaluation.enums import WaveRoleKind, WaveState
from evaluation.models import ClosedAnswer, ClosedText, LinkKey, OpenAnswer, OpenText, Ticket, Wave, WaveInvitation
from evaluation.services import linking
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.jobs import Later, Progress, handler
from portal.models import Job, OutgoingMail, Person
from portal.services import jobs, journal, space

VACUUMED = (OpenAnswer, ClosedAnswer, OpenText, ClosedText, Ticket, Wave, WaveInvitation, OutgoingMail, LinkKey)
# A synthesis of fewer answers would show whose words they are (engineering 6.3).
MIN_TEXTS = 8
# When the space of deleted rows could not be given back.
AGAIN = dt.timedelta(minutes=10)


@transaction.atomic
def close(*, wave: Wave, by: Person | None, chance: Random | None = None) -> None:
    """Close after the last day, once. Tickets go first: an answer on its way holds its ticket until it is in."""
    if clock.today(wave.programme.time_zone) <= wave.closes_on:
        raise DomainError(f"Cette enquête reste ouverte jusqu’au {day_in_words(wave.closes_on)} inclus.")
    # A sheet typed by the person named for it vouches for somebody who has no account (decision 47).
    typed = Ticket.objects.filter(wave=wave, paper=True, used=True).count()
    still_open = Wave.objects.filter(pk=wave.pk, state=WaveState.OPEN)
    if not still_open.update(state=WaveState.CLOSED, closed_at=clock.now(), key="", invited=F("invited") + typed):
        raise DomainError("Cette enquête est déjà close.")
    chance = chance or secrets.SystemRandom()
    Ticket.objects.filter(wave=wave).delete()
    answers = _mixed(OpenAnswer.objects.filter(wave=wave), chance)
    ClosedAnswer.objects.bulk_create(
        ClosedAnswer(ref=_drawn(chance), wave=wave, side=answer.side, payload=answer.payload.open(answer.ref))
        for answer in answers
    )
    OpenAnswer.objects.filter(wave=wave).delete()
    if first := linking.unclosed_departure(wave):
        close(wave=first, by=None, chance=chance)
    linking.settle(wave, chance)
    _close_texts(wave, len(answers), chance)
    _forget_names(wave)
    journal.log(actor=by, verb=Verb.MOVED, target=wave, employer=wave.programme.lead_employer)
    jobs.settle(key=f"close:{wave.ref}")
    jobs.enqueue(kind="evaluation.vacuum", key=f"vacuum:{wave.ref}", object_ref=wave.ref)
    wave.refresh_from_db()


def _close_texts(wave: Wave, answered: int, chance: Random) -> None:
    """Sentences are kept for their two readers, in an order that says nothing; under MIN_TEXTS answers nobody reads them."""
    texts = _mixed(OpenText.objects.filter(wave=wave), chance)
    if answered >= MIN_TEXTS and wave.roles.filter(role=WaveRoleKind.READER).exists():
        ClosedText.objects.bulk_create(
            ClosedText(ref=_drawn(chance), wave=wave, code=text.code, text=text.text.open(text.ref)) for text in texts
        )
    OpenText.objects.filter(wave=wave).delete()


def _forget_names(wave: Wave) -> None:
    """Managers were an address and nothing else: it goes, in the invitation and in the mails sent.

    Whoever was asked about a collective time had registered for it: the name goes with the mails, at once.
    """
    if wave.gathering_id:
        sent = OutgoingMail.objects.filter(object_ref__in=list(wave.invitations.values_list("ref", flat=True)))
        sent.delete()
        wave.invitations.update(person=None)
    asked = wave.invitations.filter(person__isnull=True).exclude(address="")
    OutgoingMail.objects.filter(object_ref__in=list(asked.values_list("ref", flat=True))).update(address="")
    asked.update(address="")


def _mixed(rows: QuerySet, chance: Random) -> list:
    listed = list(rows.order_by("ref"))
    chance.shuffle(listed)
    return listed


def _drawn(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


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
        if connection.vendor == "postgresql":
            _rewrite(cursor)
            return
        cursor.execute("VACUUM")
    if not space.empty_log():
        raise OperationalError("the write-ahead log is still being read")


def _rewrite(cursor) -> None:
    """Write the tables anew: in pages that other waves share, a plain VACUUM leaves what deleted rows said.

    Not while somebody uses a table, nor while somebody (a backup) still reads rows as they were before the closing: they
    would be written too.
    """
    kept: list[int] = []

    def heard(notice) -> None:
        """« 3 dead row versions cannot be removed yet », in whatever language."""
        kept.extend(map(int, re.findall(r"^\d+", notice.message_detail or "")))

    connection.connection.add_notice_handler(heard)
    cursor.execute("SET lock_timeout = '5s'")
    try:
        for model in VACUUMED:
            table = connection.ops.quote_name(model._meta.db_table)
            # First without FULL, which alone would keep rows for as long as any database of the server is being written.
            cursor.execute(f"VACUUM {table}")
            cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
    except OperationalError:
        raise Later(clock.now() + AGAIN) from None
    finally:
        cursor.execute("RESET lock_timeout")
        connection.connection.remove_notice_handler(heard)
    if any(kept):
        raise Later(clock.now() + AGAIN)
