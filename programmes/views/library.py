"""The library of models: view, adapt, download, put among the pieces of a step."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.enums import JobState
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import documents as store
from programmes import library_text
from programmes.access import programme_team
from programmes.enums import ProgrammeRoleKind
from programmes.forms.library import BlocksForm, posted_blocks, rearranged
from programmes.models import Programme
from programmes.services import library as service
from programmes.services import library_files as files

SECONDS = "3"
SAVE = "enregistrer"


def _entry(programme: Programme, code: str) -> service.Entry:
    try:
        return service.entry(programme.lead_employer, code)
    except KeyError as error:
        raise Http404 from error


def _draft(programme: Programme, code: str):
    text = _entry(programme, code).draft
    if text is None:
        raise Http404
    return text


@require_safe
@programme_team
def library(request: HttpRequest, programme: Programme) -> HttpResponse:
    context = {
        "programme": programme,
        "entries": service.entries(programme.lead_employer),
        "refers": ProgrammeRoleKind.REFERENT in request.space.roles,
    }
    return render(request, "programmes/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def document(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The document as it reads today; POST begins a version of the employer's own."""
    row = _entry(programme, code)
    if request.method == "POST":
        service.draft(programme=programme, code=code, by=request.person, afresh="afresh" in request.POST)
        return redirect("programmes:library_adapt", programme.slug, code)
    shown = service.document_of(programme, code)
    pdf, item = files.pdf_of(programme, shown), files.item_for(programme, code)
    attached = bool(pdf and item) and item.evidence.filter(document=pdf).exists()
    context = {"programme": programme, "entry": row, "document": shown, "pdf": pdf, "item": item, "attached": attached}
    return render(request, "programmes/library_document.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def adapt(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The blocks of a draft; a block is added or removed without anything being lost or saved."""
    text = _draft(programme, code)
    form = BlocksForm(blocks=text.blocks, seen=text.version)
    then = request.POST.get("then", SAVE)
    if request.method == "POST" and then != SAVE:
        form = BlocksForm(blocks=rearranged(posted_blocks(request.POST), then), seen=request.POST.get("seen", ""))
    elif request.method == "POST":
        form = BlocksForm(request.POST, blocks=posted_blocks(request.POST), seen=text.version)
        if form.is_valid():
            try:
                service.change(text=text, blocks=form.blocks, seen=form.cleaned_data["seen"], by=request.person)
            except DomainError as error:
                show(error, form)
            else:
                messages.success(request, "Votre texte est enregistré. Il n’est pas encore utilisé.")
                return redirect("programmes:library_adapt", programme.slug, code)
    context = {
        "programme": programme,
        "model": library_text.every()[code],
        "text": text,
        "form": form,
        "save": SAVE,
        "placeholders": [(f"{{{name}}}", words) for name, words in library_text.PLACEHOLDERS.items()],
    }
    return render(request, "programmes/library_adapt.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def use(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """A preview of the draft, and what will happen."""
    text = _draft(programme, code)
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            service.put_in_use(text=text, seen=int(seen) if seen.isdecimal() else 0, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("programmes:library_use", programme.slug, code)
        messages.success(request, "Cette version est utilisée à partir d’aujourd’hui.")
        return redirect("programmes:library_document", programme.slug, code)
    shown = service.document_of(programme, code, text=text)
    context = {"programme": programme, "document": shown, "text": text, "fields": [("seen", text.version)]}
    return render(request, "programmes/library_use.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def drop(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    text = _draft(programme, code)
    if request.method == "POST":
        service.drop(text=text, by=request.person)
        messages.success(request, "Le brouillon est abandonné.")
        return redirect("programmes:library_document", programme.slug, code)
    context = {"programme": programme, "model": library_text.every()[code], "text": text}
    return render(request, "programmes/library_drop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def pdf(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Where the PDF stands; POST has it made, or made again after a failure."""
    _entry(programme, code)
    if request.method == "POST":
        files.request(programme=programme, code=code)
        return redirect("programmes:library_pdf", programme.slug, code)
    shown = service.document_of(programme, code)
    ready, job = files.pdf_of(programme, shown), files.job_of(programme, shown)
    failed = bool(job) and not ready and job.state == JobState.FAILED
    running = bool(job) and not ready and job.state in (JobState.QUEUED, JobState.RUNNING)
    item = files.item_for(programme, code)
    context = {
        "programme": programme,
        "document": shown,
        "job": job,
        "ready": ready,
        "running": running,
        "failed": failed,
        "item": item,
        "attached": bool(ready and item) and item.evidence.filter(document=ready).exists(),
    }
    response = render(request, "programmes/library_pdf.html", context)
    if running:
        response.headers["Refresh"] = SECONDS
    return response


@require_safe
@programme_team
def file(request: HttpRequest, programme: Programme, code: str, ending: str) -> HttpResponse:
    """The PDF once it is ready, or the DOCX, as an attachment."""
    _entry(programme, code)
    shown = service.document_of(programme, code, print=True)
    if ending == "docx":
        data, media_type = files.make_docx(shown), files.DOCX
    elif ending == "pdf" and (ready := files.pdf_of(programme, shown)):
        data, media_type = store.read(document=ready), ready.media_type
    else:
        raise Http404
    name = f"{shown.model.filename}.{ending}"
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
@programme_team
def attach(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Put the PDF among the pieces of the step's line."""
    _entry(programme, code)
    ready = files.pdf_of(programme, service.document_of(programme, code))
    item = files.item_for(programme, code)
    if ready is None or item is None:
        raise Http404
    try:
        files.attach(item=item, document=ready, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Le document est joint à l’étape {item.step.number}, « {item.label} ».")
    return redirect("programmes:library_document", programme.slug, code)
