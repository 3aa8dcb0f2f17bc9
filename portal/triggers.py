"""Append-only tables and frozen columns, enforced by the database itself on both engines.

Apps later than this one register theirs in `AppConfig.ready()` (see evaluation/triggers.py). Created after every migrate, idempotently, because SQLite drops triggers when Django rebuilds a table
(engineering 0.5). DELETE is allowed only for rows 365 days older than the newest one: data-relative, so that it
holds under a moved clock.
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

JOURNAL, SEAL = "portal_journalentry", "portal_journalseal"
# The one change an entry may undergo, once: to lose what it was about (services/journal.cut). `same` compares NULLs too.
CUT = """OLD.digest = '' AND length(NEW.digest) = 64 AND NEW.salt = '' AND NEW.subject_ref IS NULL
    AND NEW.object_ref IS NULL AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.verb = OLD.verb AND NEW.label = OLD.label
    AND NEW.count = OLD.count AND NEW.employer_ref {same} OLD.employer_ref
    AND (NEW.actor_ref {same} OLD.actor_ref OR (NEW.actor_ref IS NULL AND OLD.actor_ref {same} OLD.subject_ref))"""
CUT_SQLITE, CUT_POSTGRES = CUT.format(same="IS"), CUT.format(same="IS NOT DISTINCT FROM")

SQLITE = [
    f"""CREATE TRIGGER {JOURNAL}_no_update BEFORE UPDATE ON {JOURNAL} WHEN NOT ({CUT_SQLITE})
        BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END""",
    f"""CREATE TRIGGER {JOURNAL}_no_delete BEFORE DELETE ON {JOURNAL}
        WHEN OLD.at > datetime((SELECT MAX(at) FROM {JOURNAL}), '-365 days')
        BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END""",
    f"""CREATE TRIGGER {SEAL}_no_update BEFORE UPDATE OF first_at, last_at, last_id, entries, prev_hash, hash ON {SEAL}
        BEGIN SELECT RAISE(ABORT, 'journal seals are append-only'); END""",
    f"""CREATE TRIGGER {SEAL}_no_delete BEFORE DELETE ON {SEAL}
        BEGIN SELECT RAISE(ABORT, 'journal seals are append-only'); END""",
]

POSTGRES = [
    """CREATE OR REPLACE FUNCTION resonance_append_only() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql""",
    f"""CREATE OR REPLACE FUNCTION resonance_journal_age() RETURNS trigger AS $$
       BEGIN
         IF OLD.at > (SELECT MAX(at) FROM {JOURNAL}) - INTERVAL '365 days' THEN
           RAISE EXCEPTION 'journal is append-only';
         END IF;
         RETURN OLD;
       END $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER {JOURNAL}_no_update BEFORE UPDATE ON {JOURNAL}
        FOR EACH ROW WHEN (NOT ({CUT_POSTGRES})) EXECUTE FUNCTION resonance_append_only()""",
    f"""CREATE TRIGGER {JOURNAL}_no_delete BEFORE DELETE ON {JOURNAL}
        FOR EACH ROW EXECUTE FUNCTION resonance_journal_age()""",
    f"""CREATE TRIGGER {SEAL}_no_update
        BEFORE UPDATE OF first_at, last_at, last_id, entries, prev_hash, hash ON {SEAL}
        FOR EACH ROW EXECUTE FUNCTION resonance_append_only()""",
    f"""CREATE TRIGGER {SEAL}_no_delete BEFORE DELETE ON {SEAL}
        FOR EACH ROW EXECUTE FUNCTION resonance_append_only()""",
]


@dataclass(frozen=True)
class Triggers:
    """Of some tables: {name of a trigger: its table}, and the statements that create them on each engine."""

    tables: dict[str, str]
    sqlite: list[str]
    postgres: list[str]


OURS = Triggers(
    {f"{table}_no_{verb}": table for table in (JOURNAL, SEAL) for verb in ("update", "delete")}, SQLITE, POSTGRES
)
_registered: list[Triggers] = [OURS]


def register(more: Triggers) -> None:
    if more not in _registered:
        _registered.append(more)


def names() -> dict[str, str]:
    """Every trigger that must exist, with its table."""
    return {name: table for one in _registered for name, table in one.tables.items()}


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the triggers anew; leaves out those whose tables do not exist yet."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for one in _registered:
            if not tables >= set(one.tables.values()):
                continue
            for name, table in one.tables.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"))
            for statement in one.sqlite if sqlite else one.postgres:
                cursor.execute(statement)


def present(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The names of our triggers that exist now."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()} & names().keys()


def after_migrate(sender, using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    install(using)
