"""The continuity file of a handover: how the programme stands, for whoever comes. Nobody who takes part is in it.

Texts that the team typed are shown only when they hold no given or family name of a participant.
"""

import datetime as dt
import hashlib
import re
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F

from portal import clock
from portal.dates import day_in_words
from portal.enums import JobState
from portal.jobs import Progress, handler
from portal.models import Employer, Job, Person, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from portal.registry import CALENDAR, PUBLISHED, gather
from portal.services import documents, jobs
from portal.services.uploads import PDF
from portal.words import sort_key
from programmes.enums import Form, ItemState, Perimeter, SessionState
from programmes.models import GateRule, Handover, Programme, StepItem
from programmes.services import charter, gates, team
from programmes.services.agenda import AHEAD

KIND = "programmes.continuity"
BODY = "programmes/continuity_body.html"
MASKED = "(texte masqué : il contient un prénom ou un nom d’une personne qui participe)"


class Mask:
    """Replaces a text in which a word is the name of somebody who takes part, or took part."""

    def __init__(self, programme: Programme) -> None:
        people = Person.objects.filter(participations__programme=programme).distinct()
        self.people = set(people.values_list("pk", flat=True))
        self.names = {
            sort_key(name) for pair in people.values_list("given", "family") for name in pair if len(name.strip()) > 1
        }

    def text(self, text: str) -> str:
        words = f" {' '.join(re.findall(r'[a-z0-9]+', sort_key(text)))} "
        return MASKED if any(f" {name} " in words for name in self.names) else text

    def person(self, person: Person | None) -> str:
        """Somebody of the team, unless they take part too."""
        if person is None:
            return "à confier"
        return "une personne de l’équipe" if person.pk in self.people else person.short_name


