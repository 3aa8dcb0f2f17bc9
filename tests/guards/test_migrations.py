"""The migrations make the tables the models describe, and the database keeps its own promises."""

import pytest
from django.core.management import call_command

from portal import triggers


@pytest.mark.django_db
def test_no_migration_is_pending(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


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
