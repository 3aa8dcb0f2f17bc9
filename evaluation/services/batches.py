"""Who is asked: the whole batch of a cycle at a moment, never a chosen list (decisions 18, 30, 47)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from evaluation.enums import Moment
from pairing.enums import LIVE, PairState, Part
from pairing.models import Pair, PairMember
from portal import clock
from portal.models import Person
from programmes.enums import ParticipationState, Side
from programmes.models import Cycle, Participation, Programme

# Somebody on both sides of a cycle is asked once, as the first of these.
SIDES = (Side.HELPER, Side.HELPED, Side.PEER)
BEFORE_CYCLE_DAYS, AFTER_CYCLE_DAYS = 60, 120
# Around three months in; around six months after the end.
MID_DAYS, LATER_DAYS, LATEST_DAYS = 60, 150, 270


@dataclass
class Batch:
    """Everybody of a cycle who is asked at that moment: nobody picks the list."""

    sides: dict[Person, str] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)

    @property
    def vouched(self) -> Counter:
        """Invitations by side that count towards a threshold: people with an account (decision 47)."""
        return Counter(side for person, side in self.sides.items() if person.user_id)

    @property
    def people(self) -> int:
        return sum(self.vouched.values())


def batch(cycle: Cycle, moment: str) -> Batch:
    """At departure: members of live pairs, and accepted helpers. Half-way: members of live pairs, and those who still help.

    At the end and after: members of all the pairs that lived.
    """
    found = Batch()
    pairs = pairs_of(cycle)
    pairs = pairs.filter(state__in=LIVE) if moment == Moment.T0 else pairs.filter(active_at__isnull=False)
    members = PairMember.objects.filter(pair__in=pairs, person__isnull=False).select_related("person")
    if moment == Moment.MID:
        live = pairs.filter(state__in=LIVE)
        members = members.filter(
            Q(pair__in=live) | Q(part=Part.HELPER, participation__state=ParticipationState.ACCEPTED)
        )
        pairs = live
    found.pairs = list(pairs.select_related("programme__lead_employer").order_by("pk"))
    people: dict[Person, set[str]] = {}
    for member in members:
        people.setdefault(member.person, set()).add(member.part)
    if moment == Moment.T0:
        helpers = Participation.objects.filter(
            programme=cycle.programme_id, side=Side.HELPER, state=ParticipationState.ACCEPTED, person__isnull=False
        )
        for participation in helpers.select_related("person"):
            people.setdefault(participation.person, set()).add(Side.HELPER)
    for person in sorted(people, key=lambda person: (person.sort_key, person.pk)):
        found.sides[person] = next(side for side in SIDES if side in people[person])
    return found


def season(cycle: Cycle, moment: str) -> tuple[dt.date, dt.date]:
    """First and last day on which the survey of this moment makes sense; half-way and end never at once."""
    days, middle = dt.timedelta, cycle.starts + (cycle.ends - cycle.starts) / 2
    if moment == Moment.T0:
        return cycle.starts - days(BEFORE_CYCLE_DAYS), cycle.ends
    if moment == Moment.MID:
        early = min(days(MID_DAYS), (cycle.ends - cycle.starts) / 3)
        return cycle.starts + early, middle - days(1)
    if moment == Moment.LATER:
        return cycle.ends + days(LATER_DAYS), cycle.ends + days(LATEST_DAYS)
    return middle, cycle.ends + days(AFTER_CYCLE_DAYS)


def pairs_of(cycle: Cycle) -> QuerySet[Pair]:
    """The cycle's pairs; one proposed without naming a cycle belongs to the first that was not over that day."""
    before = Cycle.objects.filter(programme=cycle.programme_id, number__lt=cycle.number).order_by("number").last()
    unnamed = Q(cycle__isnull=True, proposed_at__lt=midnight_after(cycle.ends, cycle.programme))
    if before:
        unnamed &= Q(proposed_at__gte=midnight_after(before.ends, cycle.programme))
    return Pair.objects.filter(Q(cycle=cycle) | unnamed, programme=cycle.programme_id).exclude(state=PairState.LAPSED)


def lived_pairs(person: Person) -> QuerySet[Pair]:
    """The pairs a person is in today."""
    mine = PairMember.objects.filter(person=person).values("pair")
    return (
        Pair.objects.filter(pk__in=mine, state__in=LIVE, active_at__isnull=False)
        .order_by("pk")
        .prefetch_related("members__person")
    )


def cycle_of(pair: Pair) -> Cycle | None:
    if pair.cycle_id:
        return pair.cycle
    day = pair.proposed_at.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date()
    return pair.programme.cycles.filter(ends__gte=day).order_by("number").first()


def midnight_after(day: dt.date, programme: Programme) -> dt.datetime:
    """The first instant after `day`, where the employer lives."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(tzinfo=clock.ZoneInfo(programme.time_zone)))
