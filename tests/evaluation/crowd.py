"""Eight people who answer a wave, and attackers who hold the whole database: who gave which answer?

Each person signs in, asks for their link again, then answers, in an order of their own that the attacker knows. An
attacker puts the people in some order, the answers in another, and matches them one to one. Every answer names its author,
for the test alone. Chance gives one right match of eight on average, with a variance of one whatever the number; so over
200 waves the mean lies in 1 ± 0.22 (three sigma), and an attacker who knows everything has 8.
"""

import json
import random
import re
import statistics
import uuid
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from evaluation.enums import Moment
from evaluation.models import ClosedAnswer, OpenAnswer, Ticket, Wave, WaveInvitation
from evaluation.services import answers, closing, waves
from portal import clock, jobs
from portal.models import Job, OutgoingMail, User
from portal.preparation import load_reference
from tests.evaluation.surveys import bare_cycles, day, on, physically, sides, tokens

XMIN = "xmin::text::bigint"
PLACE = {"postgresql": "ctid", "sqlite": "rowid"}
PEOPLE = 8


class Crowd:
    """Waves answered and closed through the services; `before` and `after`: {attacker: right matches of each wave}."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(20)
        self.before: dict[str, list[int]] = {}
        self.after: dict[str, list[int]] = {}
        self.cycles, self.people = bare_cycles(number)
        self.names = {person.pk: str(n) for n, person in enumerate(self.people, 1)}

    def live(self) -> "Crowd":
        for cycle in self.cycles:
            start = _wal()
            wave, known = self.open_and_answer(cycle)
            self.count_wal(self.before, known, OpenAnswer, wave, start)  # before a checkpoint lets the engine forget it
            self.count(self.before, known, OpenAnswer, wave)
            start = _wal()
            self.close(wave)
            self.count_wal(self.after, known, ClosedAnswer, wave, start)
            self.count(self.after, known, ClosedAnswer, wave)
        return self

    def open_and_answer(self, cycle) -> tuple[Wave, dict[str, list[str]]]:
        Session.objects.all().delete()
        with on(0):
            wave = waves.start(
                cycle=cycle, moment=Moment.T0, closes_on=day(21), people=sides(self.people), pairs=4, chance=self.chance
            )
        links = tokens(wave)
        order = list(links)
        self.chance.shuffle(order)
        invitations = {row.person_id: row for row in wave.invitations.select_related("wave__programme", "person")}
        for minutes, person in enumerate(order):
            with clock.at(clock.noon(day(1), "Europe/Paris").replace(minute=minutes)):
                Client().force_login(person.user)
                waves.send_again(invitation=invitations[person.pk])
                answers.submit(token=links[person], answers={"TC1": self.names[person.pk]})
        return wave, self.what_is_known(wave, links, order)

    def close(self, wave: Wave) -> None:
        with on(22):
            closing.close(wave=wave, by=None, chance=self.chance)

    def what_is_known(self, wave: Wave, links: dict, order: list) -> dict[str, list[str]]:
        """People in every order that something tells: rows, times, mails, sessions, tickets."""
        owner = {waves.digest(token): self.names[person.pk] for person, token in links.items()}
        refs = {row.ref: self.names[row.person_id] for row in wave.invitations.all()}
        users = {person.user_id: self.names[person.pk] for person in self.people}
        postgresql = connection.vendor == "postgresql"
        used = physically(Ticket, wave, "hash", XMIN if postgresql else "rowid")
        mails = OutgoingMail.objects.filter(object_ref__in=refs).order_by("pk")
        place = PLACE[connection.vendor]
        return {
            "answering": [self.names[person.pk] for person in order],
            "tickets": [owner[one] for one in used],
            "invitations": [self.names[pk] for pk in physically(WaveInvitation, wave, "person_id")],
            "mails": [refs[row.object_ref] for row in mails],
            "sessions": [users[int(_session(key))] for key in _in_order("django_session", "session_key", place)],
            "sign-ins": [
                users[pk]
                for pk in User.objects.filter(pk__in=users).order_by("last_login").values_list("pk", flat=True)
            ],
        }

    def count(self, into: dict, known: dict, model, wave: Wave) -> None:
        rows = list(model.objects.filter(wave=wave))
        authors = {row.ref: author(row) for row in rows}
        orders = {"id": "ref", "place": PLACE[connection.vendor]}
        if connection.vendor == "postgresql":
            orders["transaction"] = XMIN
        found = {
            name: [authors[as_uuid(ref)] for ref in physically(model, wave, "ref", by)] for name, by in orders.items()
        }
        by_size = sorted(rows, key=lambda row: (len(row.payload.token), row.payload.token))
        found["size"] = [authors[row.ref] for row in by_size]
        if connection.vendor == "postgresql":
            found["file"] = _in_file(model, {row.payload.token[:60]: authors[row.ref] for row in rows})
        for by, listed in found.items():
            for name, people in known.items():
                into.setdefault(f"{name} by {by}", []).append(_right(people, listed))

    def count_wal(self, into: dict, known: dict, model, wave: Wave, start: str) -> None:
        """In which order the engine's log says that the answers were written since `start`."""
        if not start:
            return
        authors = {_ctid(place): author_of for place, author_of in _places(model, wave)}
        written = [authors[at] for at in _wal_records(model, start, "INSERT") if at in authors]
        for name, people in known.items():
            into.setdefault(f"{name} by log", []).append(_right(people, written))

    def means(self, found: dict) -> dict[str, float]:
        return {attacker: statistics.mean(right) for attacker, right in sorted(found.items())}


