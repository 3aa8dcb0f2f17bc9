"""Who reads which report (decisions 14, 23, 48). docs/access.yml is the readable whole."""

from collections.abc import Callable
from functools import wraps

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from evaluation.enums import Audience
from evaluation.models import Release, Report
from portal.access import enter_one_of, second_factor_answer
from portal.enums import HR_ROLES
from portal.models import Employer, EmployerRole, Person
from portal.navigation import Space
from programmes.access import TEAM, holds, programme_roles
from programmes.enums import ProgrammeState
from programmes.models import Partner


def hr_releases(employers: QuerySet[Employer]) -> QuerySet[Release]:
    """What RH of these employers read, once restituted: the programmes they lead, and the whole of those they share.

    A partner reads the exercices that ended while it was one: the same release as everybody, no share by employer.
    """
    shared = Partner.objects.filter(
        Q(left__isnull=True) | Q(left__gte=OuterRef("exercice__ends")),
        programme=OuterRef("programme"),
        employer__in=employers,
        joined__lte=OuterRef("exercice__ends"),
    )
    led = Q(programme__lead_employer__in=employers)
    return Release.objects.filter(led | Q(Exists(shared)), restituted_on__isnull=False)


def results_visible_to(person: Person | None) -> QuerySet[Release]:
    """What the people a release speaks of read, once it is open to them.

    Who takes part, is a member, was in a pair, or was asked (for a collective time: until the answers are in).

    Somebody who works in RH waits for the restitution like RH (fail closed).
    """
    if person is None:
        return Release.objects.none()
    mine = (
        Q(programme__in=person.participations.open().values("programme"))
        | Q(programme__in=person.groups.filter(left_on__isnull=True).values("programme"))
        | Q(programme__in=person.memberships.values("pair__programme"))
        | Q(programme__in=person.wave_invitations.values("wave__programme"))
    )
    shown = Release.objects.filter(mine, shared_on__isnull=False)
    employers = _hr_employers(person)
    hr = Q(programme__lead_employer__in=employers) | Q(programme__partners__employer__in=employers)
    waiting = Release.objects.filter(hr, restituted_on__isnull=True)
    return shown.exclude(pk__in=waiting.values("pk"))


def _hr_employers(person: Person) -> QuerySet[Employer]:
    """Employers that give `person` an RH role today."""
    held = EmployerRole.objects.in_force().filter(person=person, role__in=HR_ROLES)
    return Employer.objects.filter(pk__in=held.values("employer"))


def reports_visible_to(person: Person | None) -> QuerySet[Report]:
    """The team reads both versions; RH its own, once restituted."""
    if person is None:
        return Report.objects.none()
    for_hr = Q(audience=Audience.HR, release__in=hr_releases(_hr_employers(person)).values("pk"))
    return Report.objects.filter(holds(person, "release__programme", TEAM) | for_hr).exclude(
        audience=Audience.PARTICIPANTS
    )


def public_releases() -> QuerySet[Release]:
    """Sheets of real programmes, published by their sources: for everybody."""
    return Release.objects.filter(programme__state=ProgrammeState.REFERENCE)


def report_page(view: Callable) -> Callable:
    """`/rapports/<ref>/…`: the view receives the report; a stranger gets 404; second factor required."""

    @wraps(view)
    def wrapper(request: HttpRequest, ref: str, **options: str) -> HttpResponse:
        visible = reports_visible_to(request.person).select_related(
            "release__programme__lead_employer", "release__exercice", "release__established_by", "document", "job"
        )
        report = visible.filter(ref=ref).first()
        if report is None:
            raise Http404
        if answer := second_factor_answer(request) or enter_one_of(request, _spaces(request.person, report)):
            return answer
        return view(request, report, **options)

    return wrapper


def _spaces(person: Person, report: Report) -> list[tuple[Space, Employer]]:
    """Where `person` may read this report from: RH's version in RH's space first, else the programme's."""
    lead = report.release.programme.lead_employer
    spaces = []
    if report.audience == Audience.HR:
        employers = sorted(_hr_employers(person), key=lambda employer: employer.pk != lead.pk)
        for employer in employers:
            if hr_releases(Employer.objects.filter(pk=employer.pk)).filter(pk=report.release_id).exists():
                spaces.append((Space("hr", "Espace RH", employer), employer))
    if programme_roles(person, report.release.programme) & set(TEAM):
        spaces.append((Space("pilotage", "Pilotage", report.release.programme), lead))
    return spaces