@dataclass(frozen=True)
class Section:
    """`rows`: lists of cells under `columns`; `empty`: what is said instead."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    empty: str


@dataclass(frozen=True)
class ContinuityFile:
    """What the template reads, page and print alike."""

    employer: Employer
    programme: Programme
    leaver: str
    successor: str
    on: dt.date
    as_of: dt.date
    sections: list[Section]
    print: bool = False

    title = "Dossier de continuité"
    page_title = title

    @property
    def period(self) -> str:
        return f"au {day_in_words(self.as_of, weekday=False)}"

    @property
    def digest(self) -> str:
        """Changes when anything in the file does."""
        parts = [self.leaver, self.successor, self.period, str(self.on), str([asdict(row) for row in self.sections])]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def file_of(row: Handover, *, print: bool = False) -> ContinuityFile:
    """The file as the programme stands now."""
    programme = row.programme
    mask = Mask(programme)
    sections = [
        _programme(programme),
        _steps(programme, mask),
        _actions(programme, mask),
        _calendar(programme),
        _team(programme, mask),
        _seats(programme, mask),
        _contacts(programme, mask),
        _texts(programme, mask),
        _settings(programme),
        _deviations(programme, mask),
        _published(programme, mask),
    ]
    return ContinuityFile(
        employer=programme.lead_employer,
        programme=programme,
        leaver=row.leaver.short_name if row.leaver else "personne partie",
        successor=row.successor.short_name if row.successor else "pas encore de remplaçant·e",
        on=row.on,
        as_of=clock.today(programme.time_zone),
        sections=sections,
        print=print,
    )


def _day(day: dt.date | None) -> str:
    return day_in_words(day, weekday=False) if day else "sans date"


def _programme(programme: Programme) -> Section:
    opened = [Form(form).label for form in programme.open_forms]
    rows = [
        ["Début", _day(programme.starts)],
        ["Pour qui", ", ".join(Perimeter(code).label for code in programme.perimeters)],
        ["Formes de soutien", ", ".join(Form(form).label for form in programme.forms)],
        ["Formes ouvertes aux demandes", ", ".join(opened) or "aucune"],
    ]
    return Section("Le programme", ["Rubrique", "Ce qu’il en est"], rows, "")


def _steps(programme: Programme, mask: Mask) -> Section:
    rows = []
    for step in programme.steps.select_related("definition"):
        when = step.passed_on or step.started_on or step.planned_from
        said = f"{step.get_state_display()}, {_day(when)}"
        reason = f"{said}. Raison : {mask.text(step.reason)}" if step.reason else said
        rows.append([f"{step.number}. {step.definition.title}", reason])
    return Section("Les six étapes", ["Étape", "Où elle en est"], rows, "Aucune étape.")


def _actions(programme: Programme, mask: Mask) -> Section:
    """Started steps only: what is open there is what waits for the successor."""
    items = StepItem.objects.filter(step__programme=programme, step__started_on__isnull=False)
    items = items.exclude(state__in=[ItemState.DONE, ItemState.DROPPED]).filter(step__passed_on__isnull=True)
    rows = [
        [item.label if item.line_id else mask.text(item.label), mask.person(item.owner), _day(item.due_on)]
        for item in items.select_related("owner", "step").order_by(
            F("due_on").asc(nulls_last=True), "step__definition", "pk"
        )
    ]
    return Section("Actions ouvertes", ["Action", "Qui", "Pour le"], rows, "Aucune action ouverte.")


def _calendar(programme: Programme) -> Section:
    """Kinds and days of what is planned, supervision dates included: no place, no guest, nothing of one pair."""
    today = clock.today(programme.time_zone)
    dated = [(row.starts, f"Début du cycle {row.number}") for row in programme.cycles.filter(starts__gte=today)]
    dated += [(row.ends, f"Fin du cycle {row.number}") for row in programme.cycles.filter(ends__gte=today)]
    dated += [(row.ends, "Fin d’un exercice") for row in programme.exercices.filter(ends__gte=today)]
    planned = SessionState.PLANNED
    dated += [
        (row.on, "Séance de formation") for row in programme.training_sessions.filter(on__gte=today, state=planned)
    ]
    dated += [
        (row.on, row.get_kind_display().capitalize()) for row in programme.outreach.filter(on__gte=today, state=planned)
    ]
    zone = clock.ZoneInfo(programme.time_zone)
    dated += [
        (event.on.astimezone(zone).date(), event.label)
        for event in gather(CALENDAR, programme, today, today + AHEAD)
        if event.collective
    ]
    dated += [
        (row.starts_at.astimezone(zone).date(), row.get_kind_display().capitalize())
        for row in programme.gatherings.filter(starts_at__gte=clock.now(), state=planned)
    ]
    dated += [
        (row.due_on, "Analyse d’impact (AIPD) attendue")
        for row in programme.impact_assessments.filter(validated_on=None)
        if row.due_on
    ]
    rows = [[_day(day), what] for day, what in sorted(dated)]
    return Section("Calendrier", ["Jour", "Quoi"], rows, "Rien n’est daté.")


def _team(programme: Programme, mask: Mask) -> Section:
    held, _ = team.roles_of(programme)
    rows = [[row.get_role_display(), mask.person(row.person), _day(row.starts)] for row in held]
    return Section("Équipe", ["Rôle", "Qui", "Depuis le"], rows, "Personne.")


def _seats(programme: Programme, mask: Mask) -> Section:
    rows = [
        [seat.get_body_display(), seat.get_function_display(), mask.text(seat.name) or "sans nom"]
        for seat in programme.seats.all()
    ]
    return Section("Sièges", ["Instance", "Au titre de", "Nom"], rows, "Aucun siège.")


def _contacts(programme: Programme, mask: Mask) -> Section:
    rows = [
        [
            row.get_kind_display(),
            mask.text(row.name),
            " · ".join(filter(None, [row.phone, mask.text(row.email), row.hours])),
        ]
        for row in team.contacts_of(programme)
    ]
    return Section("Contacts", ["Qui", "Service ou nom", "Comment"], rows, "Aucun contact.")


def _texts(programme: Programme, mask: Mask) -> Section:
    version = charter.current(programme)
    rows = [["Charte", f"version {version.number}", _day(version.in_force_on)]] if version else []
    for row in programme.impact_assessments.all():
        forms = ", ".join(Form(form).label for form in row.forms)
        said = f"validée, à relire le {_day(row.review_on)}" if row.validated_on else "demandée, pas encore validée"
        rows.append([f"Analyse d’impact : {forms}", said, _day(row.validated_on or row.asked_on)])
    return Section("Textes en vigueur", ["Texte", "État", "Date"], rows, "Aucun texte en vigueur.")


def _settings(programme: Programme) -> Section:
    own = programme.gate_settings.select_related("rule").order_by("rule__position")
    rows = [[row.rule.label, gates.in_words(row.rule, row.value), _default(row.rule)] for row in own]
    return Section(
        "Réglages du cadre", ["Condition", "Ici", "Valeur habituelle"], rows, "Les valeurs habituelles, partout."
    )


def _default(rule: GateRule) -> str:
    return gates.in_words(rule, rule.default)


def _deviations(programme: Programme, mask: Mask) -> Section:
    rows = [
        [_day(clock.day_of(row.at, programme.time_zone)), mask.text(row.what), mask.text(row.reason)]
        for row in programme.deviations.all()
    ]
    return Section("Écarts au cadre", ["Date", "Écart", "Raison"], rows, "Aucun écart.")


def _published(programme: Programme, mask: Mask) -> Section:
    rows = [[mask.text(line)] for line in gather(PUBLISHED, programme)]
    return Section("Chiffres publiés", ["Publication"], rows, "Aucune publication.")


# --- The PDF --------------------------------------------------------------------------------------------------------
def job_of(row: Handover) -> Job | None:
    return Job.objects.filter(kind=KIND, object_ref=row.ref).first()


def running(row: Handover) -> bool:
    job = job_of(row)
    return bool(job) and not job.finished


def document_of(row: Handover) -> StoredDocument | None:
    """The last PDF made, if any."""
    return Handover.objects.select_related("document").get(pk=row.pk).document


@transaction.atomic
def request(*, row: Handover) -> Job:
    """Have the file made as things stand; the same content is made once."""
    key = f"continuity:{row.ref}:{file_of(row).digest}"
    if not StoredDocument.objects.filter(key=key).exists():
        Job.objects.filter(key=key, state=JobState.DONE).delete()  # a PDF since replaced, as it is again today
    job = jobs.enqueue(kind=KIND, key=key, object_ref=row.ref)
    if job.state == JobState.FAILED:
        jobs.retry(job=job)
        job.refresh_from_db()
    return job


@handler(KIND)
def make(job: Job, progress: Progress) -> None:
    """Render, store, and let the former PDF go; run twice, it leaves one document."""
    rows = Handover.objects.select_related("programme__lead_employer", "leaver", "successor", "document")
    row = rows.filter(ref=job.object_ref).first()
    if row is None:
        return
    progress.step(1, 3)
    file = file_of(row, print=True)
    data = render_pdf(in_print_shell(file, BODY, file.employer.accent))
    progress.step(2, 3)
    document = documents.store(
        key=job.key,
        kind=KIND,
        label=f"{file.title} {file.period}",
        filename=f"continuite-{row.programme.slug}.pdf",
        employer=file.employer,
        data=data,
        media_type=PDF,
        object_ref=row.ref,
    )
    Handover.objects.filter(pk=row.pk).update(document=document)
    for old in StoredDocument.objects.filter(kind=KIND, object_ref=row.ref).exclude(pk=document.pk):
        documents.delete(document=old)
