"""« Temps pour les deux »: a neutral paper that gives an agent the time of a meeting (field G3).

The same words whoever asks, helper or helped: nothing of the programme, of a colleague, of health. The document is the
only trace: its row goes with it after thirty days, no journal, no list, nobody told. The certificates of training
(services/training_certificates.py) and statements (services/recognition.py) are kept, fetched and erased the same way.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet

from portal import clock, terms
from portal.dates import day_in_words, duration_in_words
from portal.enums import DocumentState, JobState
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.local_day import local_day
from portal.models import Employer, Job, Person, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from portal.services import documents, jobs
from portal.services.uploads import PDF
from programmes import letter_text
from programmes.enums import OPEN_PARTICIPATION, ParticipationState
from programmes.models import Participation

KIND = "programmes.time"
TRAINING = "programmes.attestation"
STATEMENT = "programmes.statement"
KINDS = (KIND, TRAINING, STATEMENT)
KEPT_DAYS = 30
BACK_DAYS, AHEAD_DAYS = 30, 90
MINUTES = (30, 60, 90, 120)
# A request not answered yet has no meeting to go to.
ASKED = (ParticipationState.RECEIVED,)


class Paper:
    """What layout/print.html and the template read: no name but the agent's own."""

    page_title = title = "Attestation de temps"
    template = "programmes/time_certificate_body.html"

    def __init__(self, *, agent: str, employer: Employer, function: str, on: dt.date, minutes: int, made: dt.date):
        self.agent, self.employer, self.function = agent, employer, function
        self.day, self.duration = day_in_words(on), duration_in_words(minutes)
        self.made, self.period = day_in_words(made, weekday=False), day_in_words(on, weekday=False)


def taking_part(person: Person) -> QuerySet[Participation]:
    """Where a person may have a meeting: helper, helped or peer alike."""
    mine = Participation.objects.filter(person=person, state__in=OPEN_PARTICIPATION).exclude(state__in=ASKED)
    return mine.select_related("programme", "employer").order_by("received_at", "pk")


def of(person: Person, *kinds: str) -> QuerySet[StoredDocument]:
    """The papers a person had made for themself, still there."""
    rows = StoredDocument.objects.filter(kind__in=kinds or KINDS, object_ref=person.ref)
    return rows.select_related("employer")


@transaction.atomic
def order(
    *, kind: str, key: str, person: Person, employer: Employer, today: dt.date, label: str, filename: str
) -> StoredDocument:
    """A paper to be made by the job of its kind, for this person alone; it goes after thirty days."""
    document = StoredDocument.objects.create(
        key=key,
        kind=kind,
        label=label,
        filename=filename,
        object_ref=person.ref,
        employer=employer,
        media_type=PDF,
        created_at=clock.now(),
        retention_anchor=today + dt.timedelta(days=KEPT_DAYS),
    )
    jobs.enqueue(kind=kind, key=f"{kind}:{document.ref}", object_ref=document.ref)
    return document


def awaited(job: Job) -> tuple[StoredDocument, Person] | None:
    """What a job still has to make, and for whom; nothing when the paper was erased, or made already."""
    document = StoredDocument.objects.filter(ref=job.object_ref, kind=job.kind).select_related("employer").first()
    person = Person.objects.filter(ref=document.object_ref).first() if document else None
    if person is None or document.state == DocumentState.READY:
        return None
    return document, person


def keep(document: StoredDocument, data: bytes) -> None:
    documents.store(
        key=document.key,
        kind=document.kind,
        label=document.label,
        filename=document.filename,
        employer=document.employer,
        data=data,
        media_type=PDF,
        object_ref=document.object_ref,
    )


@transaction.atomic
def ask(*, person: Person, on: dt.date, minutes: int) -> StoredDocument:
    """Have the paper of a meeting made; its row says a day and a length, and goes after thirty days."""
    part = taking_part(person).first()
    if part is None:
        raise DomainError("Une attestation se prépare une fois votre demande acceptée.")
    today = clock.today(part.programme.time_zone)
    if not today - dt.timedelta(days=BACK_DAYS) <= on <= today + dt.timedelta(days=AHEAD_DAYS):
        raise DomainError("Choisissez un jour entre les trente derniers et les quatre-vingt-dix prochains.", field="on")
    if minutes not in MINUTES:
        raise DomainError("Choisissez une durée de la liste.", field="minutes")
    function_of(part)
    return order(
        kind=KIND,
        key=f"time:{uuid.uuid4()}:{part.programme_id}:{on.isoformat()}:{minutes}",
        person=person,
        employer=part.employer,
        today=today,
        label=f"{Paper.title}, {day_in_words(on, weekday=False)}",
        filename=f"attestation-{on.isoformat()}.pdf",
    )


def function_of(part: Participation) -> str:
    """The neutral name of the function that signs. Raises DomainError when it is not neutral."""
    function = terms.term("fonction_neutre", part.programme.words)
    if letter_text.health_words(function):
        raise DomainError(
            "L’attestation ne peut pas être préparée pour l’instant. Votre contact a une fonction à revoir."
        )
    return function


@handler(KIND)
def make(job: Job, progress: Progress) -> None:
    """Render and store; a paper erased meanwhile is not made."""
    found = awaited(job)
    if found is None:
        return
    document, person = found
    _, _, programme, on, minutes = document.key.split(":")
    part = taking_part(person).filter(programme=programme).first()
    if part is None:
        raise DomainError("Vous ne participez plus à ce programme.")
    progress.step(1, 2)
    paper = Paper(
        agent=person.full_name,
        employer=document.employer,
        function=function_of(part),
        on=dt.date.fromisoformat(on),
        minutes=int(minutes),
        made=clock.today(part.programme.time_zone),
    )
    keep(document, render_pdf(in_print_shell(paper, paper.template, paper.employer.accent)))


def failed(document: StoredDocument) -> bool:
    job = Job.objects.filter(key=f"{document.kind}:{document.ref}").first()
    return bool(job) and job.state == JobState.FAILED


@transaction.atomic
def erase(*, document: StoredDocument) -> None:
    """Before its day: row, file and the job that made it."""
    Job.objects.filter(key=f"{document.kind}:{document.ref}").delete()
    documents.delete(document=document)


def erase_all(person: Person) -> None:
    """ERASURE hook."""
    for document in of(person):
        erase(document=document)


def forget() -> int:
    """Papers past their day. The rule on files of the portal would take them too: here the job goes with them."""
    due = StoredDocument.objects.filter(kind__in=KINDS, retention_anchor__lt=local_day("employer"))
    rows = list(due)
    for document in rows:
        erase(document=document)
    Job.objects.filter(kind__in=KINDS, created_at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS)).delete()
    return len(rows)
