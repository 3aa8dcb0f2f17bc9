"""Wishes of people without an account: a card with a code, given by hand, by which they write them on any device.

The référent makes the cards, and could keep a code. So the card writes and never reads: its page is the same before and
after, shows no name of its holder and no wish, and nothing anywhere says that it served. Somebody who kept a code could
write in its holder's place, as a référent may propose anybody by hand; the last writing holds, and nobody reads it.
"""

from django.db import transaction
from django.db.models import QuerySet

from pairing.enums import RoundState
from pairing.models import WishRound, WishSeat
from pairing.services.wishes import OVER, open_to_wishes
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal
from programmes.services.entry_cards import hash_of, new_code

# One sentence, whatever is wrong.
WRONG = "Ce code n’ouvre rien en ce moment. Relisez-le sur la carte, ou demandez-en une autre à la personne référente."


def without_account(row: WishRound) -> QuerySet[WishSeat]:
    """Seats of people who cannot sign in."""
    seats = row.seats.filter(participation__person__isnull=False, participation__person__user__isnull=True)
    return seats.select_related("participation__person").order_by("participation__person__sort_key", "pk")


@transaction.atomic
def issue(*, row: WishRound, by: Person) -> list[tuple[WishSeat, str]]:
    """A card for each of them, all at once, with its code, which nothing else keeps; cards made before stop working.

    What was written with them stays.
    """
    if row.state != RoundState.PLANNED:
        raise DomainError(OVER)
    if row.seats.filter(participation__person=by).exists():
        raise Refused("Vous participez à ce tour : une autre personne de l’équipe prépare les cartes.")
    made = []
    for seat in without_account(row):
        code = new_code()
        WishSeat.objects.filter(pk=seat.pk).update(card_hash=hash_of(code))
        made.append((seat, code))
    if not made:
        raise DomainError("Toutes les personnes concernées ont un compte : elles écrivent leurs vœux dans leur espace.")
    journal.log(actor=by, verb=Verb.EXPORTED, target=row, employer=row.programme.lead_employer, count=len(made))
    return made


def find(code: str) -> WishSeat | None:
    """The seat of this card, while its wishes may be written."""
    rows = WishSeat.objects.filter(
        card_hash=hash_of(code), participation__person__isnull=False, participation__person__user__isnull=True
    )
    seat = rows.select_related("round__programme__lead_employer", "participation__person").first()
    return seat if seat and open_to_wishes(seat.round) else None
