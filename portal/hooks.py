"""What the portal itself registers: spaces and navigation of agents, RH and administrators."""

from django.urls import reverse

from portal import registry, retention
from portal.enums import HR_ROLES, EmployerRoleKind
from portal.models import EmployerRole, Person
from portal.navigation import Space
from portal.registry import Link
from portal.services import my_data, news


def spaces(person: Person) -> list[Link]:
    links = {Link("Mon espace", reverse("portal:my_space"), 50)}
    for held in EmployerRole.objects.in_force().filter(person=person).select_related("employer"):
        slug, name = held.employer.slug, held.employer.neutral_name
        if held.role in HR_ROLES:
            links.add(Link(f"Espace RH : {name}", reverse("portal:hr_home", args=[slug]), 15))
        elif held.role == EmployerRoleKind.ADMINISTRATOR:
            links.add(Link(f"Administration : {name}", reverse("portal:accounts", args=[slug]), 30))
    return sorted(links, key=lambda link: (link.rank, link.label))


def navigation(space: Space) -> list[Link]:
    if space.key == "agent":
        return [
            Link("Mon espace", reverse("portal:my_space"), 0),
            Link("Mes données", reverse("portal:my_data"), 80),
            Link("Qui voit quoi", reverse("portal:who_sees"), 90),
        ]
    if space.key == "administration":
        slug = space.context.slug
        return [
            Link("Comptes", reverse("portal:accounts", args=[slug]), 0),
            Link("Messages non partis", reverse("portal:undelivered", args=[slug]), 20),
            Link("Durées de conservation", reverse("portal:retention", args=[slug]), 40),
        ]
    return []


def register_all() -> None:
    registry.register(registry.SPACES, spaces)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.UNREAD, news.unread)
    registry.register(registry.EXPORT, my_data.records)
    registry.register(registry.RETENTION, retention.rules)
