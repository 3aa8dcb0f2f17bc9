"""The journal, attacked by somebody who has the database: changed, deleted, with the triggers taken off."""

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from portal import clock, triggers
from portal.enums import Verb
from portal.models import Employer, JournalEntry, JournalSeal, Person
from portal.services import journal
from tests.builders import without_triggers

NOW = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def people(db) -> tuple[Person, Person]:
    return Person.objects.create(given="Claude", family="R"), Person.objects.create(given="Alix", family="M")


def fill(count: int, start: dt.datetime, person: Person) -> None:
    """`count` entries, one a minute."""
    for minute in range(count):
        with clock.at(start + dt.timedelta(minutes=minute)):
            journal.log(actor=person, verb=Verb.CHANGED, target=person)


def sql(statement: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT", 3)


# --- Append-only ------------------------------------------------------------------------------------------------------
def test_the_triggers_are_there_after_every_migration(db):
    assert triggers.present() == triggers.names().keys()


def test_installing_them_again_is_harmless(db):
    triggers.install()
    assert triggers.present() == triggers.names().keys()


@pytest.mark.parametrize("column", ["verb", "actor_ref", "at", "object_ref", "count"])
def test_no_statement_changes_an_entry(people, column):
    fill(1, NOW, people[0])
    with pytest.raises(DatabaseError, match="append-only"):
        sql(f"UPDATE portal_journalentry SET {column} = {column}")


def test_the_orm_changes_no_entry_either(people):
    fill(1, NOW, people[0])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.update(verb=Verb.EXPORTED)
    entry = JournalEntry.objects.get()
    entry.verb = Verb.EXPORTED
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
    assert JournalEntry.objects.get().verb == Verb.CHANGED


@pytest.mark.parametrize(("age", "allowed"), [(0, False), (1, False), (364, False), (366, True)])
def test_only_entries_a_year_older_than_the_newest_may_be_deleted(people, age, allowed):
    """Relative to the data, so that a moved clock opens nothing."""
    fill(1, NOW, people[0])
    fill(1, NOW - dt.timedelta(days=age), people[1])
    target = JournalEntry.objects.get(actor_ref=people[1].ref)
    if allowed:
        target.delete()
        assert JournalEntry.objects.count() == 1
    else:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            target.delete()
        assert JournalEntry.objects.count() == 2


def test_seals_are_neither_changed_nor_deleted(people, short_segments):
    fill(3, NOW, people[0])
    with clock.at(NOW + dt.timedelta(hours=1)):
        assert journal.seal_segments() == 1
    for statement in (
        "UPDATE portal_journalseal SET hash = 'x'",
        "UPDATE portal_journalseal SET prev_hash = 'x'",
        "UPDATE portal_journalseal SET entries = 0",
        "DELETE FROM portal_journalseal",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            sql(statement)


# --- Seals ------------------------------------------------------------------------------------------------------------
def seven_sealed(person: Person) -> None:
    fill(7, NOW, person)
    with clock.at(NOW + dt.timedelta(hours=1)):
        assert journal.seal_segments() == 2


def test_full_segments_are_sealed_in_a_chain_and_the_rest_waits_a_day(people, short_segments):
    seven_sealed(people[0])
    first, second = JournalSeal.objects.all()
    assert (first.prev_hash, second.prev_hash) == (journal.GENESIS, first.hash)
    assert journal.verify() is None
    with clock.at(NOW + dt.timedelta(hours=2)):
        assert journal.seal_segments() == 0
    with clock.at(NOW + dt.timedelta(days=1, hours=1)):
        assert journal.seal_segments() == 1
    assert sum(JournalSeal.objects.values_list("entries", flat=True)) == 7
    assert journal.verify() is None


def test_entries_of_the_last_minute_are_not_sealed_yet(people, short_segments):
    fill(3, NOW, people[0])
    with clock.at(NOW + dt.timedelta(minutes=2, seconds=30)):
        assert journal.seal_segments() == 0


def test_a_changed_entry_is_found_in_its_seal(people, short_segments):
    seven_sealed(people[0])
    without_triggers()
    changed = JournalEntry.objects.order_by("at")[4]
    JournalEntry.objects.filter(pk=changed.pk).update(actor_ref=people[1].ref)
    assert journal.verify() == JournalSeal.objects.all()[1]


def test_a_removed_entry_is_found(people, short_segments):
    seven_sealed(people[0])
    without_triggers()
    JournalEntry.objects.order_by("at")[0].delete()
    assert journal.verify() == JournalSeal.objects.first()


def test_an_entry_slipped_in_afterwards_is_found(people, short_segments):
    seven_sealed(people[0])
    JournalEntry.objects.create(
        at=NOW + dt.timedelta(seconds=30), actor_ref=uuid.uuid4(), verb=Verb.READ_FILE, label="portal.Person"
    )
    assert journal.verify() == JournalSeal.objects.first()


def test_a_seal_rewritten_with_its_segment_breaks_the_next_link(people, short_segments):
    seven_sealed(people[0])
    without_triggers()
    first, second = JournalSeal.objects.all()
    JournalEntry.objects.filter(at=NOW).update(verb=Verb.EXPORTED)
    segment = list(JournalEntry.objects.order_by("at", "id")[:3])
    JournalSeal.objects.filter(pk=first.pk).update(hash=journal._digest(first.prev_hash, segment))
    assert journal.verify() == second


# --- Twelve months ----------------------------------------------------------------------------------------------------
def test_whole_sealed_segments_leave_after_a_year_and_their_seals_stay(people, short_segments):
    fill(6, NOW - dt.timedelta(days=400), people[0])
    fill(4, NOW, people[0])
    with clock.at(NOW + dt.timedelta(hours=1)):
        journal.seal_segments()
        assert journal.purge() == 6
        assert journal.purge() == 0
    assert JournalEntry.objects.count() == 4
    assert JournalSeal.objects.count() == 3
    assert JournalSeal.objects.filter(purged_at__isnull=False).count() == 2
    assert journal.verify() is None


def test_a_segment_that_ends_within_the_year_stays_whole(people, short_segments):
    fill(2, NOW - dt.timedelta(days=380), people[0])
    fill(2, NOW - dt.timedelta(days=10), people[0])
    with clock.at(NOW):
        journal.seal_segments()
        assert journal.purge() == 0
    assert JournalEntry.objects.count() == 4


def test_a_journal_asleep_for_two_years_is_purged_without_failing(people, short_segments):
    """The newest entries are older than a year themselves: the trigger protects them, the purge must not fall."""
    fill(3, NOW - dt.timedelta(days=1200), people[0])
    fill(3, NOW - dt.timedelta(days=700), people[0])
    with clock.at(NOW):
        journal.seal_segments()
        assert journal.purge() == 3
    assert JournalEntry.objects.count() == 3
    assert journal.verify() is None


# --- Readings ---------------------------------------------------------------------------------------------------------
def test_opening_somebodys_file_is_told_to_that_person_once_an_hour(people):
    reader, subject = people
    for minutes in (0, 10, 59, 61):
        with clock.at(NOW + dt.timedelta(minutes=minutes)):
            journal.read_file(actor=reader, subject=subject, target=subject)
    assert journal.about(subject).count() == 2
    assert {entry.actor_ref for entry in journal.about(subject)} == {reader.ref}


def test_ones_own_file_leaves_no_trace(people):
    journal.read_file(actor=people[0], subject=people[0], target=people[0])
    assert not JournalEntry.objects.exists()


def test_entries_hold_references_only(people):
    employer = Employer.objects.create(slug="ville", name="Ville", neutral_name="Ville", branch="fpt")
    journal.log(actor=people[0], verb=Verb.READ_FILE, target=people[1], subject=people[1], employer=employer)
    row = str(JournalEntry.objects.values().get())
    assert not any(word in row for word in ("Claude", "Alix", "Ville"))
    assert str(people[1].ref) in row


# --- Cut ----------------------------------------------------------------------------------------------------------------
def about_alix(people, *, by) -> JournalEntry:
    with clock.at(NOW):
        return journal.log(actor=by, verb=Verb.READ_FILE, target=people[1], subject=people[1])


@pytest.mark.parametrize("sealed_before", [True, False])
@pytest.mark.parametrize("by", [0, 1, None])
def test_a_cut_entry_says_nobody_s_reference_and_the_seals_still_verify(people, short_segments, sealed_before, by):
    author = None if by is None else people[by]
    about_alix(people, by=author)
    fill(3, NOW + dt.timedelta(minutes=1), people[0])
    day_after = NOW + dt.timedelta(days=2)
    with clock.at(day_after if sealed_before else NOW):
        journal.seal_segments()
    assert journal.cut(JournalEntry.objects.filter(subject_ref=people[1].ref)) == 1
    with clock.at(day_after):
        journal.seal_segments()
    entry = JournalEntry.objects.exclude(digest="").get()
    assert str(people[1].ref) not in str(JournalEntry.objects.filter(pk=entry.pk).values().get())
    assert entry.salt == "" and entry.actor_ref == (people[0].ref if by == 0 else None)
    assert journal.verify() is None and sum(JournalSeal.objects.values_list("entries", flat=True)) == 4
    assert journal.cut(JournalEntry.objects.filter(pk=entry.pk)) == 0, "once"


def test_references_are_not_found_again_by_trying_them_all(people):
    """The digest of two entries of the same references differ, and neither is a digest of the references alone."""
    first, second = about_alix(people, by=people[1]), about_alix(people, by=people[1])
    journal.cut(JournalEntry.objects.all())
    digests = set(JournalEntry.objects.values_list("digest", flat=True))
    assert len(digests) == 2
    named = json.dumps([str(people[1].ref)] * 3)
    assert hashlib.sha256(named.encode()).hexdigest() not in digests
    assert first.salt != second.salt and len(first.salt) == 64


FAKE = "0" * 64


@pytest.mark.parametrize(
    "statement",
    [
        f"digest = '{FAKE}', salt = '', subject_ref = NULL, object_ref = NULL, actor_ref = NULL",  # who read it
        f"digest = '{FAKE}', salt = '', subject_ref = NULL, object_ref = NULL, verb = 'changed'",
        f"digest = '{FAKE}', salt = '', subject_ref = NULL, object_ref = NULL, at = '2026-01-01 00:00:00'",
        f"digest = '{FAKE}', salt = '', subject_ref = NULL",
        f"digest = '{FAKE}', subject_ref = NULL, object_ref = NULL",
        "salt = '', subject_ref = NULL, object_ref = NULL",
        "subject_ref = actor_ref",
    ],
)
def test_nothing_else_passes_for_a_cut(people, statement):
    about_alix(people, by=people[0])
    with pytest.raises(DatabaseError, match="append-only"):
        sql(f"UPDATE portal_journalentry SET {statement}")


def test_a_cut_entry_is_changed_no_more(people):
    about_alix(people, by=people[0])
    journal.cut(JournalEntry.objects.all())
    for change in (f"digest = '{FAKE}'", "count = 2", "actor_ref = NULL", "salt = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"):
            sql(f"UPDATE portal_journalentry SET {change}")


@pytest.mark.parametrize("change", [f"digest = '{FAKE}'", "actor_ref = NULL", "verb = 'changed'", "count = 9"])
def test_without_the_triggers_a_false_cut_or_a_changed_one_is_seen(people, short_segments, change):
    about_alix(people, by=people[0])
    with clock.at(NOW + dt.timedelta(days=2)):
        journal.seal_segments()
    journal.cut(JournalEntry.objects.all())
    assert journal.verify() is None
    without_triggers()
    sql(f"UPDATE portal_journalentry SET {change}")
    assert journal.verify() == JournalSeal.objects.get()