def author(row) -> str:
    return str(json.loads(row.payload.open(row.ref))["TC1"])


def as_uuid(value) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _right(people: list[str], rows: list[str]) -> int:
    return sum(one == other for one, other in zip(people, rows, strict=True))


def _session(key: str) -> str:
    return Session.objects.get(session_key=key).get_decoded()["_auth_user_id"]


def _in_order(table: str, column: str, order: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")
        return [row[0] for row in cursor.fetchall()]


# --- The files of PostgreSQL ------------------------------------------------------------------------------------------
def _in_file(model, tokens_: dict[str, str]) -> list[str]:
    """Authors in the order in which the table's own file holds their answers, from its first page on."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [model._meta.db_table])
        data = bytes(cursor.fetchone()[0])
    size = 8192
    found = {}
    for token, who in tokens_.items():
        at = data.rfind(token.encode())
        # Inside a page the first row lies last.
        found[who] = (at // size, -at)
    return sorted(found, key=found.get)


def _wal() -> str:
    """Where PostgreSQL's log stands, when it can be read: what is not committed may not be in it yet."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        return cursor.fetchone()[0]


def _wal_records(model, start: str, kind: str) -> list[tuple[int, int]]:
    """(page, rank) of each row of this table that the log says was written since `start`, in the log's order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(%s), pg_current_wal_flush_lsn()", [model._meta.db_table])
        node, end = cursor.fetchone()
        cursor.execute(
            "SELECT description, block_ref FROM pg_get_wal_records_info(%s, %s) "
            "WHERE resource_manager = 'Heap' AND record_type LIKE %s AND block_ref LIKE %s ORDER BY start_lsn",
            [start, end, f"{kind}%", f"%/{node} %"],
        )
        rows = cursor.fetchall()
    return [
        (int(re.search(r"blk (\d+)", block)[1]), int(re.search(r"off:? (\d+)", description)[1]))
        for description, block in rows
    ]


def _places(model, wave: Wave) -> list[tuple[str, str]]:
    authors = {row.ref: author(row) for row in model.objects.filter(wave=wave)}
    return [
        (place, authors[as_uuid(ref)])
        for place, ref in zip(physically(model, wave, "ctid::text"), physically(model, wave, "ref"), strict=True)
    ]


def _ctid(text: str) -> tuple[int, int]:
    page, rank = text.strip("()").split(",")
    return int(page), int(rank)


# --- The file of SQLite, in a process and a database of its own ---------------------------------------------------------
def free_pages(number: int, *, protected: bool) -> None:
    """Prints [open answers found in the files, mean by the order in which they lie there, then by that of closed ones].

    `protected`: as the portal does it. Otherwise deleted rows are left to lie, and space is not given back.
    """
    load_reference()
    if not protected:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF")
    crowd = Crowd(number)
    lived = []
    for cycle in crowd.cycles:
        wave, known = crowd.open_and_answer(cycle)
        rows = {row.payload.token[:100]: author(row) for row in OpenAnswer.objects.filter(wave=wave)}
        lived.append((wave, known["answering"], rows))
    for wave, _, _ in lived:
        crowd.close(wave)
    if protected:
        jobs.work(Job.objects.filter(kind="evaluation.vacuum").latest("pk"))
    data = _files()
    left = [_lying(data, rows) for _, _, rows in lived]
    closed = [
        _lying(data, {row.payload.token[:100]: author(row) for row in ClosedAnswer.objects.filter(wave=wave)})
        for wave, _, _ in lived
    ]
    print(json.dumps([sum(map(len, left)), _mean(lived, left), _mean(lived, closed)]))


def _mean(lived: list, found: list[list[str]]) -> float | None:
    whole = [_right(order, rows) for (_, order, _), rows in zip(lived, found, strict=True) if len(rows) == PEOPLE]
    return statistics.mean(whole) if whole else None


def _lying(data: bytes, rows: dict[str, str]) -> list[str]:
    """Authors in the order of the pages that hold their answer; inside a page the first row lies last."""
    places = {who: data.find(token.encode()) for token, who in rows.items()}
    return sorted((who for who, at in places.items() if at >= 0), key=lambda who: (places[who] // 4096, -places[who]))


def _files() -> bytes:
    name = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for end in ("", "-wal") if (path := Path(name + end)).exists())
