"""Dates of a programme in one place: planned and real, turning points, what comes, what is late."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from portal import clock
from portal.charts import Lane, Lanes, Span, lanes
from portal.dates import count_in_words, day_in_words
from portal.registry import MILESTONE, Event, Milestone, gather
from portal.workflow import history
from programmes.enums import SessionState, StepState
from programmes.models import Programme, Step, StepItem
from programmes.services import training_places
from programmes.services.steps import OPEN, late_items


@dataclass(frozen=True)
class Late:
    """An action, or something awaited, whose day has gone by."""

    label: str
    due_on: dt.date
    days: int
    url: str
    owner: str = ""
    step: int = 0
    subject: str = ""


def late(programme: Programme) -> list[Late]:
    """Late actions, and impact assessments still awaited, oldest first."""
    today, slug = clock.today(programme.time_zone), programme.slug
    rows = [
        Late(
            item.label,
            item.due_on,
            (today - item.due_on).days,
            reverse("programmes:step_item", args=[slug, item.step.number, item.ref]),
            item.owner.short_name if item.owner else "",
            item.step.number,
            item.watched,
        )
        for item in late_items(programme)
    ]
    awaited = programme.impact_assessments.filter(validated_on__isnull=True, due_on__lt=today)
    url = reverse("programmes:assessments", args=[slug])
    rows += [
        Late("Analyse d’impact (AIPD) attendue", row.due_on, (today - row.due_on).days, url, step=3) for row in awaited
    ]
    return sorted(rows, key=lambda row: row.due_on)


def gates(programme: Programme) -> list[Milestone]:
    """« Ouvrir les inscriptions », and the turning points of later apps (the first meeting)."""
    opened = history(programme).filter(move="open").order_by("at").first()
    on = opened.at.astimezone(clock.ZoneInfo(programme.time_zone)).date() if opened else None
    return sorted([Milestone("Ouverture des inscriptions", on, 10), *gather(MILESTONE, programme)], key=_rank)


def _rank(milestone: Milestone) -> int:
    return milestone.rank


# --- What comes -----------------------------------------------------------------------------------------------------
def coming(programme: Programme, first: dt.date, last: dt.date) -> list[Event]:
    """CALENDAR hook of the frame: ends and beginnings of steps, actions due, cycles, training."""
    slug, between = programme.slug, (first, last)
    events = []
    for step in programme.steps.exclude(state=StepState.PASSED).select_related("definition"):
        url, name = reverse("programmes:step", args=[slug, step.number]), f"étape {step.number}"
        if step.state == StepState.TO_COME and step.planned_from and first <= step.planned_from <= last:
            label = f"Début prévu de l’{name}"
            events.append(Event(f"step-{step.ref}-start", step.planned_from, label, f"début prévu de l’{name}", url))
        if step.planned_to and first <= step.planned_to <= last:
            label = f"Fin prévue de l’{name}"
            events.append(Event(f"step-{step.ref}-end", step.planned_to, label, f"fin prévue de l’{name}", url))
    due = StepItem.objects.filter(step__programme=programme, state__in=OPEN, due_on__range=between)
    for item in due.exclude(step__state=StepState.PASSED).select_related("step"):
        url = reverse("programmes:step_item", args=[slug, item.step.number, item.ref])
        neutral = f"une action de l’étape {item.step.number} à terminer"
        events.append(Event(f"item-{item.ref}", item.due_on, f"À terminer : {item.label}", neutral, url))
    url = reverse("programmes:calendar", args=[slug])
    for cycle in programme.cycles.filter(Q(starts__range=between) | Q(ends__range=between)):
        for what, day in (("début", cycle.starts), ("fin", cycle.ends)):
            if first <= day <= last:
                label = f"{what} du cycle {cycle.number}"
                events.append(Event(f"cycle-{cycle.ref}-{what}", day, label.capitalize(), label, url))
    for row in programme.training_sessions.filter(on__range=between, state=SessionState.PLANNED).select_related(
        "programme__lead_employer"
    ):
        url = reverse("programmes:training_session", args=[slug, row.ref])
        events.append(training_places.event(row, label="Séance de formation", url=url))
    return events


# --- The chart ------------------------------------------------------------------------------------------------------
def every_step(programme: Programme) -> list[Step]:
    return list(programme.steps.select_related("definition"))


def chart(programme: Programme, steps: list[Step], overdue: list[Late], turning: list[Milestone]) -> Lanes | None:
    """Planned above, real below, late actions as marks, the two gates, the cycles."""
    today = clock.today(programme.time_zone)
    rows = [_step_lane(step, [row.due_on for row in overdue if row.step == step.number], today) for step in steps]
    rows += [
        Lane(row.label if row.on else f"{row.label} : à venir", marks=(row.on,) if row.on else (), mark="gate")
        for row in turning
    ]
    cycles = list(programme.cycles.all())
    if cycles:
        rows.append(Lane("Cycles", tuple(Span(cycle.starts, cycle.ends, "cycle") for cycle in cycles)))
    return lanes(_said(steps, overdue), rows, today)


def _step_lane(step: Step, marks: list[dt.date], today: dt.date) -> Lane:
    spans = []
    if step.planned_from and step.planned_to:
        spans.append(Span(step.planned_from, step.planned_to, "planned"))
    if step.started_on:
        spans.append(Span(step.started_on, step.passed_on or today, "real"))
    return Lane(f"{step.number}. {step.definition.title}", tuple(spans), tuple(marks))


def _said(steps: list[Step], overdue: list[Late]) -> str:
    states = " ; ".join(f"étape {step.number}, {real_in_words(step)}" for step in steps)
    return f"Calendrier des six étapes : {states}. {count_in_words(len(overdue), 'retard')}."


def planned_in_words(step: Step) -> str:
    if not (step.planned_from and step.planned_to):
        return "sans date"
    return _period(step.planned_from, step.planned_to)


def real_in_words(step: Step) -> str:
    if step.state == StepState.PASSED:
        begun = _period(step.started_on, step.passed_on) if step.started_on else day(step.passed_on)
        return f"{begun} (franchie)"
    return f"depuis le {day(step.started_on)}" if step.started_on else "à venir"


def _period(starts: dt.date, ends: dt.date) -> str:
    return f"du {day(starts)} au {day(ends)}"


def day(value: dt.date) -> str:
    return day_in_words(value, weekday=False)
