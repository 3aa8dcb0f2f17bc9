"""Presentations that helpers and peers chose to publish: read by participants who look for somebody, never by others."""

from django.db.models import QuerySet

from portal.models import Person
from programmes.enums import Side
from programmes.models import Participation


def readable_by(person: Person) -> QuerySet[Participation]:
    """Published presentations of the programmes where `person` waits for somebody, not their own.

    Somebody helped reads helpers; a peer reads peers.
    """
    mine = Participation.objects.open().filter(person=person, waiting_since__isnull=False)
    helped, peer = (mine.filter(side=side).values("programme") for side in (Side.HELPED, Side.PEER))
    rows = Participation.objects.presenting().exclude(person=person)
    found = rows.filter(programme__in=helped, side=Side.HELPER) | rows.filter(programme__in=peer, side=Side.PEER)
    return found.select_related("person", "programme").order_by("person__sort_key", "pk")
