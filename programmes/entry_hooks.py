"""What cards, calls and entry on behalf show on other pages: navigation, things to do, the way in, retention."""

from django.urls import reverse

from portal import registry
from portal.models import Person
from portal.navigation import Space
from portal.registry import Link, Todo
from portal.services import news
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import PARTICIPANTS
from programmes.models import Participation, Programme
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
    items = []
    if count := call_backs.waiting(programme).count():
        words = "rappels demandés" if count > 1 else "rappel demandé"
        items.append(Todo(f"{count} {words}", reverse("programmes:calls", args=[programme.slug]), "Appeler", 5))
    taking_part = Participation.objects.open().filter(programme=programme)
    rows = taking_part.filter(person__in=news.to_hand_over(Person.objects.all())).order_by("received_at", "pk")
    if found := list(rows.values_list("ref", flat=True)):
        words = "personnes ont" if len(found) > 1 else "personne a"
        url = reverse("programmes:on_paper", args=[programme.slug, found[0]])
        items.append(Todo(f"{len(found)} {words} des nouvelles à recevoir sur papier", url, "Ouvrir la feuille", 45))
    return items


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
    registry.register(registry.ENTRANCE, entry_cards.entrance)
    registry.register(registry.RETENTION, call_backs.rules)
