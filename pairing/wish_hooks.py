"""What dating sessions and wishes show on pages of earlier apps. Nothing here depends on a wish."""

import datetime as dt

from django.urls import reverse

from pairing.enums import RoundState, RunMode, RunState, SeatAnswer
from pairing.models import Unpaired, WishRound, WishSeat
from pairing.services import dating, wishes
from portal import clock, registry
from portal.dates import day_in_words, moment_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, DataSet, Event, Link
from programmes.enums import ParticipationState, ProgrammeRoleKind, Side
from programmes.menu import PARTICIPANTS
from programmes.models import Programme


def _mine(person: Person):
    rows = WishSeat.objects.filter(participation__person=person, round__state=RoundState.PLANNED)
    return rows.select_related("round__programme__lead_employer").order_by("round__wishes_until", "pk")


def cards(person: Person) -> list[Card]:
    """An invitation to answer, then wishes to write: the same card whether they were written or not."""
    items = []
    for seat in _mine(person):
        row = seat.round
        url = reverse("pairing:my_round", args=[row.ref])
        until = f"Jusqu’au {day_in_words(row.wishes_until)}. Personne ne lit vos vœux."
        if wishes.open_to_wishes(row):
            if row.way == RunMode.PRESENTATIONS:
                items.append(Card("Des présentations à lire", until, url, "Lire et choisir", rank=3))
            elif seat.answer != SeatAnswer.NOT_THIS_TIME or seat.here:
                items.append(Card("Vos vœux après les rencontres", until, url, "Ouvrir mes vœux", rank=3))
        elif row.starts_at and not dating.started(row) and seat.answer != SeatAnswer.NOT_THIS_TIME:
            when = f"{moment_in_words(row.starts_at, row.programme.time_zone).capitalize()}."
            coming = seat.answer == SeatAnswer.COMING
            title = "Mes rencontres croisées" if coming else "Une invitation à des rencontres croisées"
            items.append(
                Card(title, when, url, "Ouvrir la page" if coming else "Lire et répondre", rank=12 if coming else 2)
            )
    return items


def not_this_time(person: Person) -> list[Card]:
    """Somebody for whom a published run found nobody is told so, kindly, as long as they wait (decision 44)."""
    rows = Unpaired.objects.filter(
        participation__person=person,
        participation__state=ParticipationState.ACCEPTED,
        participation__waiting_since__isnull=False,
        run__state=RunState.PUBLISHED,
    ).exclude(participation__memberships__live=True)
    row = rows.select_related("participation").order_by("-run__decided_at", "-pk").first()
    if row is None:
        return []
    text = "Il n’y avait pas encore de place qui convienne. Vous gardez votre place dans l’attente."
    if row.participation.side == Side.PEER:
        text += " Entre pairs, cela arrive quand le nombre est impair ; un trio est possible."
    url = reverse("programmes:my_participation", args=[row.participation.ref])
    return [Card("Pas encore de binôme cette fois", text, url, "Voir où j’en suis", rank=18)]


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and ProgrammeRoleKind.REFERENT in space.roles:
        url = reverse("pairing:wish_rounds", args=[space.context.slug])
        return [Link("Rencontres croisées", url, 32, PARTICIPANTS)]
    return []


def personal_data(person: Person) -> list[DataSet]:
    """One's own wishes, as long as they are kept: read by nobody else."""
    rows = [
        (seat.round.get_way_display().capitalize(), seat.choices or seat.round.get_state_display())
        for seat in wishes.in_words(person)
    ]
    return [DataSet("Mes rencontres croisées et mes vœux", rows)] if rows else []


def calendar(programme: Programme, first: dt.date, last: dt.date) -> list[Event]:
    begin = clock.midnight(first, programme.time_zone)
    end = clock.midnight(last + dt.timedelta(days=1), programme.time_zone)
    rows = WishRound.objects.filter(
        programme=programme, state=RoundState.PLANNED, starts_at__gte=begin, starts_at__lt=end
    ).order_by("starts_at")
    return [
        Event(f"dating-{row.ref}", row.starts_at, "Rencontres croisées", "séance", row.get_absolute_url(), 60, True)
        for row in rows.select_related("programme")
    ]


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.CARD, not_this_time)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
    registry.register(registry.CALENDAR, calendar)
    registry.register(registry.LEAVING, wishes.leave)
    registry.register(registry.CLAIMED, wishes.claimed)
