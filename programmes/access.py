"""Who sees what of a programme (domain.md b.2, decision 42). docs/access.yml is the readable whole.

The deputy is dormant: team pages only, and the participations of the référents themselves, who never decide on their
own (decision 17).
"""

from collections.abc import Callable
from functools import wraps

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from portal import clock
from portal.access import second_factor_answer, switch_answer
from portal.enums import EmployerRoleKind
from portal.local_day import local_day
from portal.models import Employer, EmployerRole, Person
from portal.navigation import Space
from programmes.enums import ProgrammeRoleKind, ProgrammeState
from programmes.models import Participation, Programme, ProgrammeRole

REFERENT = (ProgrammeRoleKind.REFERENT,)
TEAM = (ProgrammeRoleKind.REFERENT, ProgrammeRoleKind.DEPUTY)
# Once the last référent has left, agents may still join for so many days; then new entries close.
STILL_OPEN_DAYS = 30


def programme_roles(person: Person | None, programme: Programme) -> set[str]:
    """The roles `person` holds today in `programme`."""
    if person is None:
        return set()
    held = ProgrammeRole.objects.on(clock.today(programme.time_zone)).filter(person=person, programme=programme)
    return set(held.values_list("role", flat=True))


def holds(person: Person, programmes_field: str, roles: tuple[str, ...]) -> Q:
    """Rows whose programme (at `programmes_field`) gives `person` one of `roles` today."""
    held = ProgrammeRole.objects.in_force().filter(person=person, role__in=roles)
    return Q(**{f"{programmes_field}__in": held.values("programme")})


def programmes_run_by(person: Person) -> QuerySet[Programme]:
    """Programmes in whose team `person` is today."""
    return Programme.objects.filter(holds(person, "pk", TEAM))


def leads(person: Person, employer: Employer) -> bool:
    """LEADS hook."""
    return programmes_run_by(person).filter(lead_employer=employer).exists()


def employers_opened_by(person: Person) -> QuerySet[Employer]:
    """Employers for which `person` may open a programme (référent handicap of the employer)."""
    held = EmployerRole.objects.in_force().filter(person=person, role=EmployerRoleKind.REFERENT)
    return Employer.objects.filter(pk__in=held.values("employer"))


def _led() -> QuerySet[ProgrammeRole]:
    """Roles of référents in place, or who just left."""
    there = ProgrammeRole.EMPLOYER
    return ProgrammeRole.objects.filter(role=ProgrammeRoleKind.REFERENT, starts__lte=local_day(there)).filter(
        Q(ends__isnull=True) | Q(ends__gte=local_day(there, -STILL_OPEN_DAYS))
    )


def open_to_all() -> QuerySet[Programme]:
    """Programmes whose entry page anybody may read: open, and led."""
    led = Programme.objects.filter(state=ProgrammeState.OPEN, pk__in=_led().values("programme"))
    return led.select_related("lead_employer")


def joinable_by(person: Person) -> QuerySet[Programme]:
    """Programmes open to the agents of the person's employer, own or shared, that somebody leads or just left."""
    employers = person.affiliations.in_force().values("employer")
    shared = Q(partners__employer__in=employers, partners__left__isnull=True)
    return Programme.objects.filter(
        Q(lead_employer__in=employers) | shared, state=ProgrammeState.OPEN, pk__in=_led().values("programme")
    ).distinct()


def participations_visible_to(person: Person) -> QuerySet[Participation]:
    """One's own; the référent's whole programme; for the deputy only the référents' own participations. Never one
    whose person was erased."""
    referents = ProgrammeRole.objects.in_force().filter(role=ProgrammeRoleKind.REFERENT)
    for_deputy = holds(person, "programme", (ProgrammeRoleKind.DEPUTY,)) & Q(person__in=referents.values("person"))
    named = Participation.objects.filter(person__isnull=False)
    return named.filter(Q(person=person) | holds(person, "programme", REFERENT) | for_deputy)


def may_decide(person: Person, participation: Participation) -> bool:
    """Nobody decides on their own participation (decision 17)."""
    return participation.person_id != person.pk


def programme_team(view: Callable = None, *, roles: tuple[str, ...] = TEAM) -> Callable:
    """`/pilotage/<slug>/…`: the view receives the programme; holders of `roles` only, second factor required."""
    if view is None:
        return lambda inner: programme_team(inner, roles=roles)

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, *args, **kwargs) -> HttpResponse:
        programme = Programme.objects.select_related("lead_employer").filter(slug=slug).first()
        held = programme_roles(request.person, programme) if programme else set()
        if not held & set(roles):
            raise Http404
        if answer := second_factor_answer(request) or switch_answer(request, "pilotage", programme.lead_employer):
            return answer
        request.space = Space("pilotage", "Pilotage", programme, frozenset(held))
        return view(request, programme, *args, **kwargs)

    wrapper.roles = roles
    return wrapper


def opens(url: str, held: set[str] | frozenset[str]) -> bool:
    """Whether the holder of these roles in a programme may read its page at `url` (a path of the pilotage).

    A view that some may open for certain objects only says in `always` who may open it for all of them.
    """
    try:
        view = resolve(url).func
    except Resolver404:
        return False
    return bool(set(getattr(view, "always", getattr(view, "roles", TEAM))) & held)


def referent_only(view: Callable) -> Callable:
    """Pages with people: the référent, not the dormant deputy."""
    return programme_team(view, roles=REFERENT)
