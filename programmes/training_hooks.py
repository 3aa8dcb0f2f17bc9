"""What training and the frame show on pages of the portal: cards, navigation, personal data."""

from django.urls import reverse

from portal import clock, registry
from portal.dates import count_in_words, day_in_words, duration_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link, Todo
from programmes.access import programme_roles
from programmes.enums import Presence, ProgrammeRoleKind, SessionState
from programmes.menu import PARTICIPANTS, PROGRAMME
from programmes.models import Interview, Programme, Readiness, SelfPositioning
from programmes.services import (
    interviews,
    recognition,  # noqa: F401  registers the job handler
    training,
    training_certificates,  # noqa: F401  registers the job handler
    training_places,
)


def navigation(space: Space) -> list[Link]:
    if space.key != "pilotage" or not isinstance(space.context, Programme):
        return []
    slug = space.context.slug
    links = [Link("Conditions du cadre", reverse("programmes:frame", args=[slug]), 67, PROGRAMME)]
    if ProgrammeRoleKind.REFERENT in space.roles:
        links.append(Link("Formations", reverse("programmes:training", args=[slug]), 24, PARTICIPANTS))
    return links


def cards(person: Person) -> list[Card]:
    """The next session, or the way to those one may join or followed."""
    rows = list(training_places.mine(person).exclude(session__state=SessionState.CANCELLED).order_by("session__on"))
    waits = training_places.open_to(person).exists()
    if not rows and not waits:
        return []
    planned = [row.session for row in rows if row.presence == Presence.EXPECTED]
    coming = [
        one for one in planned if one.state == SessionState.PLANNED and one.on >= clock.today(one.programme.time_zone)
    ]
    if coming:
        place = f", {coming[0].place}" if coming[0].place else ""
        text, rank = f"{day_in_words(coming[0].on).capitalize()}{place}.", 5
    elif waits:
        text, rank = "Une séance est ouverte à l’inscription.", 20
    else:
        text, rank = "Vos séances et vos attestations.", 50
    title = "Ma prochaine formation" if coming else "Mes formations"
    return [Card(title, text, reverse("programmes:my_training"), "Voir mes formations", rank=rank)]


def todo(person: Person, programme: Programme) -> list[Todo]:
    """Refreshers whose day has gone by: a number for the référent, nothing at the agents' (field R21)."""
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    today = clock.today(programme.time_zone)
    late = [day for day in training.refresher_due(list(training.trainable(programme))).values() if day < today]
    if not late:
        return []
    url = reverse("programmes:training", args=[programme.slug]) + "#personnes"
    said = f"Mise à jour annuelle à proposer : {count_in_words(len(late), 'personne')}"
    return [Todo(said, url, "Voir les formations", 60)]


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (
            f"Séance du {day_in_words(row.session.on, weekday=False)}, {duration_in_words(row.session.minutes)}",
            row.get_presence_display(),
        )
        for row in training_places.mine(person).order_by("session__on", "pk")
    ]
    for row in Readiness.objects.filter(participation__person=person):
        said = f", entretien le {day_in_words(row.talk_on, weekday=False)}" if row.talk_on else ""
        day = f"Décision du {day_in_words(row.decided_on, weekday=False)}"
        rows.append((day, row.get_decision_display() + said))
    rows += [
        (f"Mes repères, {row.get_moment_display()}", "pour vous seul·e, dans « Mes formations »")
        for row in SelfPositioning.objects.filter(participation__person=person)
    ]
    rows += [
        (
            f"Entretien du {day_in_words(row.on, weekday=False)}, points abordés",
            ", ".join(interviews.POINTS[code].title for code in row.points) or "aucun",
        )
        for row in Interview.objects.filter(participation__person=person)
    ]
    return [DataSet("Mes formations", rows)] if rows else []


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.CARD, cards)
    registry.register(registry.PERSONAL_DATA, personal_data)
    registry.register(registry.TODO, todo)
    registry.register(registry.LEAVING, training_places.leave)
    registry.register(registry.ERASURE, training_places.forget)
