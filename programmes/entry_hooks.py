"""What cards, calls and entry on behalf show on other pages: navigation, things to do, the way in, retention."""

from django.urls import reverse

from portal import registry
from portal.models import Person
from portal.navigation import Space
from portal.registry import Link, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import PARTICIPANTS
from programmes.models import Programme
from programmes.services import call_backs, entry_cards


def navigation(space: Space) -> list[Link]:
    if space.key != "pilotage" or not isinstance(space.context, Programme):
        return []
    if ProgrammeRoleKind.REFERENT not in space.roles:
        return []
    url, slug = reverse, space.context.slug
    under = (url("programmes:calls", args=[slug]), url("programmes:on_behalf", args=[slug]))
    return [Link("Entrée sans messagerie", url("programmes:entry_cards", args=[slug]), 22, PARTICIPANTS, under)]


def todo(person: Person, programme: Programme) -> list[Todo]:
    """Nobody's number here: how many wait."""
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    count = call_backs.waiting(programme).count()
    if not count:
        return []
    words = "rappels demandés" if count > 1 else "rappel demandé"
    return [Todo(f"{count} {words}", reverse("programmes:calls", args=[programme.slug]), "Appeler", 5)]


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
    registry.register(registry.ENTRANCE, entry_cards.entrance)
    registry.register(registry.RETENTION, call_backs.rules)
