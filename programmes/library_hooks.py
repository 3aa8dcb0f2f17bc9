"""What the library and sensibilisation show on other pages: links, cards, things to do, personal data."""

from django.urls import reverse

from portal import registry
from portal.dates import day_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind
from programmes.menu import PROGRAMME
from programmes.models import Programme, Testimony
from programmes.services import (
    library_files,  # noqa: F401  registers the job handler
    outreach,
)


def navigation(space: Space) -> list[Link]:
    if space.key != "pilotage" or not isinstance(space.context, Programme):
        return []
    slug = space.context.slug
    return [
        Link("Sensibilisation", reverse("programmes:outreach", args=[slug]), 71, PROGRAMME),
        Link("Bibliothèque", reverse("programmes:library", args=[slug]), 70, PROGRAMME),
    ]


def cards(person: Person) -> list[Card]:
    """An action asked about, or agreed to and still to come; a no leaves no card."""
    return [
        Card(
            title="Témoigner, si vous le voulez" if row.agreed_at is None else "Mon témoignage",
            text=f"{row.outreach.get_kind_display().capitalize()}, {day_in_words(row.outreach.on)}. "
            "Vous pouvez dire non, ou vous retirer, sans raison.",
            url=reverse("programmes:my_testimony", args=[row.ref]),
            action="Répondre" if row.agreed_at is None else "Voir",
            rank=20 if row.agreed_at is None else 52,
        )
        for row in outreach.open_testimonies(person)
    ]


def todo(person: Person, programme: Programme) -> list[Todo]:
    """A testimony was withdrawn: what was kept of it must go."""
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    return [
        Todo("Témoignage retiré", reverse("programmes:outreach_action", args=[programme.slug, ref]), "Vérifier", 8)
        for ref in outreach.with_withdrawn(programme)
    ]


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (
            f"{row.outreach.get_kind_display().capitalize()} du {day_in_words(row.outreach.on, weekday=False)}",
            outreach.said_to_me(row),
        )
        for row in Testimony.objects.filter(person=person).select_related("outreach")
    ]
    return [DataSet("Mes témoignages", rows)] if rows else []


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.PERSONAL_DATA, personal_data)
