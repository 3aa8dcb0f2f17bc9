"""Papers of a letter: their making, and the files."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.enums import JobState, Verb
from portal.errors import DomainError
from portal.models import StoredDocument
from portal.services import documents as store
from portal.services import journal
from programmes.enums import LetterKind, Origin, Party
from programmes.letter_access import letter_file
from programmes.models import Letter
from programmes.services import letter_documents as service
from programmes.services.letters import LETTER, VISA_PAGE

SECONDS, PAPER = "3", "papier"
SCANS = {"scan-visa": Party.MANAGER, "scan-organisme": Party.OUTSIDE, "scan-rh": Party.HR}


def back(request: HttpRequest, letter: Letter) -> str:
    """The letter's page in the reader's space."""
    if request.space.key == "hr":
        return reverse("programmes:hr_letter", args=[request.space.context.slug, letter.ref])
    if request.space.key == "pilotage":
        return reverse("programmes:letter", args=[letter.programme.slug, letter.ref])
    return reverse("programmes:my_letter", args=[letter.ref])


@require_http_methods(["GET", "HEAD", "POST"])
@letter_file
def progress(request: HttpRequest, letter: Letter, which: str) -> HttpResponse:
    """Where the PDF stands; POST has it made, or made again after a failure."""
    if which not in (LETTER, VISA_PAGE) or (which == VISA_PAGE and letter.kind != LetterKind.LETTER):
        raise Http404
    if request.method == "POST":
        try:
            service.request(letter=letter, which=which)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("programmes:letter_document", letter.ref, which)
    ready, job = service.document_of(letter, which), service.job_of(letter, which)
    running = bool(job) and not ready and job.state != JobState.FAILED
    context = {
        "letter": letter,
        "which": which,
        "job": job,
        "ready": ready,
        "running": running,
        "failed": bool(job) and not ready and job.state == JobState.FAILED,
        "back": back(request, letter),
    }
    response = render(request, "programmes/letter_document.html", context)
    if running:
        response.headers["Refresh"] = SECONDS
    return response


def _document(letter: Letter, which: str) -> StoredDocument | None:
    if which == PAPER:
        return letter.document if letter.origin == Origin.BEFORE else None
    if which in SCANS:
        return service.scan_of(letter, SCANS[which])
    return service.document_of(letter, which) if which in (LETTER, VISA_PAGE) else None


@require_safe
@letter_file
def file(request: HttpRequest, letter: Letter, which: str) -> HttpResponse:
    """The stored bytes, never shown in the page. Every download is in the journal."""
    document = _document(letter, which)
    if document is None:
        raise Http404
    data = store.read(document=document)
    part = letter.participation
    journal.log(actor=request.person, verb=Verb.DOWNLOADED, target=letter, subject=part.person, employer=part.employer)
    disposition = f'attachment; filename="{document.filename}"'
    return HttpResponse(data, content_type=document.media_type, headers={"Content-Disposition": disposition})
