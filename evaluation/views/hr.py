"""RH: the reports the participants have already read, and nothing else."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.access import hr_releases
from evaluation.enums import Audience
from evaluation.models import Report
from portal.access import hr_space
from portal.models import Employer


@require_safe
@hr_space
def reports(request: HttpRequest, employer: Employer) -> HttpResponse:
    hr_reports = Report.objects.filter(audience=Audience.HR).select_related("document")
    releases = (
        hr_releases(Employer.objects.filter(pk=employer.pk))
        .select_related("programme", "exercice")
        .prefetch_related(Prefetch("reports", hr_reports, to_attr="for_hr"))
        .order_by("-exercice__starts", "programme__slug", "-edition")
    )
    return render(request, "evaluation/hr_reports.html", {"employer": employer, "releases": releases})
