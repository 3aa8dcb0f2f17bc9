"""In which orders the engine and its files hold the answers, or the free words, of a wave: what an attacker reads there.

Each order is a list of authors; every answer and every sentence names its own, for the test alone.
"""

import json
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, models

from evaluation.models import Wave
from tests.evaluation.surveys import physically

PLACE = {"postgresql": "ctid", "sqlite": "rowid"}
XMIN = "xmin::text::bigint"
PAGE = {"postgresql": 8192, "sqlite": 4096}


def author(row) -> str:
    """Of an answer « 3 », by the mark it gives; of a sentence « LIB1 3 », by its question and what it says."""
    if hasattr(row, "payload"):
        return str(json.loads(row.payload.open(row.ref))["REC"])
    return f"{row.code} {row.text.open(row.ref).split()[-1]}"


def sealed(row) -> str:
    """Its text as the database holds it."""
    return (row.payload if hasattr(row, "payload") else row.text).token


def by_place(model: type[models.Model], wave: Wave) -> dict[str, list[str]]:
    """{name of an order: authors}: by identifier, place, transaction, size, and place in the file itself."""
    rows = list(model.objects.filter(wave=wave).order_by("ref"))
    authors = {row.ref: author(row) for row in rows}
    orders = {"id": "ref", "place": PLACE[connection.vendor]}
    if connection.vendor == "postgresql":
        orders["transaction"] = XMIN
    found = {name: [authors[as_uuid(ref)] for ref in physically(model, wave, "ref", by)] for name, by in orders.items()}
    found["size"] = [author(row) for row in sorted(rows, key=lambda row: (len(sealed(row)), sealed(row)))]
    if connection.vendor == "postgresql":
        found["file"] = lying(heap(model), {sealed(row)[:60]: authors[row.ref] for row in rows})
    return found


def by_log(model: type[models.Model], wave: Wave, start: str) -> list[str]:
    """In which order the engine's log says that they were written since `start`."""
    places = zip(physically(model, wave, "ctid::text"), physically(model, wave, "ref"), strict=True)
    authors = {row.ref: author(row) for row in model.objects.filter(wave=wave)}
    at = {tuple(map(int, place.strip("()").split(","))): authors[as_uuid(ref)] for place, ref in places}
    return [at[one] for one in _inserted(model, start) if one in at]


def log_position() -> str:
    """Where PostgreSQL's log stands, when it can be read: what is not committed may not be in it yet."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        return cursor.fetchone()[0]


def _inserted(model: type[models.Model], start: str) -> list[tuple[int, int]]:
    """(page, rank) of each row of this table that the log says was inserted since `start`, in the log's order."""
    with connection.cursor() as cursor:
        # A table of another database, copied from the same one, may have the same number.
        cursor.execute(
            "SELECT oid || '/' || pg_relation_filenode(%s), pg_current_wal_flush_lsn() "
            "FROM pg_database WHERE datname = current_database()",
            [model._meta.db_table],
        )
        node, end = cursor.fetchone()
        cursor.execute(
            "SELECT description, block_ref FROM pg_get_wal_records_info(%s, %s) WHERE resource_manager = 'Heap' "
            "AND record_type LIKE 'INSERT%%' AND block_ref LIKE %s ORDER BY start_lsn",
            [start, end, f"%/{node} %"],
        )
        rows = cursor.fetchall()
    return [
        (int(re.search(r"blk (\d+)", block)[1]), int(re.search(r"off:? (\d+)", description)[1]))
        for description, block in rows
    ]


def heap(model: type[models.Model]) -> bytes:
    """The table's own file, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [model._meta.db_table])
        return bytes(cursor.fetchone()[0])


def all_files(tables: Iterable[type[models.Model]]) -> bytes:
    """What the files of these tables hold on PostgreSQL: rows, long values apart, indexes."""
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "WITH asked AS (SELECT oid, reltoastrelid FROM pg_class WHERE relname = ANY(%s)), "
            "held AS (SELECT oid FROM asked UNION SELECT reltoastrelid FROM asked WHERE reltoastrelid <> 0) "
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM "
            "(SELECT oid FROM held UNION SELECT indexrelid FROM pg_index JOIN held ON indrelid = oid) AS found(oid)",
            [names],
        )
        return b"".join(bytes(row[0]) for row in cursor.fetchall())


def sqlite_files() -> bytes:
    """The database and its log, as they lie on the disk."""
    name = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for end in ("", "-wal") if (path := Path(name + end)).exists())


def lying(data: bytes, rows: dict[str, str]) -> list[str]:
    """Authors in the order of the pages that hold their text; inside a page the first row lies last."""
    page = PAGE[connection.vendor]
    places = {who: data.rfind(token.encode()) for token, who in rows.items()}
    return sorted((who for who, at in places.items() if at >= 0), key=lambda who: (places[who] // page, -places[who]))


def as_uuid(value) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
