"""Files of a letter: PDF made by a job, signed papers deposited. Nothing here changes a text."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from portal.dates import moment_in_words
from portal.enums import DocumentState, JobState, Verb
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.models import Employer, Job, Person, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from portal.services import documents, jobs, journal, uploads
from portal.services.uploads import PDF
from programmes.enums import LetterKind, LetterState, Origin, Party
from programmes.models import Letter
from programmes.services import letter_life, letters, visas
from programmes.services.letters import KIND, LETTER, VISA_PAGE, key_of


@dataclass(frozen=True)
class Paper:
    """A letter, or the visa's page, as its template reads it; `print` for the print shell."""

    letter: Letter
    which: str
    content: dict
    sha256: str
    validations: list[tuple[str, str, str]]
    print: bool = False

    @property
    def page_title(self) -> str:
        return "Temps de mission" if self.which == VISA_PAGE else self.content["title"]

    title = page_title

    @property
    def period(self) -> str:
        return self.content["reference"]

    @property
    def starts(self) -> dt.date:
        return dt.date.fromisoformat(self.content["starts"])

    @property
    def ends(self) -> dt.date:
        return dt.date.fromisoformat(self.content["ends"])

    @property
    def to_sign(self) -> bool:
        """A printed letter that RH has not validated yet leaves room for a signature by hand."""
        waits = self.letter.state not in (LetterState.IN_FORCE, LetterState.ENDED)
        return self.print and waits and self.letter.kind != LetterKind.ENGAGEMENT

    @cached_property
    def employer(self) -> Employer:
        return self.letter.participation.employer

    @property
    def template(self) -> str:
        return "programmes/visa_body.html" if self.which == VISA_PAGE else "programmes/letter_body.html"


def paper_of(letter: Letter, which: str, *, print: bool = False) -> Paper:
    """The paper as it stands; raises DomainError when the text no longer matches its hash."""
    if which == VISA_PAGE:
        return Paper(letter, which, letters.visa_of(letter), letter.visa_sha256, [], print)
    return Paper(letter, which, letters.body_of(letter), letter.sha256, validations_of(letter), print)


def validations_of(letter: Letter) -> list[tuple[str, str, str]]:
    """Who validated: party, moment, how."""
    if letter.pk is None:
        return []
    zone = letter.programme.time_zone
    rows = letter.signatures.select_related("person", "document")
    return [(row.get_party_display(), moment_in_words(row.at, zone), visas.in_words(row)) for row in rows]


def document_of(letter: Letter, which: str) -> StoredDocument | None:
    """The PDF, once it is ready."""
    return StoredDocument.objects.filter(key=key_of(letter, which), state=DocumentState.READY).first()


def job_of(letter: Letter, which: str) -> Job | None:
    return Job.objects.filter(key=key_of(letter, which)).first()


@transaction.atomic
def request(*, letter: Letter, which: str) -> Job:
    """Have the PDF made; under way or ready it is left alone, failed it starts again."""
    if not letter.sha256 or (which == VISA_PAGE and letter.kind != LetterKind.LETTER):
        raise DomainError("Le document se prépare une fois la lettre validée par l’agent.")
    job = jobs.enqueue(kind=KIND, key=key_of(letter, which), object_ref=letter.ref)
    if job.state == JobState.FAILED:
        jobs.retry(job=job)
        job.refresh_from_db()
    return job


@handler(KIND)
def make(job: Job, progress: Progress) -> None:
    """Render and store; run twice, it leaves one document."""
    which, stage = job.key.split(":")[2:]
    rows = Letter.objects.select_related("programme__lead_employer", "participation__employer")
    letter = rows.filter(ref=job.object_ref).first()
    if letter is None:
        return
    progress.step(1, 3)
    paper = paper_of(letter, which, print=True)
    data = render_pdf(in_print_shell(paper, paper.template, paper.employer.accent))
    progress.step(2, 3)
    name = "temps-de-mission" if which == VISA_PAGE else "lettre"
    document = documents.store(
        key=job.key,
        kind=KIND,
        label=f"{paper.page_title} {paper.period}",
        filename=f"{name}-{paper.period.lower()}.pdf",
        employer=paper.employer,
        data=data,
        media_type=PDF,
        object_ref=letter.ref,
    )
    if which == LETTER and stage == "final":
        Letter.objects.filter(pk=letter.pk).update(document=document)


def keep_scan(*, letter: Letter, party: Party, data: bytes) -> StoredDocument:
    """A signed paper, sealed, as it came. Raises DomainError."""
    upload = uploads.checked(data)
    return documents.store(
        key=f"letter:{letter.ref}:scan:{party}:{hashlib.sha256(data).hexdigest()[:16]}",
        kind="programmes.scan",
        label=f"Validation {party.label}",
        filename=f"validation-{str(letter.ref)[:8]}.{upload.ending}",
        employer=letter.participation.employer,
        data=data,
        media_type=upload.media_type,
        object_ref=letter.ref,
    )


def keep_paper(*, letter: Letter, by: Person, data: bytes) -> StoredDocument:
    """The scan of a letter signed on paper before the portal, cleaned of what its maker's tools wrote; it replaces the last."""
    if letter.origin != Origin.BEFORE or not letter.mission_title:
        raise DomainError("Cette lettre n’est pas reprise d’avant le portail : ses papiers se déposent à leur étape.")
    upload, employer = uploads.cleaned(data), letter.participation.employer
    document = documents.store(
        key=f"letter:{letter.ref}:paper:{hashlib.sha256(upload.data).hexdigest()[:16]}",
        kind="programmes.scan",
        label="Lettre signée sur papier",
        filename=f"lettre-{str(letter.ref)[:8]}.{upload.ending}",
        employer=employer,
        data=upload.data,
        media_type=upload.media_type,
        object_ref=letter.ref,
    )
    with transaction.atomic():
        earlier = StoredDocument.objects.filter(letter=letter).exclude(pk=document.pk).first()
        Letter.objects.filter(pk=letter.pk).update(document=document)
        if earlier:
            documents.delete(document=earlier)
        journal.log(actor=by, verb=Verb.CHANGED, target=letter, subject=letter.participation.person, employer=employer)
    return document


def scan_of(letter: Letter, party: str) -> StoredDocument | None:
    """The signed paper of a party, if there is one."""
    row = letter.signatures.filter(party=party, document__isnull=False).select_related("document").first()
    return row.document if row else None


def deposit_visa(*, letter: Letter, by: Person, data: bytes) -> None:
    """The référent deposits the visa signed on paper."""
    _deposit(letter, Party.MANAGER, data, lambda document: visas.deposit(letter=letter, by=by, document=document))


def deposit_hr(*, letter: Letter, by: Person, data: bytes) -> None:
    """RH deposits the letter signed in its own signature book."""
    _deposit(letter, Party.HR, data, lambda document: letters.validate(letter=letter, by=by, document=document))


def deposit_outside(*, letter: Letter, by: Person, data: bytes) -> None:
    """The référent deposits the convention that the organisation outside signed."""
    _deposit(
        letter,
        Party.OUTSIDE,
        data,
        lambda document: letter_life.deposit_outside(letter=letter, by=by, document=document),
    )


def _deposit(letter: Letter, party: Party, data: bytes, validate: Callable) -> None:
    """A paper whose validation is refused is not kept."""
    document = keep_scan(letter=letter, party=party, data=data)
    try:
        validate(document)
    except DomainError:
        if not document.signatures.exists():
            documents.delete(document=document)
        raise
