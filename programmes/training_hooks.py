"""What training and the frame show on pages of the portal: cards, navigation, personal data."""

from django.urls import reverse

from portal import clock, registry
from portal.dates import day_in_words, duration_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Link
from programmes.enums import ProgrammeRoleKind, SessionState
from programmes.menu import PARTICIPANTS, PROGRAMME
from programmes.models import Programme, Readiness, TrainingAttendance


def navigation(space: Space) -> list[Link]:
    if space.key != "pilotage" or not isinstance(space.context, Programme):
        return []
    slug = space.context.slug
    links = [Link("Conditions du cadre", reverse("programmes:frame", args=[slug]), 67, PROGRAMME)]
    if ProgrammeRoleKind.REFERENT in space.roles:
        links.append(Link("Formations", reverse("programmes:training", args=[slug]), 24, PARTICIPANTS))
    return links


def cards(person: Person) -> list[Card]:
    """The next session, or the way to those already followed."""
    mine = TrainingAttendance.objects.filter(participation__person=person).select_related("session")
    rows = list(mine.exclude(session__state=SessionState.CANCELLED).order_by("session__on"))
    if not rows:
        return []
    today = clock.now().date()
    coming = [row.session for row in rows if row.session.on >= today and row.session.state == SessionState.PLANNED]
    if coming:
        place = f", {coming[0].place}" if coming[0].place else ""
        text, rank = f"{day_in_words(coming[0].on).capitalize()}{place}.", 5
    else:
        text, rank = "Vos séances et vos attestations.", 50
    title = "Ma prochaine formation" if coming else "Mes formations"
    return [Card(title, text, reverse("programmes:my_training"), "Voir mes formations", rank=rank)]


def personal_data(person: Person) -> list[DataSet]:
    rows = [
        (
            f"Séance du {day_in_words(row.session.on, weekday=False)}, {duration_in_words(row.session.minutes)}",
            row.get_presence_display(),
        )
        for row in TrainingAttendance.objects.filter(participation__person=person).select_related("session")
    ]
    rows += [
        (f"Décision du {day_in_words(row.decided_on, weekday=False)}", row.get_decision_display())
        for row in Readiness.objects.filter(participation__person=person)
    ]
    return [DataSet("Mes formations", rows)] if rows else []


def register_all() -> None:
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.CARD, cards)
    registry.register(registry.PERSONAL_DATA, personal_data)
