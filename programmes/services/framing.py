"""The framing of a programme: its sheet, what it promised and how that went, its plans, the maturity of its organisation."""

import datetime as dt

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes import maturity
from programmes.enums import Attainment
from programmes.models import (
    Anchor,
    Exercice,
    FramingSheet,
    MaturityReview,
    Objective,
    ObjectiveReview,
    Programme,
)

TEXTS = ("difficulties", "strengths", "stakes")
DROPPED = "Cet objectif est abandonné : il ne change plus."


# --- The sheet ------------------------------------------------------------------------------------------------------
def sheet_of(programme: Programme) -> FramingSheet:
    """The programme's sheet; an empty one, not stored, before anybody wrote it."""
    return FramingSheet.objects.filter(programme=programme).first() or FramingSheet(programme=programme)


@transaction.atomic
def save_sheet(*, programme: Programme, seen: int, by: Person, **texts: str) -> FramingSheet:
    """About the organisation only. `texts`: TEXTS. Raises Conflict when somebody else wrote meanwhile."""
    sheet, made = FramingSheet.objects.get_or_create(programme=programme)
    for name in TEXTS:
        setattr(sheet, name, texts.get(name, "").strip())
    sheet.changed_at = clock.now()
    save_if_unchanged(sheet, seen=sheet.version if made else seen, fields=[*TEXTS, "changed_at"])
    journal.log(actor=by, verb=Verb.CHANGED, target=sheet, employer=programme.lead_employer)
    return sheet


# --- Objectives -----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_objective(*, programme: Programme, text: str, measure: str, by: Person) -> Objective:
    """What is promised, and how one will know."""
    last = programme.objectives.aggregate(last=Max("position"))["last"] or 0
    objective = Objective.objects.create(
        programme=programme, position=last + 1, text=text.strip(), measure=measure.strip(), created_at=clock.now()
    )
    journal.log(actor=by, verb=Verb.CREATED, target=objective, employer=programme.lead_employer)
    return objective


@transaction.atomic
def change_objective(*, objective: Objective, seen: int, text: str, measure: str, by: Person) -> None:
    """Reword an objective nobody has read again yet: what a report says was promised stays what was promised."""
    if objective.dropped_on:
        raise DomainError(DROPPED)
    if objective.reviews.exists():
        raise DomainError("Cet objectif a déjà été relu dans un rapport : abandonnez-le et écrivez-en un autre.")
    objective.text, objective.measure = text.strip(), measure.strip()
    save_if_unchanged(objective, seen=seen, fields=["text", "measure"])
    journal.log(actor=by, verb=Verb.CHANGED, target=objective, employer=objective.programme.lead_employer)


@transaction.atomic
def drop_objective(*, objective: Objective, by: Person) -> None:
    """From today on; the report of the running exercice still says that it was promised, then dropped."""
    if objective.dropped_on:
        raise DomainError(DROPPED)
    objective.dropped_on = clock.today(objective.programme.time_zone)
    objective.save(update_fields=["dropped_on"])
    journal.log(actor=by, verb=Verb.CHANGED, target=objective, employer=objective.programme.lead_employer)


def promised(exercice: Exercice) -> QuerySet[Objective]:
    """Objectives set by the last day of the exercice, and not dropped before its first."""
    after = clock.noon(exercice.ends, exercice.programme.time_zone) + dt.timedelta(hours=12)
    kept = Q(dropped_on=None) | Q(dropped_on__gte=exercice.starts)
    return exercice.programme.objectives.filter(kept, created_at__lt=after)


def unread(exercice: Exercice) -> QuerySet[Objective]:
    """Promised, still held to, and not read again for this exercice."""
    return promised(exercice).filter(dropped_on=None).exclude(reviews__exercice=exercice)


@transaction.atomic
def review(*, exercice: Exercice, results: dict[Objective, tuple[str, str]], by: Person) -> None:
    """How far each objective was reached, and one sentence why: {objective: (attainment, why)}. Said again, it replaces."""
    if exercice.starts > clock.today(exercice.programme.time_zone):
        raise DomainError("Cet exercice n’a pas commencé.")
    for objective, (attainment, why) in results.items():
        if attainment not in Attainment.values:
            raise DomainError("Choisissez un résultat parmi les trois.")
        if not why.strip():
            raise DomainError("Dites en une phrase pourquoi, pour chaque objectif relu.")
        ObjectiveReview.objects.update_or_create(
            objective=objective,
            exercice=exercice,
            defaults={"attainment": attainment, "why": why.strip(), "at": clock.now()},
        )
        journal.log(actor=by, verb=Verb.DECIDED, target=objective, employer=exercice.programme.lead_employer)


# --- Plans and conventions ------------------------------------------------------------------------------------------
@transaction.atomic
def add_anchor(
    *,
    programme: Programme,
    plan: str,
    by: Person,
    reference: str = "",
    starts: dt.date | None = None,
    ends: dt.date | None = None,
    action_line: str = "",
) -> Anchor:
    """A plan or convention the programme is part of."""
    if starts and ends and ends < starts:
        raise DomainError("La fin vient après le début.", field="ends")
    anchor = Anchor.objects.create(
        programme=programme,
        plan=plan,
        reference=reference.strip(),
        starts=starts,
        ends=ends,
        action_line=action_line.strip(),
    )
    journal.log(actor=by, verb=Verb.CREATED, target=anchor, employer=programme.lead_employer)
    return anchor


@transaction.atomic
def remove_anchor(*, anchor: Anchor, by: Person) -> None:
    journal.log(actor=by, verb=Verb.CHANGED, target=anchor, employer=anchor.programme.lead_employer)
    anchor.delete()


def anchored(exercice: Exercice) -> QuerySet[Anchor]:
    """Plans that run on at least one day of the exercice; a plan without dates always does."""
    begun = Q(starts=None) | Q(starts__lte=exercice.ends)
    running = Q(ends=None) | Q(ends__gte=exercice.starts)
    return exercice.programme.anchors.filter(begun, running)


# --- Maturity -------------------------------------------------------------------------------------------------------
@transaction.atomic
def assess_maturity(*, programme: Programme, levels: dict[str, int], by: Person) -> MaturityReview:
    """0, 1 or 2 for each of the ten lines; every answer is kept with its date."""
    if levels.keys() != maturity.LINES.keys() or any(level not in (0, 1, 2) for level in levels.values()):
        raise DomainError("Répondez aux dix lignes.")
    row = MaturityReview.objects.create(programme=programme, levels=levels, by=by, at=clock.now())
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer)
    return row
