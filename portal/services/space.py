"""What was deleted leaves the files of the database too, not only its tables."""

from django.db import connection


def empty_log() -> bool:
    """SQLite: the write-ahead log, which still holds pages as they were, goes into the database and is cut to nothing.

    `secure_delete` (settings) zeroes what was deleted there. False inside a transaction, or when somebody reads it.
    PostgreSQL has no such log to empty: true.
    """
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not cursor.fetchone()[0]
