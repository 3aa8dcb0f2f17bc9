"""What open groups and dated collective times show on other pages: links, cards, things to do, personal data."""

from django.urls import reverse
from django.utils.text import capfirst

from portal import registry
from portal.dates import day_in_words, moment_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link, Todo
from programmes.menu import PARTICIPANTS
from programmes.models import Membership, Programme, Registration
from programmes.services import community, gatherings


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and isinstance(space.context, Programme):
        return [Link("Temps collectifs", reverse("programmes:gatherings", args=[space.context.slug]), 26, PARTICIPANTS)]
    return []


def todo(person: Person, programme: Programme) -> list[Todo]:
    """What took place and is not counted yet."""
    return [
        Todo(
            f"{row.title} : combien de personnes sont venues ?",
            reverse("programmes:gathering", args=[programme.slug, row.ref]),
            "Noter le nombre",
            38,
        )
        for row in gatherings.to_count(programme)[:1]
    ]


def cards(person: Person) -> list[Card]:
    return [*_groups(person), *_next(person), *_to_count(person)]


def _groups(person: Person) -> list[Card]:
    return [
        Card(
            title=f"{capfirst(row.form_label)} : vous êtes membre",
            text=f"{row.programme.name}. Les dates, les règles, et partir quand vous voulez.",
            url=row.get_absolute_url(),
            action="Ouvrir sa page",
            rank=32,
        )
        for row in community.mine(person)
    ]


def _next(person: Person) -> list[Card]:
    """The soonest one registered for, or else the soonest announced."""
    coming = list(gatherings.announced(person))
    if not coming:
        return []
    mine = gatherings.registered(person)
    row = next((one for one in coming if one.pk in mine), coming[0])
    when = moment_in_words(row.starts_at, row.programme.time_zone)
    known = row.pk in mine
    text = f"{row.title}. {when.capitalize()}{', vous êtes inscrit·e' if known else ''}."
    title = "Mon prochain temps collectif" if known else "Prochain temps collectif"
    action = "Voir les dates" if known else "Voir et m’inscrire"
    return [Card(title, text, reverse("programmes:my_gatherings"), action, rank=6 if known else 28)]


def _to_count(person: Person) -> list[Card]:
    """For whoever facilitates."""
    begun = [row for row in gatherings.facilitated_by(person) if gatherings.waits_for_number(row)]
    return [
        Card(
            "Combien de personnes sont venues ?",
            f"{row.title}. Un nombre, sans aucun nom.",
            reverse("programmes:count_gathering", args=[row.ref]),
            "Noter le nombre",
            rank=7,
        )
        for row in begun[:1]
    ]


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (
            f"{row.programme.name}, {row.form_label}",
            f"parti·e le {day_in_words(row.left_on, weekday=False)}" if row.left_on else "membre",
        )
        for row in Membership.objects.filter(person=person).select_related("programme")
    ]
    rows += [
        (row.gathering.title, "inscrit·e")
        for row in Registration.objects.filter(person=person).select_related("gathering").order_by("pk")
    ]
    return [DataSet("Mes groupes et temps collectifs", rows)] if rows else []


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.TODO, todo)
    registry.register(registry.CARD, cards)
    registry.register(registry.CALENDAR, gatherings.dated)
    registry.register(registry.PERSONAL_DATA, personal_data)
