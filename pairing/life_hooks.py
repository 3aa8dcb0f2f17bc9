"""What the life of a pair shows on pages of earlier apps: somebody wished to change, nobody heard of it."""

import datetime as dt

from django.urls import reverse

from pairing.access import pairs_of, waiting_for_a_pair
from pairing.enums import EndCode, PairState
from pairing.services import fit, follow, quiet, returns
from portal import clock, registry
from portal.dates import count_in_words
from portal.local_day import local_day
from portal.models import Person
from portal.registry import Card, Event, Todo
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Programme

SAID_DAYS = 14
# Followed, on the pair's page, by the door to the supervisor.
CHANGED = "{given} a souhaité changer. Ce n’est pas un jugement. Un temps avec le superviseur est possible."

DAY = "Un jour que vous partagez à deux est là. Rien n’est à faire si vous n’en avez pas besoin."
QUIET = "Aucune rencontre n’est notée depuis un moment. Si tout va bien, un geste suffit. Rien ne se ferme tout seul."


def cards(person: Person) -> list[Card]:
    """To the one who did not ask for a change, for two weeks; to the two of a silent pair."""
    since = local_day("programme__lead_employer", -SAID_DAYS)
    rows = pairs_of(person).filter(end_code=EndCode.CHANGE, ended_on__gte=since).prefetch_related("members__person")
    items = []
    for pair in rows:
        who = fit.who_changed(pair)
        if who and who != person:
            url = reverse("pairing:pair", args=[pair.ref])
            items.append(
                Card("Votre binôme est terminé", CHANGED.format(given=who.given), url, "Ouvrir sa page", rank=6)
            )
    items += _days_to_recall(person)
    silent = pairs_of(person).filter(state=PairState.ACTIVE, quiet_noted_on__isnull=False).select_related("programme")
    for pair in filter(quiet.is_noted, silent):
        url, context = reverse("pairing:pair", args=[pair.ref]), {"pair_ref": pair.ref}
        template = "pairing/_alive_card.html"
        items.append(
            Card(
                "Comment va votre binôme ?", QUIET, url, "Ouvrir notre page", rank=9, template=template, context=context
            )
        )
    return items


def _days_to_recall(person: Person) -> list[Card]:
    """A chosen day has come, for the two: neither which one nor the day of the return is written on a home page."""
    return [
        Card(
            "Un jour à vous rappeler",
            DAY,
            reverse("pairing:return_plan", args=[ref]),
            "Ouvrir l’appui au retour",
            rank=8,
        )
        for ref in returns.recalled(person)
    ]


def todo(person: Person, programme: Programme) -> list[Todo]:
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    return [*_to_follow(person, programme), *_to_propose(programme)]


def _to_follow(person: Person, programme: Programme) -> list[Todo]:
    """Opening meetings and points that are the référent's to hold."""
    followed = follow.of_referent(programme, person)
    url, items = reverse("pairing:pairs", args=[programme.slug]), []
    if number := sum(one.opening in ("open", "late") for one in followed):
        words = count_in_words(number, "rencontre d’ouverture à prévoir", "rencontres d’ouverture à prévoir")
        items.append(Todo(words, url, "Voir les binômes", 24))
    if number := sum(one.due is not None for one in followed):
        words = count_in_words(number, "point de 20 minutes à faire", "points de 20 minutes à faire")
        items.append(Todo(words, url, "Voir les binômes", 30))
    return items


def calendar(programme: Programme, first: dt.date, last: dt.date) -> list[Event]:
    """Next points and opening meetings planned: a day, never whose."""
    zone, url, events = clock.ZoneInfo(programme.time_zone), reverse("pairing:pairs", args=[programme.slug]), []
    rows = list(follow.with_follow(programme.pairs.filter(state__in=follow.RUNNING)).order_by("pk"))
    for pair, seen in zip(rows, follow.look(rows).values(), strict=True):
        if seen.next_on and first <= seen.next_on <= last:
            events.append(Event(f"point-{pair.ref}-{seen.next_on}", seen.next_on, "Point avec un binôme", "point", url))
        starts = seen.row.starts_at if seen.row and seen.opening == "planned" else None
        if starts and first <= starts.astimezone(zone).date() <= last:
            label = "Rencontre d’ouverture d’un binôme"
            events.append(Event(f"opening-{pair.ref}", starts, label, "rendez-vous", url, seen.row.minutes))
    return events


def _to_propose(programme: Programme) -> list[Todo]:
    again = sum(waiting_for_a_pair(programme, side).filter(changed=True).count() for side in (Side.HELPED, Side.PEER))
    if not again:
        return []
    words = "personnes sont" if again > 1 else "personne est"
    url = reverse("pairing:pairs", args=[programme.slug])
    return [Todo(f"{again} {words} à proposer à nouveau", url, "Proposer un binôme", 18)]


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
    registry.register(registry.CALENDAR, calendar)
