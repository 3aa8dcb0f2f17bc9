"""Files outside the web root, sealed, written whole or not at all."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from portal import clock
from portal.crypto import seal, unseal
from portal.enums import DocumentState
from portal.models import Employer, StoredDocument


def _path(document: StoredDocument) -> Path:
    name = document.ref.hex
    return Path(settings.DOCUMENTS_DIR) / name[:2] / name


def _context(document: StoredDocument) -> str:
    return f"{StoredDocument._meta.label}|{document.ref}"


def store(
    *,
    key: str,
    kind: str,
    label: str,
    filename: str,
    employer: Employer,
    data: bytes,
    media_type: str,
    object_ref: UUID | None = None,
) -> StoredDocument:
    """Keep `data` as the document called `key`; a document already ready under that key is returned as it is.

    The row comes first, then the file (temporary name, fsync, rename), then « prêt »: a kill at any point leaves
    either nothing readable or the whole document.
    """
    document, _ = StoredDocument.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "label": label,
            "filename": filename,
            "employer": employer,
            "media_type": media_type,
            "object_ref": object_ref,
            "created_at": clock.now(),
        },
    )
    if document.state == DocumentState.READY:
        return document
    _write(_path(document), seal(data, _context(document)).encode())
    with transaction.atomic():
        StoredDocument.objects.filter(pk=document.pk, state=DocumentState.PENDING).update(
            state=DocumentState.READY, size=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
    document.refresh_from_db()
    return document


def _write(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    with open(temporary, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read(*, document: StoredDocument) -> bytes:
    """The plain bytes; raises portal.crypto.SealBroken if the file was altered or exchanged."""
    return unseal(_path(document).read_bytes().decode(), _context(document))


def delete(*, document: StoredDocument) -> None:
    """Row and file, for good."""
    path = _path(document)
    document.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
