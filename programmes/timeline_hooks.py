"""What steps and dates show elsewhere: things to do of the team, dated things of a programme."""

import datetime as dt

from django.urls import reverse

from portal import clock, registry
from portal.dates import count_in_words, day_in_words
from portal.models import Person
from portal.registry import Todo
from programmes.enums import StepState
from programmes.models import Programme, Step, StepItem
from programmes.services import steps, timeline

# More than that are said in one line.
SHOWN = 3
SOON = dt.timedelta(days=14)


def todo(person: Person, programme: Programme) -> list[Todo]:
    return [*_late(programme), *_mine(person, programme), *_ways_on(programme)]


def _late(programme: Programme) -> list[Todo]:
    rows = timeline.late(programme)
    if len(rows) > SHOWN:
        url = reverse("programmes:timeline", args=[programme.slug]) + "#retards"
        return [Todo(f"{len(rows)} actions sont en retard", url, "Voir les retards", 15)]
    return [_overdue(row) for row in rows]


def _overdue(row: timeline.Late) -> Todo:
    words = f"{count_in_words(row.days, 'jour')} de retard"
    return Todo(f"{row.label} : {words}", row.url, "Ouvrir", 15, row.subject, words)


def _mine(person: Person, programme: Programme) -> list[Todo]:
    """Open actions in this person's name, due within a fortnight."""
    today = clock.today(programme.time_zone)
    rows = StepItem.objects.filter(step__programme=programme, owner=person, state__in=steps.OPEN)
    rows = list(
        rows.filter(due_on__range=(today, today + SOON))
        .exclude(step__state=StepState.PASSED)
        .select_related("step")
        .order_by("due_on", "pk")
    )
    if len(rows) > SHOWN:
        url = reverse("programmes:timeline", args=[programme.slug]) + "#a-votre-nom"
        return [Todo(f"{len(rows)} actions à votre nom sont pour bientôt", url, "Les voir", 35)]
    return [
        Todo(
            f"{row.label}, à votre nom, pour le {day_in_words(row.due_on, weekday=False)}",
            reverse("programmes:step_item", args=[programme.slug, row.step.number, row.ref]),
            "Ouvrir",
            35,
            row.watched,
            f"pour le {day_in_words(row.due_on, weekday=False)}",
        )
        for row in rows
    ]


def _ways_on(programme: Programme) -> list[Todo]:
    """Steps that nothing holds back any more, then the next one to begin."""
    rows = list(programme.steps.select_related("definition", "programme__lead_employer"))
    current = [step for step in rows if step.state == StepState.CURRENT]
    items = [
        Todo(f"L’étape {step.number} est prête : plus rien ne manque", _url(step), "La franchir", 45)
        for step in current
        if _ready(step)
    ]
    coming = next((step for step in rows if step.state == StepState.TO_COME), None)
    today = clock.today(programme.time_zone)
    if coming and (not current or (coming.planned_from and coming.planned_from <= today)):
        items.append(Todo(f"L’étape {coming.number} peut commencer", _url(coming), "La commencer", 50))
    return items


def _ready(step: Step) -> bool:
    """The data are read only when no essential line is left to tick."""
    waits = step.items.filter(essential=True, state__in=steps.OPEN)
    return not waits.exists() and not steps.missing(step)


def _url(step: Step) -> str:
    return reverse("programmes:step", args=[step.programme.slug, step.number]) + "#suite"


def register_all() -> None:
    registry.register(registry.TODO, todo)
    registry.register(registry.CALENDAR, timeline.coming)
