"""What the life of a pair shows on pages of earlier apps: somebody wished to change, nobody heard of it."""

import datetime as dt

from django.urls import reverse

from pairing.access import pairs_of, waiting_for_a_pair
from pairing.enums import EndCode, PairState
from pairing.services import fit, quiet, returns
from portal import clock, registry
from portal.models import Person
from portal.registry import Card, Todo
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
    since = clock.now().date() - dt.timedelta(days=SAID_DAYS)
    rows = pairs_of(person).filter(end_code=EndCode.CHANGE, ended_on__gte=since).prefetch_related("members__person")
    items = []
    for pair in rows:
        who = fit.who_changed(pair)
        if who and who != person:
            url = reverse("pairing:pair", args=[pair.ref])
            items.append(Card("Votre binôme est terminé", CHANGED.format(given=who.given), url, "Ouvrir", rank=6))
    items += _days_to_recall(person)
    silent = pairs_of(person).filter(state=PairState.ACTIVE, quiet_noted_on__isnull=False).select_related("programme")
    for pair in filter(quiet.is_noted, silent):
        url, context = reverse("pairing:pair", args=[pair.ref]), {"pair_ref": pair.ref}
        template = "pairing/_alive_card.html"
        items.append(
            Card("Comment va votre binôme ?", QUIET, url, "Ouvrir", rank=9, template=template, context=context)
        )
    return items


def _days_to_recall(person: Person) -> list[Card]:
    """A chosen day has come, for the two: neither which one nor the day of the return is written on a home page."""
    return [
        Card("Un jour à vous rappeler", DAY, reverse("pairing:return_plan", args=[ref]), "Ouvrir", rank=8)
        for ref in returns.recalled(person)
    ]


def todo(person: Person, programme: Programme) -> list[Todo]:
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    again = sum(waiting_for_a_pair(programme, side).filter(changed=True).count() for side in (Side.HELPED, Side.PEER))
    if not again:
        return []
    words = "personnes sont" if again > 1 else "personne est"
    url = reverse("pairing:pairs", args=[programme.slug])
    return [Todo(f"{again} {words} à proposer à nouveau", url, "Proposer un binôme", 18)]


def register_all() -> None:
    registry.register(registry.CARD, cards)
    registry.register(registry.TODO, todo)
