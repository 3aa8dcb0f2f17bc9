"""Passing a programme on: preparing, checklist, continuity file, announcement; and the agent's own choice."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import agent_space
from portal.enums import JobState, Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import documents, journal
from programmes.access import referent_only
from programmes.enums import HandoverState
from programmes.forms.handover import ChecklistForm, HandoverForm
from programmes.models import Handover, Participation, Programme
from programmes.services import continuity
from programmes.services import handover as service

SECONDS = "3"


def _current(programme: Programme) -> Handover:
    """The handover under way, or done; 404 when there is none."""
    row = service.latest(programme)
    if row is None:
        raise Http404
    return row


def _save(request: HttpRequest, programme: Programme, preparing: Handover | None, form: HandoverForm) -> None:
    """Prepare, or change what is in preparation. Raises DomainError."""
    if preparing:
        seen = form.cleaned_data["seen"] or 0
        service.change(handover=preparing, seen=seen, by=request.person, **form.terms)
    else:
        service.prepare(programme=programme, by=request.person, **form.terms)


@require_http_methods(["GET", "POST"])
@referent_only
def page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Where the handover stands; the form prepares it, or changes date and successor before the announcement."""
    last = service.latest(programme)
    going = service.under_way(last)
    preparing = last if going and last.state == HandoverState.PREPARING else None
    leaver = preparing.leaver if preparing else request.person
    form = HandoverForm(request.POST or None, programme=programme, leaver=leaver, current=preparing)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, programme, preparing, form)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La passation est enregistrée. Rien n’est encore annoncé.")
            return redirect("programmes:handover", programme.slug)
    context = {
        "programme": programme,
        "handover": last,
        "going": going,
        "preparing": preparing,
        "form": form,
        "checklist": ChecklistForm(initial={"done": last.done}) if last else None,
        "may_prepare": not going and service.standing_role(programme, request.person) is not None,
    }
    return render(request, "programmes/handover.html", context)


@require_POST
@referent_only
def checklist(request: HttpRequest, programme: Programme) -> HttpResponse:
    row = _current(programme)
    service.tick(handover=row, done=request.POST.getlist("done"), by=request.person)
    messages.success(request, "Les lignes sont enregistrées.")
    return redirect("programmes:handover", programme.slug)


@require_http_methods(["GET", "POST"])
@referent_only
def announce(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A confirmation: what changes on the day, who will know."""
    row = _current(programme)
    if row.state != HandoverState.PREPARING:
        return redirect("programmes:handover", programme.slug)
    if request.method == "POST":
        try:
            service.announce(handover=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La passation est annoncée. Les personnes qui participent en sont prévenues.")
        return redirect("programmes:handover", programme.slug)
    return render(request, "programmes/handover_announce.html", {"programme": programme, "handover": row})


@require_http_methods(["GET", "POST"])
@referent_only
def cancel(request: HttpRequest, programme: Programme) -> HttpResponse:
    row = _current(programme)
    if not service.under_way(row):
        return redirect("programmes:handover", programme.slug)
    if request.method == "POST":
        try:
            service.cancel(handover=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La passation est abandonnée : les rôles sont comme avant.")
        return redirect("programmes:handover", programme.slug)
    return render(request, "programmes/handover_cancel.html", {"programme": programme, "handover": row})


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def dossier(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The continuity file on screen, and the making of its PDF."""
    row = _current(programme)
    if request.method == "POST":
        continuity.request(row=row)
        return redirect("programmes:continuity", programme.slug)
    job, running = continuity.job_of(row), continuity.running(row)
    context = {
        "programme": programme,
        "document": continuity.file_of(row),
        "body": continuity.BODY,
        "job": job,
        "running": running,
        "failed": bool(job) and job.state == JobState.FAILED,
        "ready": None if running else continuity.document_of(row),
    }
    response = render(request, "programmes/continuity.html", context)
    if running:
        response.headers["Refresh"] = SECONDS
    return response


@require_safe
@referent_only
def file(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The last PDF made. Every download is in the journal."""
    row = _current(programme)
    document = continuity.document_of(row)
    if document is None:
        raise Http404
    data = documents.read(document=document)
    journal.log(actor=request.person, verb=Verb.DOWNLOADED, target=row, employer=programme.lead_employer)
    disposition = f'attachment; filename="{document.filename}"'
    return HttpResponse(data, content_type=document.media_type, headers={"Content-Disposition": disposition})


@require_POST
@agent_space
def erase_text(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The agent's own text, at once."""
    mine = Participation.objects.select_related("employer").filter(person=request.person)
    row = get_object_or_404(mine, ref=ref)
    try:
        service.erase_text(participation=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Votre texte est effacé. Le reste de vos choix n’a pas changé.")
    return redirect("programmes:my_participation", ref)
