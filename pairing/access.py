"""Who sees a pair (domain.md b.2): its members; the référent of the programme; the référent de binôme it is given to."""

from django.db.models import Q, QuerySet

from pairing.models import Pair
from portal.models import Person
from programmes.access import REFERENT, holds


def pairs_visible_to(person: Person) -> QuerySet[Pair]:
    """State and last date for référents; meetings and themes are for members alone (pairs_of)."""
    return Pair.objects.filter(
        Q(members__person=person) | Q(referee=person) | holds(person, "programme", REFERENT)
    ).distinct()


def pairs_of(person: Person) -> QuerySet[Pair]:
    """The pairs `person` is a member of."""
    return Pair.objects.filter(members__person=person)
