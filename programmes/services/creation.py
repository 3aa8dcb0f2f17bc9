"""From a template, or from a former programme, to a programme whose first cycle and exercice are laid out."""

import calendar
import datetime as dt

from django.db import transaction
from django.utils.text import slugify

from portal.models import Employer, Person
from programmes import letter_text, public_criteria
from programmes.enums import ContactKind, ProgrammeTemplate
from programmes.models import Contact, GateSetting, Objective, Programme, Seat, Site
from programmes.services import gates, rollout, templates
from programmes.services.settings import deviate, refuse_name

PROPOSED_NAME = "Entraide entre agents"
# Addresses of the portal under /pilotage/ that no programme may take.
RESERVED = {"nouveau"}
SETTINGS = (
    *("perimeters", "forms", "peers", "cycle_months", "target_helpers", "target_pairs"),
    *("questionnaires", "places_per_helper", "exclude_same_team", "wishes_on_presentations"),
)
FIRST_MEETING_STEP = 4


def prefilled(template: templates.Template) -> dict:
    """The value of each setting in a template; what it does not say is the model's own default."""
    return {name: template.settings.get(name, _default(name)) for name in SETTINGS}


def prefilled_from(former: Programme) -> dict:
    """The settings of a former programme, to be used again."""
    return {name: getattr(former, name) for name in SETTINGS}


def _default(name: str):
    return Programme._meta.get_field(name).get_default()


def slug_for(employer: Employer, name: str) -> str:
    """A short address from employer and name: free, and without any word of health for who looks over a shoulder."""
    words = f"{slugify(employer.neutral_name)}-{slugify(name)}".split("-")
    kept = [word for word in words if word and not letter_text.health_words(word)]
    base = "-".join(kept)[:50].strip("-") or "programme"
    if letter_text.health_words(base) or letter_text.health_words(base.replace("-", " ")):
        base = "programme"
    taken = RESERVED | set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in _numbered(base) if slug not in taken)


def _numbered(base: str):
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


@transaction.atomic
def create(
    *,
    employer: Employer,
    name: str,
    starts: dt.date,
    by: Person,
    template: str = ProgrammeTemplate.PAIR,
    former: Programme | None = None,
    **settings,
) -> Programme:
    """A programme ready to run: steps, first cycle, first exercice; from `former`, also what was written for it.

    `settings`: every one of SETTINGS. Raises DomainError on a name that says too much.
    """
    refuse_name(name)
    programme = rollout.create_programme(
        slug=slug_for(employer, name),
        name=name,
        employer=employer,
        starts=starts,
        by=by,
        template=former.template if former else template,
        **settings,
    )
    programme.target_helpers, programme.target_pairs = settings.get("target_helpers"), settings.get("target_pairs")
    programme.criteria = former.criteria if former else public_criteria.DEFAULT
    programme.words = former.words if former else {}
    programme.save(update_fields=["target_helpers", "target_pairs", "criteria", "words"])
    deviate(programme=programme, before=None, reason="Choix fait à la création du programme.", by=by)
    _first_dates(programme, by)
    if former:
        _take_over(programme, former, by)
    return programme


def _first_dates(programme: Programme, by: Person) -> None:
    """The first cycle begins when step 4 is planned to end; the first exercice is that cycle."""
    starts = programme.steps.get(definition=FIRST_MEETING_STEP).planned_to + dt.timedelta(days=1)
    ends = months_later(starts, programme.cycle_months) - dt.timedelta(days=1)
    cycle = rollout.add_cycle(programme=programme, starts=starts, ends=ends, by=by)
    rollout.declare_exercice(programme=programme, name=f"Cycle {cycle.number}", starts=starts, ends=ends, by=by)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def _take_over(programme: Programme, former: Programme, by: Person) -> None:
    """Gate settings, objectives, contacts, seats and sites: never people, participations, dates or documents.

    A relay of continuity is asked again: by itself it lets a programme open, and it agreed to the former one only.
    """
    reason = "Réglage repris d’un programme précédent."
    for setting in GateSetting.objects.filter(programme=former, rule__form__in=programme.forms).select_related("rule"):
        if gates.value(programme, setting.rule_id) != setting.value:
            gates.set_value(programme=programme, rule=setting.rule, value=setting.value, reason=reason, by=by)
    Objective.objects.bulk_create(
        Objective(programme=programme, position=row.position, text=row.text, measure=row.measure)
        for row in former.objectives.filter(dropped_on=None)
    )
    Contact.objects.bulk_create(
        Contact(programme=programme, kind=row.kind, name=row.name, phone=row.phone, email=row.email, hours=row.hours)
        for row in former.contacts.exclude(kind=ContactKind.RELAY)
    )
    Seat.objects.bulk_create(
        Seat(programme=programme, body=row.body, function=row.function) for row in former.seats.all()
    )
    Site.objects.bulk_create(Site(programme=programme, name=row.name, small=row.small) for row in former.sites.all())
