"""Who may enter which space. Each app has its own access.py; docs/access.yml is the readable whole.

A stranger to a space gets the static 404, never a 403: nothing says that the object exists. Roles end by date and are
read anew at every request. Roles that see people need a second factor in this very session (engineering 1c).
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal import clock
from portal.enums import HR_ROLES, EmployerRoleKind
from portal.local_day import MAINLAND
from portal.models import Employer, EmployerRole, Person
from portal.navigation import Space
from portal.registry import LEADS, hooks

DEMO_METHOD = "demo"
# In the session, by employer: the space, « hr » or « pilotage », that somebody who has both passed into.
SPACE = "space-{}"


def has_second_factor(request: HttpRequest) -> bool:
    """The one predicate: a second factor was given in this session. The demo entry counts only when DEMO."""
    accepted = {"mfa", DEMO_METHOD} if settings.DEMO else {"mfa"}
    return any(record.get("method") in accepted for record in get_authentication_records(request, request.user))


def second_factor_answer(request: HttpRequest) -> HttpResponse | None:
    """None when the session is strong enough, else the way to the page that says what to do."""
    if has_second_factor(request):
        return None
    return redirect(f"{reverse('portal:second_factor')}?{urlencode({'next': request.get_full_path()})}")


def switch_answer(request: HttpRequest, key: str, employer: Employer) -> HttpResponse | None:
    """RH and référent in one person: one space at a time, passed into on purpose (decision 17, field R11).

    None when the session is in the space called `key`, or when the person has only one of the two.
    """
    if request.session.get(SPACE.format(employer.slug), "pilotage") == key or not holds_both(request.person, employer):
        return None
    return redirect(f"{reverse('portal:switch_space', args=[employer.slug, key])}?{urlencode({'next': request.path})}")


def enter_one_of(request: HttpRequest, spaces: list[tuple[Space, Employer]]) -> HttpResponse | None:
    """For what may be read from several spaces: sets the first one the session is in, else the way to the passage."""
    stops = [switch_answer(request, space.key, employer) for space, employer in spaces]
    if all(stops):
        return stops[0]
    request.space = spaces[stops.index(None)][0]
    return None


def holds_both(person: Person | None, employer: Employer) -> bool:
    """Whether one person runs a programme of this employer and works in its RH."""
    return may_read_hr(person, employer) and any(leads(person, employer) for leads in hooks(LEADS))


def employer_roles(person: Person | None, employer: Employer) -> set[str]:
    """The roles `person` holds today with `employer`."""
    if person is None:
        return set()
    held = EmployerRole.objects.on(clock.today(employer.time_zone)).filter(person=person, employer=employer)
    return set(held.values_list("role", flat=True))


def may_read_hr(person: Person | None, employer: Employer) -> bool:
    return bool(employer_roles(person, employer) & set(HR_ROLES))


def current_employer(person: Person) -> Employer | None:
    """Where the person works today."""
    return Employer.objects.filter(affiliations__in=person.affiliations.in_force()).first()


def zone_of(person: Person | None) -> str:
    """The time zone the person lives in: that of their employer."""
    employer = current_employer(person) if person else None
    return employer.time_zone if employer else MAINLAND


def agent_space(view: Callable) -> Callable:
    """The agent's own pages: any signed-in person of the portal. Sets request.space."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.person:
            return redirect("portal:no_person")
        request.space = Space("agent", "Mon espace", current_employer(request.person))
        return view(request, *args, **kwargs)

    return wrapper


def hr_space(view: Callable) -> Callable:
    """`/rh/<slug>/…`: the view receives the employer; RH of that employer only, second factor required."""
    return employer_space("hr", "Espace RH", HR_ROLES)(view)


def administrator_space(view: Callable) -> Callable:
    """`/administration/<slug>/…`: accounts and employers, never contents."""
    return employer_space("administration", "Administration", (EmployerRoleKind.ADMINISTRATOR,))(view)


def employer_space(key: str, title: str, roles: tuple[str, ...]) -> Callable:
    """A space of one employer, open to the holders of `roles`."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapper(request: HttpRequest, slug: str, *args, **kwargs) -> HttpResponse:
            employer = Employer.objects.filter(slug=slug).first()
            if employer is None or not employer_roles(request.person, employer) & set(roles):
                raise Http404
            if answer := second_factor_answer(request):
                return answer
            if key == "hr" and (answer := switch_answer(request, key, employer)):
                return answer
            request.space = Space(key, title, employer)
            return view(request, employer, *args, **kwargs)

        return wrapper

    return decorate
