"""What the collectors share: a raw count and who could be counted, the bounds of an exercice, its pairs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from evaluation.disclosure.rules import Basis
from pairing.enums import PairState
from pairing.models import Pair, PairMember
from programmes.models import Exercice

PERSON, PAIR = "person", "pair"


@dataclass(frozen=True)
class Count:
    """A raw value, who could be counted, and the units behind it (never shown)."""

    value: int
    basis: Basis
    units: frozenset[tuple[str, UUID]] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Member:
    """One place in a pair, once its link may be gone: `person` is then None and counts towards no threshold."""

    pair: UUID
    part: str
    person: UUID | None
    vouched: bool
    participation: int | None


def lived_pairs(exercice: Exercice):
    """Pairs that lived during the exercice: everybody had said yes before its end, and it had not ended before it."""
    return (
        Pair.objects.filter(programme=exercice.programme, all_yes_at__lt=bounds(exercice)[1])
        .exclude(state=PairState.LAPSED)
        .exclude(ended_on__lt=exercice.starts)
        .order_by("pk")
    )


def eligible_pairs(exercice: Exercice):
    """Those that the portal could count: a pair from before it, from the day it was entered, and if it lived then.

    A pair whose meetings can be no more than declared lifts no threshold of those that were noted.
    """
    end = bounds(exercice)[1]
    declared = lived_pairs(exercice).filter(declared_meetings__isnull=False)
    spans = declared.values_list("pk", "proposed_at", "ended_on")
    past = [pk for pk, entered, ended in spans if entered >= end or (ended and ended <= day_of(exercice, entered))]
    return lived_pairs(exercice).exclude(pk__in=past)


def day_of(exercice: Exercice, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(exercice.programme.time_zone)).date()


def pairs_at_the_end(exercice: Exercice):
    """Those of them that were still living on the last day."""
    late = bounds(exercice)[1]
    return (
        eligible_pairs(exercice)
        .exclude(ended_on__lte=exercice.ends)
        .exclude(state=PairState.ACCEPTED)
        .exclude(active_at__gte=late)
    )


def bounds(exercice: Exercice) -> tuple[dt.datetime, dt.datetime]:
    """First instant of the exercice and first instant after it, as lived by its employer."""
    zone = ZoneInfo(exercice.programme.time_zone)
    midnight = dt.time(tzinfo=zone)
    return (
        dt.datetime.combine(exercice.starts, midnight),
        dt.datetime.combine(exercice.ends + dt.timedelta(days=1), midnight),
    )


def members_of(pair_ids: Iterable[int]) -> list[Member]:
    rows = PairMember.objects.filter(pair__in=pair_ids).values_list(
        "pair__ref", "part", "person__ref", "participation__person__ref", "person__user_id", "participation_id"
    )
    return [
        Member(pair, part, person or other, bool(person and user), participation)
        for pair, part, person, other, user, participation in rows
    ]


def people_units(refs: Iterable[UUID | None]) -> frozenset[tuple[str, UUID]]:
    return frozenset((PERSON, ref) for ref in refs if ref)
