"""The migrations make the tables the models describe, and the database keeps its own promises."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import call_command

from portal import triggers
from tests.prepared import ROOT, clean_environment


@pytest.mark.django_db
def test_no_migration_is_pending(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


@pytest.mark.long
def test_the_tables_made_in_one_go_are_those_of_djangos_own_way(tmp_path):
    own = "import portal.migration as own; from django.db.migrations import Migration; own.Initial = Migration; "
    run = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
    tables = []
    for name, code in (("ours", run), ("djangos", own + run)):
        env = clean_environment(tmp_path / name) | {"DATABASE_URL": f"sqlite:///{tmp_path / name}.sqlite3"}
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite3")) as database:
            tables.append(database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2, 3").fetchall())
    assert len(tables[0]) > 100 and tables[0] == tables[1]


@pytest.mark.django_db
def test_every_trigger_exists_once_all_migrations_have_run():
    assert triggers.present() == triggers.names().keys()


@pytest.mark.django_db
def test_a_journal_entry_can_be_neither_changed_nor_deleted():
    from django.db import DatabaseError, transaction

    from portal import clock
    from portal.enums import Verb
    from portal.models import JournalEntry

    entry = JournalEntry.objects.create(at=clock.now(), verb=Verb.CREATED, label="programmes.Programme")
    rows = JournalEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(label="autre chose")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
