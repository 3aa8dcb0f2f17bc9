"""Walking the six steps: what is to be done, what is done, what the data say, and passing on (domain.md c, field R23)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max, Prefetch, Q, QuerySet

from portal import clock
from portal.dates import count_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.registry import CRITERION, Criterion, gather
from portal.services import journal
from portal.services.versions import save_if_unchanged
from portal.workflow import Move, Moves
from programmes.enums import ItemState, LineKind, StepState
from programmes.models import Programme, Step, StepDefinition, StepItem, StepLine
from programmes.services import gates, templates

MOVES = Moves(
    Step,
    [
        Move("start", (StepState.TO_COME,), StepState.CURRENT, "Cette étape a déjà commencé."),
        Move("pass", (StepState.CURRENT,), StepState.PASSED, "Cette étape n’est pas en cours."),
        Move("reopen", (StepState.PASSED,), StepState.CURRENT, "Cette étape n’est pas franchie."),
    ],
)
OPEN = (ItemState.TO_DO, ItemState.DOING)
LOCKED = "Cette étape est franchie. Rouvrez-la pour la modifier."


@dataclass(frozen=True)
class ReadLine:
    """A line that the portal reads from the data, as it stands now."""

    line: StepLine
    met: bool
    said: str


# --- Laying out and planning ----------------------------------------------------------------------------------------
@transaction.atomic
def lay_out(*, programme: Programme, weeks: Iterable[tuple[int, int]]) -> None:
    """The six steps of a new programme with a row for each line that somebody will do or tick."""
    planned = dict(enumerate(weeks, start=1))
    day = programme.starts
    rows = []
    for definition in StepDefinition.objects.all():
        first, last = planned[definition.pk]
        rows.append(
            Step(
                programme=programme,
                definition=definition,
                planned_from=day + dt.timedelta(weeks=first),
                planned_to=day + dt.timedelta(weeks=last + 1, days=-1),
            )
        )
    by_number = {step.definition_id: step for step in Step.objects.bulk_create(rows)}
    lines = StepLine.objects.filter(computed=False).exclude(kind=LineKind.WATCH)
    StepItem.objects.bulk_create(_item(by_number[line.definition_id], line) for line in lines)


def _item(step: Step, line: StepLine) -> StepItem:
    return StepItem(
        step=step,
        line=line,
        kind=line.kind,
        label=line.label,
        essential=line.essential,
        co_construction=line.co_construction,
        position=line.position,
        due_on=step.planned_to if line.essential else None,
    )


@transaction.atomic
def plan(*, step: Step, starts: dt.date, ends: dt.date, by: Person) -> None:
    """The dates a step is planned for; its open lines that were due on the last day follow that day."""
    if ends < starts:
        raise DomainError("La fin vient après le début.", field="ends")
    follow = step.items.filter(due_on=step.planned_to, state__in=OPEN)
    follow.update(due_on=ends, version=F("version") + 1)
    Step.objects.filter(pk=step.pk).update(planned_from=starts, planned_to=ends, version=F("version") + 1)
    journal.log(actor=by, verb=Verb.CHANGED, target=step, employer=step.programme.lead_employer)


# --- Reading --------------------------------------------------------------------------------------------------------
def read_lines(step: Step) -> list[ReadLine]:
    """The lines of a step that the data answer, in order; what nobody can read yet is not met."""
    answers: dict[str, Criterion] = {answer.code: answer for answer in gather(CRITERION, step)}
    unknown = "pas encore de donnée"
    return [
        ReadLine(line, answers[line.pk].met, answers[line.pk].said)
        if line.pk in answers
        else ReadLine(line, False, unknown)
        for line in StepLine.objects.filter(definition=step.definition_id, computed=True)
    ]


def late_items(programme: Programme) -> QuerySet[StepItem]:
    """Actions whose day has gone by, oldest first. In a step not begun, only those that somebody already holds."""
    today = clock.today(programme.time_zone)
    rows = StepItem.objects.filter(step__programme=programme, state__in=OPEN, due_on__lt=today)
    begun = Q(step__state=StepState.CURRENT) | Q(step__state=StepState.TO_COME, owner__isnull=False)
    return rows.filter(begun).select_related("step", "owner").order_by("due_on", "pk")


def missing(step: Step, read: list[ReadLine] | None = None) -> list[str]:
    """What a passage needs a reason for: essential lines, and exit criteria unless they are advice.

    A pilot is passed with the essential lines alone (field R23). `read`: the lines read, when the caller has them.
    """
    whole = not templates.get(step.programme.template).essential_only

    def counts(line: StepLine) -> bool:
        return line.essential or (whole and line.kind == LineKind.CRITERION and not line.advice)

    open_items = step.items.filter(state__in=OPEN).exclude(line=None)
    left = [item.label for item in open_items.select_related("line") if counts(item.line)]
    read = read_lines(step) if read is None else read
    return left + [row.line.label for row in read if not row.met and counts(row.line)]


def team(programme: Programme, kept: int | None = None) -> QuerySet[Person]:
    """Who may hold an action: people with a role today (`held`, the roles) and the one who holds it already, `kept`."""
    held = programme.roles.on(clock.today(programme.time_zone))
    people = Person.objects.filter(Q(pk__in=held.values("person")) | Q(pk=kept)).order_by("given", "family", "pk")
    return people.prefetch_related(Prefetch("programme_roles", held.order_by("pk"), to_attr="held"))


# --- Doing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_state(*, items: Iterable[StepItem], state: ItemState, by: Person) -> None:
    """Move items of one programme; done keeps the name and date of the first time it was said."""
    for item in items:
        if item.step.state == StepState.PASSED:
            raise DomainError(LOCKED)
        if item.state == state:
            continue
        done = state == ItemState.DONE
        StepItem.objects.filter(pk=item.pk).update(
            state=state,
            done_on=clock.today(item.step.programme.time_zone) if done else None,
            done_by=by if done else None,
            version=item.version + 1,
        )
        journal.log(actor=by, verb=Verb.MOVED, target=item, employer=item.step.programme.lead_employer)


@transaction.atomic
def set_done(*, step: Step, done: Iterable[StepItem], among: Iterable[StepItem], by: Person) -> None:
    """Of the items in `among`, exactly those in `done` are done."""
    wanted = {item.pk for item in done}
    set_state(items=[item for item in among if item.pk in wanted], state=ItemState.DONE, by=by)
    undone = [item for item in among if item.pk not in wanted and item.state == ItemState.DONE]
    set_state(items=undone, state=ItemState.TO_DO, by=by)


@transaction.atomic
def change_item(
    *, item: StepItem, seen: int, owner: Person | None, due_on: dt.date | None, by: Person, state: ItemState = ""
) -> None:
    """Who does it, for when and, if said, where it stands. Raises Conflict when somebody else changed it meanwhile."""
    if item.step.state == StepState.PASSED:
        raise DomainError(LOCKED)
    item.owner, item.due_on = owner, due_on
    save_if_unchanged(item, seen=seen, fields=["owner", "due_on"])
    if state:
        set_state(items=[item], state=state, by=by)
    journal.log(actor=by, verb=Verb.CHANGED, target=item, employer=item.step.programme.lead_employer)


@transaction.atomic
def add_action(
    *,
    step: Step,
    label: str,
    by: Person,
    owner: Person | None = None,
    due_on: dt.date | None = None,
    co_construction: bool = False,
    watched: str = "",
) -> StepItem:
    """An action of the team's own, after those of the method. `watched`: what the dashboard says of it already."""
    if not label.strip():
        raise DomainError("Dites en quelques mots ce qui est à faire.", field="label")
    if step.state == StepState.PASSED:
        raise DomainError(LOCKED)
    last = step.items.aggregate(last=Max("position"))["last"] or 0
    item = StepItem.objects.create(
        step=step,
        label=label.strip(),
        position=last + 1,
        owner=owner,
        due_on=due_on,
        co_construction=co_construction,
        watched=watched,
    )
    journal.log(actor=by, verb=Verb.CREATED, target=item, employer=step.programme.lead_employer)
    return item


