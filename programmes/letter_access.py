"""Who reads which letter (decisions 14, 17): the agent, the référent's programme, RH once it is sent to them."""

from collections.abc import Callable
from functools import wraps

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from portal import clock
from portal.access import current_employer, enter_one_of, second_factor_answer
from portal.enums import HR_ROLES, EmployerRoleKind
from portal.models import Employer, EmployerRole, Person
from portal.navigation import Space
from programmes.access import participations_visible_to
from programmes.enums import LetterKind, LetterState
from programmes.models import Letter

SHOWN_TO_HR = (LetterState.TO_HR, LetterState.IN_FORCE, LetterState.ENDED)
KINDS_OF_HR = (LetterKind.LETTER, LetterKind.CONVENTION)
WITH = ("programme__lead_employer", "participation__person__user", "participation__employer", "document", "replaces")


def letters_of(person: Person) -> QuerySet[Letter]:
    """One's own, as soon as the référent has sent them."""
    return Letter.objects.filter(participation__person=person).exclude(state=LetterState.DRAFT).select_related(*WITH)


def letters_piloted_by(person: Person) -> QuerySet[Letter]:
    """The référent's programme, never one's own; for the deputy only the référents' own letters."""
    seen = participations_visible_to(person).exclude(person=person)
    return Letter.objects.filter(participation__in=seen.values("pk")).select_related(*WITH)


def letters_for_hr(employer: Employer) -> QuerySet[Letter]:
    """Letters of the employer's agents, from the moment they are sent to RH. Never an engagement between peers."""
    letters = Letter.objects.filter(kind__in=KINDS_OF_HR, state__in=SHOWN_TO_HR, participation__employer=employer)
    letters = letters.exclude(mission_title="")
    return letters.select_related(*WITH)


def is_signatory(person: Person | None, employer: Employer) -> bool:
    """Whether `person` may validate for RH today."""
    if person is None:
        return False
    held = EmployerRole.objects.on(clock.today(employer.time_zone)).filter(person=person, employer=employer)
    return held.filter(role=EmployerRoleKind.HR_SIGNATORY).exists()


def letter_file(view: Callable) -> Callable:
    """`/lettres/<ref>/…`: files of a letter, in the space of whoever reads them; a stranger gets 404."""

    @wraps(view)
    def wrapper(request: HttpRequest, ref: str, which: str) -> HttpResponse:
        letter = None
        if request.person is not None:
            for_hr = Q(kind__in=KINDS_OF_HR, state__in=SHOWN_TO_HR, participation__employer__in=_hr_of(request.person))
            mine = Q(participation__person=request.person) & ~Q(state=LetterState.DRAFT)
            piloted = Q(pk__in=letters_piloted_by(request.person).values("pk"))
            letter = Letter.objects.filter(for_hr | mine | piloted, ref=ref).select_related(*WITH).first()
        if letter is None:
            raise Http404
        if letter.participation.person_id == request.person.pk:
            request.space = Space("agent", "Mon espace", current_employer(request.person))
        elif answer := second_factor_answer(request) or enter_one_of(request, _spaces(request.person, letter)):
            return answer
        return view(request, letter, which)

    return wrapper


def _hr_of(person: Person) -> QuerySet:
    held = EmployerRole.objects.in_force().filter(person=person, role__in=HR_ROLES)
    return held.values("employer")


def _spaces(person: Person, letter: Letter) -> list[tuple[Space, Employer]]:
    """Where `person` may read this letter of somebody else from."""
    spaces, employer = [], letter.participation.employer
    if letters_piloted_by(person).filter(pk=letter.pk).exists():
        spaces.append((Space("pilotage", "Pilotage", letter.programme), letter.programme.lead_employer))
    if letters_for_hr(employer).filter(pk=letter.pk, participation__employer__in=_hr_of(person)).exists():
        spaces.append((Space("hr", "Espace RH", employer), employer))
    return spaces
