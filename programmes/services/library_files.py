"""Files of the library: PDF made by a job, DOCX made at once, and their place among the pieces of a step."""

import io

from django.db import transaction

from portal import clock
from portal.enums import DocumentState, JobState, Verb
from portal.errors import DomainError, Refused
from portal.jobs import Progress, handler
from portal.models import Job, Person, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from portal.services import documents, jobs, journal
from portal.services.uploads import PDF
from programmes import library_text
from programmes.enums import StepState
from programmes.models import Evidence, Programme, StepItem
from programmes.services.library import Document, document_of
from programmes.services.steps import LOCKED

KIND = "programmes.library"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = "programmes/library_body.html"


# --- PDF ------------------------------------------------------------------------------------------------------------
def key_of(programme: Programme, document: Document) -> str:
    return f"library:{programme.ref}:{document.model.code}:{document.sha256[:16]}"


def pdf_of(programme: Programme, document: Document) -> StoredDocument | None:
    """The PDF of exactly this text, once it is ready."""
    return StoredDocument.objects.filter(key=key_of(programme, document), state=DocumentState.READY).first()


def job_of(programme: Programme, document: Document) -> Job | None:
    return Job.objects.filter(key=key_of(programme, document)).first()


@transaction.atomic
def request(*, programme: Programme, code: str) -> Job:
    """Have the PDF made; under way or ready it is left alone, failed it starts again."""
    key = key_of(programme, document_of(programme, code))
    job = jobs.enqueue(kind=KIND, key=key, object_ref=programme.ref)
    gone = job.state == JobState.DONE and not StoredDocument.objects.filter(key=key).exists()
    if gone:
        Job.objects.filter(pk=job.pk).delete()
        return jobs.enqueue(kind=KIND, key=key, object_ref=programme.ref)
    if job.state == JobState.FAILED:
        jobs.retry(job=job)
        job.refresh_from_db()
    return job


@handler(KIND)
def make(job: Job, progress: Progress) -> None:
    """Render and store; run twice, it leaves one document. Earlier wordings go, unless a step holds them."""
    programme = Programme.objects.select_related("lead_employer").filter(ref=job.object_ref).first()
    if programme is None:
        return
    code = job.key.split(":")[2]
    document = document_of(programme, code, print=True)
    if key_of(programme, document) != job.key:
        raise DomainError("Le texte a changé entre-temps. Préparez de nouveau le PDF.")
    progress.step(1, 2)
    data = render_pdf(in_print_shell(document, TEMPLATE, document.employer.accent))
    kept = documents.store(
        key=job.key,
        kind=KIND,
        label=f"{document.title}, {document.period}",
        filename=f"{document.model.filename}.pdf",
        employer=document.employer,
        data=data,
        media_type=PDF,
        object_ref=programme.ref,
    )
    same = StoredDocument.objects.filter(key__startswith=f"library:{programme.ref}:{code}:", evidence__isnull=True)
    for older in same.exclude(pk=kept.pk):
        documents.delete(document=older)


# --- DOCX -----------------------------------------------------------------------------------------------------------
def make_docx(document: Document) -> bytes:
    """The same text for a word processor: real headings and lists, in French, titled."""
    from docx import Document as Docx

    file = Docx()
    _describe(file, document)
    if document.model.layout == library_text.CARD:
        _cards(file, document)
    else:
        if document.model.layout == library_text.PAGE:
            file.add_paragraph(document.over)
            file.add_heading(document.title, 0)
        _write(file, document)
        if document.notice:
            file.add_paragraph(document.notice)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _describe(file, document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    about = file.core_properties
    about.title, about.language = document.title, "fr-FR"
    about.author, about.comments = document.employer.neutral_name, ""
    about.created = about.modified = clock.now().replace(tzinfo=None)
    defaults = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    lang = defaults.find(qn("w:lang"))
    if lang is None:
        lang = OxmlElement("w:lang")
        defaults.append(lang)
    lang.set(qn("w:val"), "fr-FR")


def _write(place, document: Document) -> None:
    """Blocks into a document or a cell of a table."""
    for block in document.blocks:
        style = {library_text.HEADING: "Heading 1", library_text.ITEM: "List Bullet"}.get(block["kind"])
        place.add_paragraph(block["text"], style=style)
    if document.qr:
        _picture(place.add_paragraph(), document)


def _picture(paragraph, document: Document) -> None:
    from docx.shared import Mm

    size = Mm(60 if document.model.layout == library_text.POSTER else 20)
    shape = paragraph.add_run().add_picture(io.BytesIO(library_text.qr_picture(document.address)), width=size)
    shape._inline.docPr.set("descr", document.qr_text)


def _cards(file, document: Document) -> None:
    table = file.add_table(rows=0, cols=2)
    for _ in range(library_text.CARDS_A_SHEET // 2):
        for cell in table.add_row().cells:
            _write(cell, document)
            if document.notice:
                cell.add_paragraph(document.notice)
            first = cell.paragraphs[0]._element
            first.getparent().remove(first)


# --- Steps ----------------------------------------------------------------------------------------------------------
def item_for(programme: Programme, code: str) -> StepItem | None:
    """The line of a step that this document is the piece of."""
    line = library_text.every()[code].line
    rows = StepItem.objects.filter(step__programme=programme, line=line).select_related(
        "step__programme__lead_employer"
    )
    return rows.first() if line else None


@transaction.atomic
def attach(*, item: StepItem, document: StoredDocument, by: Person) -> Evidence:
    """Put a document among the pieces of a line; twice is once."""
    programme = item.step.programme
    if item.step.state == StepState.PASSED:
        raise DomainError(LOCKED)
    if document.employer_id != programme.lead_employer_id:
        raise Refused("Ce document est celui d’un autre employeur.")
    evidence, new = Evidence.objects.get_or_create(
        item=item, document=document, defaults={"added_by": by, "added_at": clock.now()}
    )
    if new:
        journal.log(actor=by, verb=Verb.CHANGED, target=item, employer=programme.lead_employer)
    return evidence
