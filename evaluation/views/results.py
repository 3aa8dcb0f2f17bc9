"""The participants read first: the page of a release's results, and its leaflet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.access import results_visible_to
from evaluation.documents import LEAFLET, render_document
from evaluation.enums import Audience
from evaluation.models import Release
from evaluation.services import reports
from portal.access import agent_space
from portal.enums import JobState
from portal.services import documents as store


@require_safe
@agent_space
def results(request: HttpRequest) -> HttpResponse:
    """Every result this person may read, the latest first."""
    rows = results_visible_to(request.person).select_related("exercice", "programme")
    return render(request, "evaluation/results.html", {"releases": rows.order_by("-shared_on", "-edition", "pk")})


def _visible(request: HttpRequest, ref: UUID) -> Release:
    rows = results_visible_to(request.person).select_related("exercice", "programme__lead_employer", "established_by")
    return get_object_or_404(rows, ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def result(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The figures of a release in one page; POST has the leaflet made."""
    release = _visible(request, ref)
    report = release.reports.select_related("document", "job").get(audience=Audience.PARTICIPANTS)
    if request.method == "POST":
        reports.request(report=report)
        return redirect("evaluation:result", ref)
    rendered = render_document(LEAFLET, reports.content_of(release, Audience.PARTICIPANTS))
    ready, job = reports.is_ready(report), report.job
    running = job is not None and not ready and job.state != JobState.FAILED
    context = {"release": release, "document": rendered.document, "ready": ready, "running": running}
    return render(request, "evaluation/result.html", context)


@require_safe
@agent_space
def leaflet(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The stored file. Who took it is not written down: these figures are everybody's."""
    release = _visible(request, ref)
    report = release.reports.select_related("document").get(audience=Audience.PARTICIPANTS)
    if not reports.is_ready(report):
        return redirect("evaluation:result", ref)
    name = report.document.filename
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(store.read(document=report.document), content_type=reports.PDF, headers=headers)
