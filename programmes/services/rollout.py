"""Opening a programme and walking its six steps."""

import datetime as dt

from django.db import transaction

from portal import clock
from portal.dates import count_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person
from portal.services import journal
from portal.workflow import Move, Moves
from programmes.enums import Form, Perimeter, ProgrammeRoleKind, ProgrammeState, StepState
from programmes.models import (
    Cycle,
    Exercice,
    Programme,
    ProgrammeRole,
    Step,
    StepDefinition,
    StepLine,
    StepTick,
)
from programmes.services import gates

PROGRAMME_MOVES = Moves(
    Programme,
    [
        Move("open", (ProgrammeState.PREPARING,), ProgrammeState.OPEN, "Les inscriptions sont déjà ouvertes."),
        Move("close", (ProgrammeState.OPEN,), ProgrammeState.CLOSED, "Ce programme n’est pas ouvert."),
    ],
)
STEP_MOVES = Moves(
    Step,
    [
        Move("start", (StepState.TO_COME,), StepState.CURRENT, "Cette étape a déjà commencé."),
        Move("pass", (StepState.CURRENT,), StepState.PASSED, "Cette étape n’est pas en cours."),
        Move("reopen", (StepState.PASSED,), StepState.CURRENT, "Cette étape n’est pas franchie."),
    ],
)


@transaction.atomic
def create_programme(
    *,
    slug: str,
    name: str,
    employer: Employer,
    starts: dt.date,
    by: Person | None,
    perimeters: list[str] | None = None,
    forms: list[str] | None = None,
    state: ProgrammeState = ProgrammeState.PREPARING,
) -> Programme:
    """A programme with its six steps to come; `by`, if any, becomes its référent."""
    if Programme.objects.filter(slug=slug).exists():
        raise DomainError("Cette adresse courte est déjà prise : choisissez-en une autre.", field="slug")
    programme = Programme.objects.create(
        slug=slug,
        name=name,
        lead_employer=employer,
        starts=starts,
        perimeters=perimeters or [Perimeter.DISABILITY],
        forms=forms or [Form.PAIR],
        state=state,
    )
    Step.objects.bulk_create(
        Step(programme=programme, definition=definition) for definition in StepDefinition.objects.all()
    )
    if by:
        grant(programme=programme, person=by, role=ProgrammeRoleKind.REFERENT, by=by)
        journal.log(actor=by, verb=Verb.CREATED, target=programme, employer=employer)
    return programme


@transaction.atomic
def grant(
    *,
    programme: Programme,
    person: Person,
    role: ProgrammeRoleKind,
    by: Person | None,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> ProgrammeRole:
    """Give a role from a day on (today by default)."""
    held = ProgrammeRole.objects.create(
        programme=programme, person=person, role=role, starts=starts or clock.today(programme.time_zone), ends=ends
    )
    journal.log(actor=by, verb=Verb.CREATED, target=held, subject=person, employer=programme.lead_employer)
    return held


def open_enrolment(*, programme: Programme, by: Person) -> None:
    """Agents may join from now on."""
    with PROGRAMME_MOVES.moving(programme, "open", by=by):
        pass
    journal.log(actor=by, verb=Verb.MOVED, target=programme, employer=programme.lead_employer)


@transaction.atomic
def add_cycle(*, programme: Programme, starts: dt.date, ends: dt.date, by: Person | None) -> Cycle:
    """The next cycle (promotion) of a programme."""
    _ordered(starts, ends)
    last = programme.cycles.order_by("number").last()
    if last and starts <= last.starts:
        raise DomainError("Un cycle commence après le début du cycle précédent.", field="starts")
    return Cycle.objects.create(programme=programme, number=last.number + 1 if last else 1, starts=starts, ends=ends)


@transaction.atomic
def declare_exercice(*, programme: Programme, name: str, starts: dt.date, ends: dt.date, by: Person | None) -> Exercice:
    """A reporting period; two of one programme never share a day (decision 33)."""
    _ordered(starts, ends)
    clash = programme.exercices.filter(starts__lte=ends, ends__gte=starts).first()
    if clash:
        raise DomainError(f"Ces dates recouvrent l’exercice « {clash.name} ».", field="starts")
    return Exercice.objects.create(programme=programme, name=name, starts=starts, ends=ends)


def _ordered(starts: dt.date, ends: dt.date) -> None:
    if ends <= starts:
        raise DomainError("La fin doit venir après le début.", field="ends")


def start_step(*, step: Step, by: Person) -> None:
    """Steps may overlap: only « ouvrir les inscriptions » and the first meeting are gates (field.md 3)."""
    with STEP_MOVES.moving(step, "start", by=by) as fresh:
        fresh.started_on = clock.today(step.programme.time_zone)


def pass_step(*, step: Step, by: Person, reason: str = "") -> None:
    """Cross a step. With essential lines still open, a reason is asked; it goes into the report's deviations."""
    left = missing_lines(step)
    if left and not reason.strip():
        raise DomainError(
            f"Il reste {len(left)} ligne{'s' if len(left) > 1 else ''} à cocher. Écrivez en une phrase pourquoi vous "
            "franchissez l’étape maintenant.",
            field="reason",
        )
    with STEP_MOVES.moving(step, "pass", by=by) as fresh:
        today = clock.today(step.programme.time_zone)
        fresh.started_on = fresh.started_on or today
        fresh.passed_on, fresh.reason = today, reason.strip() if left else ""
        if left:
            lines = count_in_words(len(left), "ligne encore ouverte", "lignes encore ouvertes")
            what = f"Étape {step.number} franchie avec {lines}"
            gates.record_deviation(programme=step.programme, what=what, reason=reason, by=by)


def reopen_step(*, step: Step, by: Person) -> None:
    with STEP_MOVES.moving(step, "reopen", by=by) as fresh:
        fresh.passed_on, fresh.reason = None, ""


def missing_lines(step: Step) -> list[StepLine]:
    """Essential lines of the step not ticked yet."""
    done = step.ticks.values("line")
    return list(StepLine.objects.filter(definition=step.definition_id, essential=True).exclude(pk__in=done))


@transaction.atomic
def set_ticks(*, step: Step, lines: list[StepLine], by: Person) -> None:
    """The ticked lines of a step are exactly `lines`; a line keeps the name and date of its first tick."""
    if step.state == StepState.PASSED:
        raise DomainError("Cette étape est franchie. Rouvrez-la pour changer ses lignes.")
    step.ticks.exclude(line__in=lines).delete()
    already = set(step.ticks.values_list("line_id", flat=True))
    StepTick.objects.bulk_create(
        StepTick(step=step, line=line, by=by, at=clock.now()) for line in lines if line.pk not in already
    )
