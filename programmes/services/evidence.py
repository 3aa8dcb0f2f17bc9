"""« Pièces justificatives » of an action or deliverable: files deposited by the team, cleaned, sealed, named by us."""

import hashlib

from django.db import transaction

from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import documents, journal, uploads
from programmes.enums import StepState
from programmes.models import Evidence, StepItem
from programmes.services.steps import LOCKED

KIND = "programmes.evidence"
AT_MOST = 5


def deposit(*, item: StepItem, data: bytes, by: Person) -> Evidence:
    """Keep a cleaned copy of `data`. Raises DomainError on field `file`; what is refused leaves nothing behind."""
    if item.step.state == StepState.PASSED:
        raise DomainError(LOCKED)
    upload = uploads.cleaned(data)
    key = f"evidence:{item.ref}:{hashlib.sha256(data).hexdigest()[:16]}"
    there = item.evidence.select_related("document")
    if any(piece.document.key == key for piece in there):
        raise DomainError("Cette pièce est déjà déposée ici.", field="file")
    if len(there) >= AT_MOST:
        raise DomainError("Cinq pièces au plus par ligne : retirez-en une d’abord.", field="file")
    number = item.step.number
    document = documents.store(
        key=key,
        kind=KIND,
        label=f"Pièce justificative, étape {number}",
        filename=f"piece-etape-{number}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.{upload.ending}",
        employer=item.step.programme.lead_employer,
        data=upload.data,
        media_type=upload.media_type,
        object_ref=item.ref,
    )
    with transaction.atomic():
        piece = Evidence.objects.create(item=item, document=document, added_by=by)
        journal.log(actor=by, verb=Verb.CREATED, target=piece, employer=item.step.programme.lead_employer)
    return piece


@transaction.atomic
def remove(*, piece: Evidence, by: Person) -> None:
    """Row and file, for good."""
    if piece.item.step.state == StepState.PASSED:
        raise DomainError(LOCKED)
    journal.log(actor=by, verb=Verb.CHANGED, target=piece, employer=piece.item.step.programme.lead_employer)
    document = piece.document
    piece.delete()
    documents.delete(document=document)


def read(*, piece: Evidence, by: Person) -> bytes:
    """The bytes, and a line in the journal."""
    data = documents.read(document=piece.document)
    journal.log(actor=by, verb=Verb.DOWNLOADED, target=piece, employer=piece.item.step.programme.lead_employer)
    return data
