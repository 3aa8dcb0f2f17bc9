"""Sealed files on disk, attacked: read, altered, exchanged, half written."""

import hashlib
import os
from pathlib import Path

import pytest

from portal.crypto import SealBroken
from portal.enums import DocumentState
from portal.models import Employer, StoredDocument
from portal.services import documents

CANARY = b"%PDF-1.7 CANARY-8f3a letters of Alix Moreau"


@pytest.fixture
def employer(db) -> Employer:
    return Employer.objects.create(slug="ville", name="Ville", neutral_name="Ville", branch="fpt")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return settings.DOCUMENTS_DIR


def store(employer, key="report:1", data=CANARY, **more) -> StoredDocument:
    return documents.store(
        key=key,
        kind="report",
        label="Rapport",
        filename="rapport.pdf",
        employer=employer,
        data=data,
        media_type="application/pdf",
        **more,
    )


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_bytes_come_back_and_the_disk_holds_no_trace_of_them(employer, folder):
    document = store(employer)
    assert documents.read(document=document) == CANARY
    assert (document.size, document.sha256) == (len(CANARY), hashlib.sha256(CANARY).hexdigest())
    (file,) = files(folder)
    assert b"CANARY" not in file.read_bytes() and b"PDF" not in file.read_bytes()
    assert "rapport" not in str(file) and "ville" not in str(file), "the name on disk says nothing"


def test_storing_twice_under_a_key_keeps_the_first_edition(employer, folder):
    first = store(employer)
    again = store(employer, data=b"another edition")
    assert again == first and again.sha256 == first.sha256
    assert documents.read(document=again) == CANARY
    assert len(files(folder)) == 1


def test_an_empty_document_is_a_document(employer):
    assert documents.read(document=store(employer, data=b"")) == b""


def test_files_exchanged_on_disk_do_not_open(employer, folder):
    one, other = store(employer), store(employer, key="report:2", data=b"other")
    a, b = documents._path(one), documents._path(other)
    kept = a.read_bytes()
    a.write_bytes(b.read_bytes())
    b.write_bytes(kept)
    for document in (one, other):
        with pytest.raises(SealBroken):
            documents.read(document=document)


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[: len(b) // 2], lambda b: b[:40] + b"A" + b[41:]])
def test_a_damaged_file_does_not_open(employer, damage):
    document = store(employer, data=CANARY * 50)
    path = documents._path(document)
    whole = path.read_bytes()
    damaged = damage(whole)
    if damaged == whole:
        damaged = whole[:40] + b"B" + whole[41:]
    path.write_bytes(damaged)
    with pytest.raises(SealBroken):
        documents.read(document=document)


class Killed(BaseException):
    """The process dies here: nothing that follows runs."""


@pytest.mark.parametrize("moment", ["while writing", "before the rename", "after the rename"])
def test_killed_at_any_moment_it_is_whole_or_not_there_and_the_next_try_ends_it(employer, folder, monkeypatch, moment):
    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "while writing":
            patch.setattr(os, "fsync", die)
        elif moment == "before the rename":
            patch.setattr(os, "replace", die)
        else:
            replace = os.replace
            patch.setattr(os, "replace", lambda *a: (replace(*a), die()))
        with pytest.raises(Killed):
            store(employer)
    document = StoredDocument.objects.get()
    assert document.state == DocumentState.PENDING and document.sha256 == ""
    if documents._path(document).exists():
        assert documents.read(document=document) == CANARY, "what bears the final name is whole"
    done = store(employer)
    assert done == document and done.state == DocumentState.READY
    assert documents.read(document=done) == CANARY
    assert StoredDocument.objects.count() == 1


def test_no_room_left_on_the_disk_leaves_a_document_in_preparation(employer, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store(employer)
    assert StoredDocument.objects.get().state == DocumentState.PENDING
    assert store(employer).state == DocumentState.READY


def test_deleting_leaves_neither_row_nor_file(employer, folder, committed):
    document = store(employer)
    with committed():
        documents.delete(document=document)
    assert not StoredDocument.objects.exists()
    assert files(folder) == []
