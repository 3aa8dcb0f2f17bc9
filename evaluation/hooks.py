"""What evaluation shows on pages of earlier apps: links to reports and surveys, and what there is to do about them."""

from django.urls import reverse

from evaluation import retention
from evaluation.access import results_visible_to
from evaluation.enums import Moment, WaveRoleKind, WaveState
from evaluation.indicators import CATALOGUE
from evaluation.models import Release, StatLink, Wave, WaveInvitation, WaveRole
from evaluation.services import baseline, hot, parts, waves
from evaluation.services.exercices import is_closed
from portal import clock, registry
from portal.dates import day_in_words
from portal.local_day import local_day
from portal.models import Employer, Person
from portal.navigation import Space
from portal.registry import Card, Criterion, DataSet, Link, Records, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import EVALUATE
from programmes.models import Programme, Step

RESULTS_DAYS = 45


def navigation(space: Space) -> list[Link]:
    if space.key == "agent":
        return [Link("Mes enquêtes", reverse("evaluation:my_surveys"), 40)]
    if space.key == "pilotage" and isinstance(space.context, Programme):
        links = [Link("Rapports", reverse("evaluation:reports", args=[space.context.slug]), 41, EVALUATE)]
        if ProgrammeRoleKind.REFERENT in space.roles:
            links.append(Link("Enquêtes", reverse("evaluation:surveys", args=[space.context.slug]), 40, EVALUATE))
        return links
    if space.key == "hr" and isinstance(space.context, Employer):
        return [Link("Rapports annuels", reverse("evaluation:hr_reports", args=[space.context.slug]), 20)]
    return []


def todo(person: Person, programme: Programme) -> list[Todo]:
    """For the team: a closed exercice without a report, then a report the participants have not read yet."""
    url = reverse("evaluation:reports", args=[programme.slug])
    items = []
    for exercice in programme.exercices.prefetch_related("releases"):
        releases = list(exercice.releases.all())
        if not releases and is_closed(exercice):
            items.append(Todo(f"Le rapport « {exercice.name} » peut être établi", url, "Établir le rapport", 45))
        elif releases and not any(release.restituted_on for release in releases):
            items.append(Todo(f"Le rapport « {exercice.name} » est à restituer aux participants", url, "Voir", 46))
    if ProgrammeRoleKind.REFERENT in programme_roles(person, programme):
        items += _surveys_todo(programme)
    return items


def _surveys_todo(programme: Programme) -> list[Todo]:
    """For the latest cycle: a departure survey to open or to replace; a wave whose last day has passed."""
    url = reverse("evaluation:surveys", args=[programme.slug])
    items = []
    cycle = programme.cycles.order_by("number").last()
    if cycle and cycle.starts <= clock.today(programme.time_zone) + clock.dt.timedelta(days=30):
        cycle.programme = programme
        now = waves.standing(cycle, Moment.T0)
        if now.may_open or (now.may_talk and now.people):
            items.append(Todo(f"L’enquête de départ du cycle {cycle.number} est à proposer", url, "Voir", 28))
    over = programme.waves.filter(state=WaveState.OPEN, closes_on__lt=clock.today(programme.time_zone))
    items += [Todo("Une enquête est à clore", url, "Clore", 27) for _ in over]
    return items


def cards(person: Person) -> list[Card]:
    """The same card for everybody until the last day: nobody knows who answered. Then what is to be done for a wave."""
    url = reverse("evaluation:my_surveys")
    asked = [
        Card(
            row.wave.questionnaire.title,
            f"{_length(row.wave)}, jusqu’au {day_in_words(row.wave.closes_on)}. Si vous avez déjà répondu, tout est fait : "
            "ce message reste le même pour tout le monde.",
            url,
            "Voir",
            rank=25,
        )
        for row in waves.open_invitations(person)
    ]
    todo = {WaveRoleKind.TYPIST: "Saisir les réponses sur papier", WaveRoleKind.READER: "Lire les réponses libres"}
    return (
        _results(person)
        + asked
        + [
            Card(todo[part.role], f"{part.wave.questionnaire.title}, {part.wave.programme.name}.", url, "Voir", rank=26)
            for part in parts.of(person)
        ]
    )


