"""« Pas avec »: whom somebody would rather not be put with. No reason, no free name, across programmes (field R13).

Only the author of a presentation the owner may read, or a unit of their employer, can be named (decision 43). What is
named is sealed; the rules of pairing read it, the owner reads it, nobody else does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from portal.errors import DomainError
from portal.models import Person, Unit
from programmes.models import Avoid, Participation
from programmes.services import presentations

_PERSON, _UNIT = "person", "unit"


@dataclass(frozen=True)
class Targets:
    """What one person would rather avoid: keys of people and of units."""

    people: frozenset[int]
    units: frozenset[int]

    def name(self, person: int, units: Iterable[int | None]) -> bool:
        """Whether they name this person, or a unit they work in (with those above it)."""
        return person in self.people or bool(self.units & set(units))


# --- The rules read ---------------------------------------------------------------------------------------------------
def targets_of(owners: Iterable[int]) -> dict[int, Targets]:
    """By key of person, only those who named somebody: one query, however many people."""
    found: dict[int, tuple[set, set]] = {}
    for row in Avoid.objects.filter(owner__in=list(owners)):
        kind, key = _opened(row)
        found.setdefault(row.owner_id, (set(), set()))[kind == _UNIT].add(key)
    return {owner: Targets(frozenset(people), frozenset(units)) for owner, (people, units) in found.items()}


def _opened(row: Avoid) -> tuple[str, int]:
    kind, _, key = row.target.open(row.ref).partition(":")
    return kind, int(key)


# --- The owner reads --------------------------------------------------------------------------------------------------
def in_words(owner: Person) -> list[Avoid]:
    """The owner's own rows, each with its target in words; those that name nobody any more are left out."""
    rows = [(row, *_opened(row)) for row in Avoid.objects.filter(owner=owner)]
    people = Person.objects.in_bulk([key for _, kind, key in rows if kind == _PERSON])
    units = Unit.objects.in_bulk([key for _, kind, key in rows if kind == _UNIT])
    kept = []
    for row, kind, key in rows:
        if named := (people if kind == _PERSON else units).get(key):
            row.target = str(named)
            kept.append(row)
    return kept


def serves(owner: Person) -> bool:
    """Whether they look for somebody: else it would be kept for nothing."""
    return Participation.objects.looking().filter(person=owner).exists()


def units_for(owner: Person) -> QuerySet[Unit]:
    """Directions and services of the employer the owner works for today. Not teams: one of two people is a name."""
    return Unit.objects.filter(is_team=False, employer__in=owner.affiliations.in_force().values("employer"))


def people_for(owner: Person) -> QuerySet[Person]:
    """Those who publish a presentation that the owner may read."""
    return Person.objects.filter(pk__in=presentations.readable_by(owner).values("person")).order_by("sort_key", "pk")


# --- The owner writes -------------------------------------------------------------------------------------------------
@transaction.atomic
def add(*, owner: Person, person: Person | None = None, unit: Unit | None = None) -> None:
    """One more, once. Raises DomainError on somebody or something that is not offered."""
    if not serves(owner):
        raise DomainError("Ce choix sert quand vous cherchez quelqu’un : inscrivez-vous d’abord.")
    offered = people_for(owner) if person else units_for(owner)
    chosen = person or unit
    if chosen is None or not offered.filter(pk=chosen.pk).exists():
        raise DomainError("Choisissez parmi ce qui est proposé.")
    kept = targets_of([owner.pk]).get(owner.pk)
    if kept and chosen.pk in (kept.people if person else kept.units):
        return
    Avoid.objects.create(owner=owner, target=f"{_PERSON if person else _UNIT}:{chosen.pk}")


@transaction.atomic
def add_all(*, owner: Person, people: Iterable[Person] = (), units: Iterable[Unit] = ()) -> None:
    """What was ticked on « Pas avec ». Raises DomainError."""
    for person in people:
        add(owner=owner, person=person)
    for unit in units:
        add(owner=owner, unit=unit)


def remove(*, owner: Person, ref: UUID) -> None:
    Avoid.objects.filter(owner=owner, ref=ref).delete()


# --- It goes ----------------------------------------------------------------------------------------------------------
def purge(owner: Person | None = None) -> int:
    """What no longer serves: its owner (or `owner`) looks for nobody."""
    looking = Participation.objects.looking().filter(person__isnull=False)
    rows = Avoid.objects.exclude(owner__in=looking.values("person"))
    return (rows.filter(owner=owner) if owner else rows).delete()[0]


def forget(*, person: Person) -> None:
    """An erased person names nobody, and nobody names them."""
    named = [row.pk for row in Avoid.objects.all() if _opened(row) == (_PERSON, person.pk)]
    Avoid.objects.filter(owner=person).delete()
    Avoid.objects.filter(pk__in=named).delete()
