"""An agent's neutral certificates, of time and of training: asked for, fetched, erased. Nobody else sees they exist."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.access import agent_space, zone_of
from portal.enums import DocumentState
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import StoredDocument
from portal.services import documents
from programmes.forms.time_certificates import TimeForm
from programmes.services import time_certificates as service

SECONDS = "3"


@require_http_methods(["GET", "POST"])
@agent_space
def mine(request: HttpRequest) -> HttpResponse:
    """A day and a length; the papers still there, and until when."""
    form = TimeForm(request.POST or None, initial={"on": clock.today(zone_of(request.person))})
    if request.method == "POST" and form.is_valid():
        try:
            document = service.ask(person=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            return redirect("programmes:time_certificate", document.ref)
    context = {
        "form": form,
        "allowed": service.taking_part(request.person).exists(),
        "rows": service.of(request.person, service.KIND),
    }
    return render(request, "programmes/time_mine.html", context)


def _mine(request: HttpRequest, ref: UUID) -> StoredDocument:
    return get_object_or_404(service.of(request.person), ref=ref)


@require_safe
@agent_space
def certificate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Where the PDF stands."""
    document = _mine(request, ref)
    ready = document.state == DocumentState.READY
    failed = not ready and service.failed(document)
    context = {
        "document": document,
        "ready": ready,
        "failed": failed,
        "of_training": document.kind == service.TRAINING,
        "of_hours": document.kind == service.STATEMENT,
    }
    response = render(request, "programmes/time_certificate.html", context)
    if not ready and not failed:
        response.headers["Refresh"] = SECONDS
    return response


@require_safe
@agent_space
def file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bytes; one's own paper leaves no line in the journal."""
    document = _mine(request, ref)
    if document.state != DocumentState.READY:
        raise Http404
    data = documents.read(document=document)
    disposition = f'attachment; filename="{document.filename}"'
    return HttpResponse(data, content_type=document.media_type, headers={"Content-Disposition": disposition})


@require_POST
@agent_space
def erase(request: HttpRequest, ref: UUID) -> HttpResponse:
    service.erase(document=_mine(request, ref))
    messages.success(request, "L’attestation est effacée.")
    return redirect("programmes:my_time")
