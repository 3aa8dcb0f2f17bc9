"""Who reads which report (decisions 14, 23, 48). docs/access.yml is the readable whole."""

from collections.abc import Callable
from functools import wraps

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from evaluation.enums import Audience
from evaluation.models import Release, Report
from portal import clock
from portal.access import may_read_hr, second_factor_answer
from portal.enums import HR_ROLES
from portal.models import EmployerRole, Person
from portal.navigation import Space
from programmes.access import TEAM, holds
from programmes.enums import ProgrammeState


def _hr_of(person: Person, employer_field: str) -> Q:
    """Rows whose employer gives `person` an RH role today."""
    held = EmployerRole.objects.on(clock.now().date()).filter(person=person, role__in=HR_ROLES)
    return Q(**{f"{employer_field}__in": held.values("employer")})


def releases_visible_to(person: Person | None) -> QuerySet[Release]:
    """The team's own; for RH, those already restituted to the participants."""
    if person is None:
        return Release.objects.none()
    for_hr = _hr_of(person, "programme__lead_employer") & Q(restituted_on__isnull=False)
    return Release.objects.filter(holds(person, "programme", TEAM) | for_hr)


def reports_visible_to(person: Person | None) -> QuerySet[Report]:
    """The team reads both versions; RH its own, once restituted."""
    if person is None:
        return Report.objects.none()
    for_hr = _hr_of(person, "release__programme__lead_employer") & Q(
        audience=Audience.HR, release__restituted_on__isnull=False
    )
    return Report.objects.filter(holds(person, "release__programme", TEAM) | for_hr)


def public_releases() -> QuerySet[Release]:
    """Sheets of real programmes, published by their sources: for everybody."""
    return Release.objects.filter(programme__state=ProgrammeState.REFERENCE)


def report_page(view: Callable) -> Callable:
    """`/rapports/<ref>/…`: the view receives the report; a stranger gets 404; second factor required."""

    @wraps(view)
    def wrapper(request: HttpRequest, ref: str) -> HttpResponse:
        visible = reports_visible_to(request.person).select_related(
            "release__programme__lead_employer", "release__exercice", "release__established_by", "document", "job"
        )
        report = visible.filter(ref=ref).first()
        if report is None:
            raise Http404
        if answer := second_factor_answer(request):
            return answer
        request.space = _space(request.person, report)
        return view(request, report)

    return wrapper


def _space(person: Person, report: Report) -> Space:
    """RH reads in its own space; everybody else comes from the programme's."""
    employer = report.release.programme.lead_employer
    if report.audience == Audience.HR and may_read_hr(person, employer):
        return Space("hr", "Espace RH", employer)
    return Space("pilotage", "Pilotage", report.release.programme)
