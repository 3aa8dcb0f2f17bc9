"""Creating a programme; its cycles, reporting periods and roles. Steps: services/steps.py; opening: services/opening.py."""

import datetime as dt

from django.db import transaction

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person
from portal.services import journal
from programmes.enums import ProgrammeRoleKind, ProgrammeState, ProgrammeTemplate
from programmes.models import Cycle, Exercice, Programme, ProgrammeRole
from programmes.services import steps, templates


@transaction.atomic
def create_programme(
    *,
    slug: str,
    name: str,
    employer: Employer,
    starts: dt.date,
    by: Person | None,
    template: ProgrammeTemplate = ProgrammeTemplate.PAIR,
    state: ProgrammeState = ProgrammeState.PREPARING,
    **settings,
) -> Programme:
    """A programme with its six steps planned from `starts`; `by`, if any, becomes its référent.

    `settings`: fields of Programme that replace those of the template (perimeters, forms, cycle_months…).
    """
    if Programme.objects.filter(slug=slug).exists():
        raise DomainError("Cette adresse courte est déjà prise : choisissez-en une autre.", field="slug")
    model = templates.get(template)
    programme = Programme.objects.create(
        slug=slug,
        name=name,
        lead_employer=employer,
        starts=starts,
        template=template,
        state=state,
        **{**model.settings, **{key: value for key, value in settings.items() if value not in (None, [], "")}},
    )
    steps.lay_out(programme=programme, weeks=model.weeks)
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
