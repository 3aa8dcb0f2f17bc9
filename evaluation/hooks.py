"""What evaluation shows on pages of earlier apps: the links to reports, and what the team has to do about them."""

from django.urls import reverse

from evaluation.models import StatLink
from evaluation.services.exercices import is_closed
from portal import registry
from portal.models import Employer, Person
from portal.navigation import Space
from portal.registry import Link, Todo
from programmes.models import Programme


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme):
        return [Link("Rapports", reverse("evaluation:reports", args=[space.context.slug]), 50)]
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
    return items


def erase(person: Person) -> None:
    """Nobody can tell any more whose statistical unit it was; published figures do not change."""
    StatLink.objects.filter(subject_ref=person.ref).delete()


def register_all() -> None:
    registry.register(registry.ERASURE, erase)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
