"""Framing and settings on pages of the portal: navigation, and objectives to read again before a report."""

from django.urls import reverse

from portal import clock, registry
from portal.dates import count_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Link, Todo
from programmes.menu import PROGRAMME
from programmes.models import Programme
from programmes.services import framing


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme):
        slug = space.context.slug
        return [
            Link(
                "Réglages",
                reverse("programmes:settings", args=[slug]),
                60,
                PROGRAMME,
                (reverse("programmes:open", args=[slug]),),
            ),
            Link("Cadrage", reverse("programmes:framing", args=[slug]), 61, PROGRAMME),
            Link("Maturité", reverse("programmes:maturity", args=[slug]), 61, PROGRAMME),
        ]
    return []


def todo(person: Person, programme: Programme) -> list[Todo]:
    """The latest exercice that is over, while an objective promised for it has no result."""
    over = programme.exercices.filter(ends__lt=clock.today(programme.time_zone)).order_by("-ends").first()
    if over is None:
        return []
    over.programme = programme
    left = framing.unread(over).count()
    if not left:
        return []
    word = count_in_words(left, "objectif est à relire", "objectifs sont à relire")
    url = reverse("programmes:review_objectives", args=[programme.slug, over.ref])
    return [Todo(f"{word} avant le rapport « {over.name} »", url, "Relire", 45)]


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