# --- Passing on -----------------------------------------------------------------------------------------------------
def start_step(*, step: Step, by: Person) -> None:
    """Steps may overlap: only « ouvrir les inscriptions » and the first meeting are gates (field.md 3)."""
    with MOVES.moving(step, "start", by=by) as fresh:
        fresh.started_on = clock.today(step.programme.time_zone)


def pass_step(*, step: Step, by: Person, reason: str = "") -> None:
    """Cross a step. With lines still open, a reason is asked; it goes into the report's deviations."""
    left = missing(step)
    if left and not reason.strip():
        some = " ; ".join(left[:3]) + (" …" if len(left) > 3 else "")
        raise DomainError(
            f"Il reste {count_in_words(len(left), 'ligne')} ({some}). Écrivez en une phrase pourquoi vous franchissez "
            "l’étape maintenant.",
            field="reason",
        )
    with MOVES.moving(step, "pass", by=by) as fresh:
        today = clock.today(step.programme.time_zone)
        fresh.started_on = fresh.started_on or today
        fresh.passed_on, fresh.reason = today, reason.strip() if left else ""
        if left:
            lines = count_in_words(len(left), "ligne encore ouverte", "lignes encore ouvertes")
            what = f"Étape {step.number} franchie avec {lines}"
            gates.record_deviation(programme=step.programme, what=what, reason=reason, by=by)


def reopen_step(*, step: Step, by: Person) -> None:
    with MOVES.moving(step, "reopen", by=by) as fresh:
        fresh.passed_on, fresh.reason = None, ""