def _length(wave: Wave) -> str:
    return f"Quatre questions sur ce temps : {wave.about}" if wave.about else "Cinq minutes"


def _results(person: Person) -> list[Card]:
    """For some weeks, what the participants read before RH."""
    since = local_day("programme__lead_employer", -RESULTS_DAYS)
    rows = results_visible_to(person).filter(shared_on__gte=since).select_related("exercice", "programme")
    return [
        Card(
            "Les résultats sont là",
            f"{row.programme.name}, {row.exercice.name}."
            + ("" if row.restituted_on else " Vous les lisez avant les RH."),
            reverse("evaluation:result", args=[row.ref]),
            "Lire les résultats",
            rank=24,
        )
        for row in rows.order_by("-shared_on", "-edition", "pk")[:1]
    ]


def personal_data(person: Person) -> list[DataSet]:
    rows = WaveInvitation.objects.filter(person=person).select_related("wave__questionnaire").order_by("wave__opens_on")
    lines = [(row.wave.questionnaire.title, f"proposé le {day_in_words(row.wave.opens_on)}") for row in rows]
    note = ("Vos réponses", "Elles ne portent ni nom ni lien : personne ne peut les retrouver, ni les montrer ici.")
    return [DataSet("Questionnaires qui m’ont été proposés", [*lines, note])] if lines else []


def records(person: Person) -> list[Records]:
    """EXPORT hook: what was asked; answers are linked to nobody."""
    rows = WaveInvitation.objects.filter(person=person).select_related("wave").order_by("pk")
    roles = WaveRole.objects.filter(person=person).select_related("wave").order_by("pk")
    return [
        Records("evaluation.WaveInvitation", rows, ("wave", "side", "last_sent_on")),
        Records("evaluation.WaveRole", roles, ("wave", "role", "agreed")),
    ]


def erase(person: Person) -> None:
    """Nobody can tell any more whose statistical unit or invitation it was; figures keep their base."""
    StatLink.objects.filter(subject_ref=person.ref).delete()
    WaveInvitation.objects.filter(person=person).update(person=None)
    WaveRole.objects.filter(person=person).delete()


def criteria(step: Step) -> list[Criterion]:
    """Lines of step 6 that surveys and reports answer."""
    if step.number != 6:
        return []
    programme = step.programme
    begun = Wave.objects.filter(programme=programme, moment=Moment.T0).exists()
    published = Release.objects.filter(exercice__programme=programme, restituted_on__isnull=False).exists()
    return [
        Criterion("6-baseline-first", begun, "proposée" if begun else "pas encore proposée"),
        Criterion("6-report-published", published, "restitué" if published else "pas encore restitué"),
    ]


def indicator_titles() -> dict[str, str]:
    """INDICATORS hook: what the yearly report publishes."""
    return {indicator.code: indicator.title for indicator in CATALOGUE}


def published(programme: Programme) -> list[str]:
    """Editions established so far, for the continuity file: names and dates, never a figure."""
    rows = Release.objects.filter(programme=programme).select_related("exercice")
    return [
        f"{row.exercice.name}, édition {row.edition}, "
        + (
            f"restituée le {day_in_words(row.restituted_on, weekday=False)}"
            if row.restituted_on
            else "pas encore restituée"
        )
        for row in rows
    ]


def register_all() -> None:
    registry.register(registry.PUBLISHED, published)
    registry.register(registry.INDICATORS, indicator_titles)
    registry.register(registry.CRITERION, criteria)
    registry.register(registry.BASELINE, baseline.baseline)
    registry.register(registry.CARD, cards)
    registry.register(registry.HELD, hot.ask_registered)
    registry.register(registry.PERSONAL_DATA, personal_data)
    registry.register(registry.EXPORT, records)
    registry.register(registry.ERASURE, erase)
    registry.register(registry.RETENTION, retention.rules)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
