"""A report, for whoever may read it: the page, the making of its PDF, the file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import ods, tables
from evaluation.access import report_page
from evaluation.documents import ANNUAL, render_document
from evaluation.models import Report
from evaluation.services import reports
from portal.enums import JobState, Verb
from portal.errors import DomainError
from portal.services import documents as store
from portal.services import journal

SECONDS = "3"
TABLES = {"ods": (tables.as_ods, ods.MEDIA_TYPE), "csv": (tables.as_csv, "text/csv; charset=utf-8")}


def back(request: HttpRequest, report: Report) -> tuple[str, str]:
    """The list this report belongs to, in the reader's space: label, address."""
    if request.space.key == "hr":
        return "Rapports annuels", reverse("evaluation:hr_reports", args=[request.space.context.slug])
    return "Rapports", reverse("evaluation:reports", args=[report.release.programme.slug])


@require_safe
@report_page
def page(request: HttpRequest, report: Report) -> HttpResponse:
    rendered = render_document(ANNUAL, reports.content_of(report.release, report.audience))
    context = {
        "report": report,
        "document": rendered.document,
        "ready": reports.is_ready(report),
        "makeable": reports.may_leave(report),
        "crumbs": [back(request, report), (rendered.document.page_title, "")],
    }
    return render(request, "evaluation/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@report_page
def progress(request: HttpRequest, report: Report) -> HttpResponse:
    """Where the PDF stands; POST has it made, or made again after a failure."""
    refusal = ""
    if request.method == "POST":
        try:
            reports.request(report=report)
        except DomainError as error:
            refusal = str(error)
        else:
            return redirect("evaluation:report_progress", report.ref)
    ready, job = reports.is_ready(report), report.job
    running = bool(job) and not ready and job.state != JobState.FAILED
    context = {
        "report": report,
        "ready": ready,
        "job": job,
        "refusal": refusal,
        "running": running,
        "failed": bool(job) and job.state == JobState.FAILED,
        "crumbs": [back(request, report), ("Document PDF", "")],
    }
    response = render(request, "evaluation/report_progress.html", context)
    if running:
        response.headers["Refresh"] = SECONDS
    return response


@require_safe
@report_page
def pdf(request: HttpRequest, report: Report) -> HttpResponse:
    """The stored file."""
    if not reports.is_ready(report):
        return redirect("evaluation:report_progress", report.ref)
    data = store.read(document=report.document)
    return _file(request, report, data, reports.PDF, report.document.filename)


@require_safe
@report_page
def table(request: HttpRequest, report: Report, form: str) -> HttpResponse:
    """The figures of the page for a spreadsheet, made from the frozen content."""
    if not reports.may_leave(report):
        return redirect(report)
    write, media_type = TABLES[form]
    data = write(render_document(ANNUAL, reports.content_of(report.release, report.audience)).document)
    return _file(request, report, data, media_type, reports.filename(report, form))


def _file(request: HttpRequest, report: Report, data: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep. Every download is in the journal."""
    employer = report.release.programme.lead_employer
    journal.log(actor=request.person, verb=Verb.DOWNLOADED, target=report, employer=employer)
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
