"""What shared programmes and money show on pages of the portal."""

from django.urls import reverse

from portal import registry
from portal.models import Employer
from portal.navigation import Space
from portal.registry import Link
from programmes.enums import ProgrammeRoleKind
from programmes.menu import PROGRAMME
from programmes.models import Programme


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme) and ProgrammeRoleKind.REFERENT in space.roles:
        slug = space.context.slug
        return [
            Link("Dépenses", reverse("programmes:expenses", args=[slug]), 73, PROGRAMME),
            Link("Partenaires", reverse("programmes:partners", args=[slug]), 72, PROGRAMME),
        ]
    if space.key == "hr" and isinstance(space.context, Employer):
        return [Link("Dépenses", reverse("programmes:hr_expenses", args=[space.context.slug]), 30)]
    return []


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
