"""Lines of the steps that the frame reads from its own data: words only, never a number of people (decision 41)."""

from django.db.models import Q

from portal import clock
from portal.registry import Criterion
from programmes.enums import (
    Decision,
    Function,
    ItemState,
    OutreachKind,
    ParticipationState,
    SessionState,
    Side,
    StepState,
    TrainingPublic,
)
from programmes.models import Letter, Programme, Step
from programmes.services import charter, gates, opening, training

# An adjustable condition whose value 1 asks for a session; otherwise a written note is enough (field.md 3).
MANAGERS_RULE = "pair-managers"


def criteria(step: Step) -> list[Criterion]:
    """CRITERION hook."""
    return _BY_STEP[step.number](step) if step.number in _BY_STEP else []


def _first(step: Step) -> list[Criterion]:
    programme = step.programme
    referent, deputy = opening.has_referent(programme), opening.has_deputy(programme)
    sponsor = programme.seats.filter(function=Function.DIRECTION).exists()
    asked = programme.impact_assessments.exists()
    return [
        Criterion(
            "1-referent-time", referent, "un·e référent·e est en place" if referent else "personne pour l’instant"
        ),
        Criterion("1-sponsor-deputy", sponsor and deputy, _sponsor(sponsor, deputy)),
        managers_informed(programme),
        Criterion("1-assessment-begun", asked, "demandée" if asked else "pas encore demandée"),
    ]


def _sponsor(sponsor: bool, deputy: bool) -> str:
    missing = [] if sponsor else ["un siège « direction »"]
    missing += [] if deputy else ["un·e suppléant·e ou un relais de continuité"]
    return f"il manque {' et '.join(missing)}" if missing else "nommés"


def managers_informed(programme: Programme) -> Criterion:
    """A session held, as information or as a course, or a note if the programme's setting allows it."""
    session_asked = gates.value(programme, MANAGERS_RULE) == 1
    held = programme.outreach.filter(state=SessionState.HELD)
    course = programme.training_sessions.filter(state=SessionState.HELD, public=TrainingPublic.MANAGERS)
    session = held.filter(kind=OutreachKind.MANAGERS).exists() or course.exists()
    note = held.filter(kind=OutreachKind.NOTE).exists()
    said = "séance tenue" if session else "note envoyée" if note else "ni séance ni note pour l’instant"
    if note and not session and session_asked:
        said = "note envoyée ; le cadre de ce programme demande une séance"
    return Criterion("1-managers-session", session or (note and not session_asked), said)


def _second(step: Step) -> list[Criterion]:
    programme = step.programme
    passed = programme.steps.filter(definition=1, state=StepState.PASSED).exists()
    helpers = programme.participations.filter(side__in=[Side.HELPER, Side.PEER])
    enough = helpers.filter(state=ParticipationState.ACCEPTED).count() >= gates.value(programme, "pair-helpers")
    waiting = helpers.filter(state=ParticipationState.RECEIVED).exists()
    opened = bool(programme.open_forms)
    return [
        Criterion("2-step-one", passed, "franchie" if passed else "pas encore franchie"),
        Criterion("2-enough-helpers", enough, "oui" if enough else "pas encore"),
        Criterion("2-requests-open", opened, "ouvertes" if opened else "pas encore ouvertes"),
        Criterion("2-all-answered", not waiting, "une candidature attend" if waiting else "oui, à ce jour"),
    ]


def _third(step: Step) -> list[Criterion]:
    programme = step.programme
    version = charter.current(programme)
    forms = [form for form in programme.forms if form in opening.ASSESSED_FORMS]
    covered = all(opening.assessed(programme, form) for form in forms)
    holding = Letter.objects.filter(programme=programme).holding(clock.today(programme.time_zone))
    helpers = _helpers(programme)
    signed = helpers.exists() and not helpers.exclude(letters__in=holding).exists()
    return [
        Criterion("3-model-chosen", bool(programme.forms), "choisi"),
        Criterion("3-letters-signed", signed, "à jour" if signed else "en cours"),
        Criterion("3-charter-accepted", version is not None, "en vigueur" if version else "pas encore en vigueur"),
        Criterion("3-assessment-valid", covered, "validée" if covered else "pas encore validée"),
    ]


def _helpers(programme: Programme):
    """Helpers accepted today."""
    return programme.participations.filter(side=Side.HELPER, state=ParticipationState.ACCEPTED)


def _fourth(step: Step) -> list[Criterion]:
    programme = step.programme
    known = charter.current(programme) is not None
    helpers = list(_helpers(programme).select_related("programme"))
    done = bool(helpers) and not any(training.minutes_missing(helpers).values())
    ready = _helpers(programme).filter(readiness__decision=Decision.READY).count() == len(helpers) > 0
    return [
        Criterion("4-charter-known", known, "en vigueur" if known else "pas encore en vigueur"),
        Criterion("4-modules-done", done, "suivis" if done else "en cours"),
        Criterion("4-ready", ready, "tenus" if ready else "en cours"),
    ]


def _sixth(step: Step) -> list[Criterion]:
    todo = step.items.filter(kind="action").exclude(state__in=[ItemState.DONE, ItemState.DROPPED])
    assigned = not todo.filter(Q(owner=None) | Q(due_on=None)).exists()
    said = "chaque action a un nom et une date" if assigned else "des actions n’ont pas de nom ou pas de date"
    return [
        Criterion("6-thresholds", True, "fixés par le portail, jamais abaissés"),
        Criterion("6-actions-assigned", assigned, said),
    ]


_BY_STEP = {1: _first, 2: _second, 3: _third, 4: _fourth, 6: _sixth}
