"""Counting one exercice: raw values and who could be counted. The only place where rows become numbers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from evaluation.disclosure.rules import Basis
from evaluation.indicators import ESTIMATED_MINUTES
from pairing.enums import PairState, Part
from pairing.models import Meeting, Pair, PairMember
from programmes.enums import Side
from programmes.models import Exercice, Participation

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


def collect(exercice: Exercice) -> dict[str, Count]:
    """Every indicator of the catalogue that rows of the portal can feed, for this exercice."""
    pairs = dict(eligible_pairs(exercice).values_list("pk", "ref"))
    refs = frozenset(pairs.values())
    members = _members(pairs)
    held = Meeting.objects.filter(pair__in=pairs, on__range=(exercice.starts, exercice.ends))
    meetings = list(held.values_list("pair__ref", "minutes"))
    people = len({m.person for m in members if m.vouched})
    met = frozenset(ref for ref, _ in meetings)
    minutes = sum(ESTIMATED_MINUTES if m is None else m for _, m in meetings)
    fed = Basis(people=people, pairs=len(refs))
    helpers = [m for m in members if m.part == Part.HELPER]
    return {
        "B01": _received(exercice, [Side.HELPER]),
        "B03": _received(exercice, [Side.HELPED, Side.PEER]),
        "P01": _heads(members),
        "B06": _heads(helpers),
        "E01": Count(len(met), Basis(people, len(refs), len(refs)), frozenset((PAIR, ref) for ref in met)),
        "E02": Count(len(meetings), fed, frozenset((PAIR, ref) for ref in refs)),
        "E06R": Count(minutes, fed, frozenset((PAIR, ref) for ref in refs)),
    }


def eligible_pairs(exercice: Exercice):
    """Pairs that lived during the exercice: everybody had said yes before its end, and it had not ended before it."""
    return (
        Pair.objects.filter(programme=exercice.programme, all_yes_at__lt=bounds(exercice)[1])
        .exclude(state=PairState.LAPSED)
        .exclude(ended_on__lt=exercice.starts)
        .order_by("pk")
    )


def bounds(exercice: Exercice) -> tuple[dt.datetime, dt.datetime]:
    """First instant of the exercice and first instant after it, as lived by its employer."""
    zone = ZoneInfo(exercice.programme.time_zone)
    midnight = dt.time(tzinfo=zone)
    return (
        dt.datetime.combine(exercice.starts, midnight),
        dt.datetime.combine(exercice.ends + dt.timedelta(days=1), midnight),
    )


def _members(pair_ids: Iterable[int]) -> list[Member]:
    rows = PairMember.objects.filter(pair__in=pair_ids).values_list(
        "pair__ref", "part", "person__ref", "participation__person__ref", "person__user_id"
    )
    return [Member(pair, part, person or other, bool(person and user)) for pair, part, person, other, user in rows]


def _heads(members: list[Member]) -> Count:
    known = {m.person for m in members if m.person}
    unknown = sum(m.person is None for m in members)
    vouched = len({m.person for m in members if m.vouched})
    pairs = len({m.pair for m in members})
    total = len(known) + unknown
    return Count(total, Basis(vouched, pairs, total), frozenset((PERSON, ref) for ref in known))


def _received(exercice: Exercice, sides: list[str]) -> Count:
    start, end = bounds(exercice)
    rows = Participation.objects.filter(
        programme=exercice.programme, side__in=sides, received_at__gte=start, received_at__lt=end
    ).values_list("person__ref", "person__user_id")
    known = frozenset((PERSON, ref) for ref, _ in rows if ref)
    vouched = len({ref for ref, user in rows if ref and user})
    return Count(len(rows), Basis(people=vouched, units=len(rows)), known)
