"""Encrypted texts, attacked: moved, altered, printed, searched, with keys that change."""

import base64
import os

import pytest
from django.db import connection, transaction

from portal import crypto
from portal.crypto import SealBroken, Sealed, seal, unseal
from portal.models import Person

CANARY = "06 12 34 56 78"


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def person(db) -> Person:
    return Person.objects.create(given="Alix", family="Moreau", contact=CANARY, notify_email="alix@chez-soi.fr")


def stored(column: str, person: Person) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM portal_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def write(column: str, value: str, person: Person) -> Person:
    """Straight into the table, as somebody with the database would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_person SET {column} = %s WHERE id = %s", [value, person.pk])
    return Person.objects.get(pk=person.pk)


def test_the_text_comes_back_for_its_own_row(person):
    again = Person.objects.get(pk=person.pk)
    assert again.contact.open(again.ref) == CANARY
    assert again.notify_email.open(again.ref) == "alix@chez-soi.fr"


def test_the_table_holds_no_trace_of_the_text(person):
    token = stored("contact", person)
    assert token.startswith("v1:")
    plain = base64.b64decode(token.split(":")[2])
    assert CANARY not in token and CANARY.encode() not in plain
    twin = Person.objects.create(given="Alix", family="Moreau", contact=CANARY)
    assert stored("contact", twin).split(":")[2][:16] != token.split(":")[2][:16], "the same text never looks the same"


def test_a_value_moved_to_another_row_does_not_open(person):
    other = Person.objects.create(given="Lou", family="Perrin", contact="autre")
    moved = write("contact", stored("contact", person), other)
    with pytest.raises(SealBroken):
        moved.contact.open(moved.ref)


def test_a_value_moved_to_another_column_does_not_open(person):
    moved = write("notify_email", stored("contact", person), person)
    with pytest.raises(SealBroken):
        moved.notify_email.open(moved.ref)


@pytest.mark.parametrize("place", [0, 5, 12, 20, -1])
def test_one_flipped_bit_anywhere_is_noticed(person, place):
    version, key, body = stored("contact", person).split(":")
    raw = bytearray(base64.b64decode(body))
    raw[place] ^= 1
    altered = write("contact", f"{version}:{key}:{base64.b64encode(bytes(raw)).decode()}", person)
    with pytest.raises(SealBroken):
        altered.contact.open(altered.ref)


@pytest.mark.parametrize("token", ["x", "v1:x", "v2:00000000:AAAA", "v1:00000000:AAAA", "v1::", "v1:é:é"])
def test_a_token_that_is_none_is_noticed(token):
    with pytest.raises(SealBroken):
        unseal(token, "a")


def test_a_truncated_token_is_noticed():
    token = seal(b"some text", "a")
    for length in range(len(token) - 1):
        with pytest.raises(SealBroken):
            unseal(token[:length], "a")


def test_keys_rotate_old_values_open_new_ones_use_the_first_key(person, settings):
    (old,) = settings.FIELD_KEYS
    new = new_key()
    settings.FIELD_KEYS = [new, old]
    again = Person.objects.get(pk=person.pk)
    assert again.contact.open(again.ref) == CANARY
    again.contact = "nouveau"
    again.save()
    assert stored("contact", person).split(":")[1] == crypto.current_key_id()
    settings.FIELD_KEYS = [new]
    again = Person.objects.get(pk=person.pk)
    assert again.contact.open(again.ref) == "nouveau"
    with pytest.raises(SealBroken, match="not in FIELD_KEYS"):
        again.notify_email.open(again.ref)


def test_a_key_of_the_wrong_length_stops_the_start(settings):
    settings.FIELD_KEYS = [base64.urlsafe_b64encode(b"short").decode()]
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"x", "a")


def test_printing_never_shows_the_text(person):
    again = Person.objects.get(pk=person.pk)
    shown = f"{again.contact} {again.contact!r} {[again.contact]} {vars(again)} {again!r}"
    assert CANARY not in shown and "•••" in shown
    assert str(Sealed("", "x")) == ""
    assert not Sealed("", "x")


def test_the_text_cannot_be_searched_nor_written_past_the_seal(person):
    with pytest.raises(TypeError):
        Person.objects.filter(contact=CANARY).exists()
    with pytest.raises(TypeError), transaction.atomic():
        Person.objects.update(contact="en clair")
    assert stored("contact", person).startswith("v1:")


def test_saving_again_without_touching_keeps_the_value(person):
    before = stored("contact", person)
    Person.objects.get(pk=person.pk).save()
    assert stored("contact", person) == before


def test_emptying_leaves_nothing(person):
    person.contact = ""
    person.save()
    assert stored("contact", person) == ""
    assert Person.objects.get(pk=person.pk).contact.open(person.ref) == ""
