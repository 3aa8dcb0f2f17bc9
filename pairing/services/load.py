"""A load that grows, read from counts alone: the helper reads it first, a week later it invites the référent to a talk.

Never a score, never stored: what was known a week ago is read again (rows noted since then are left out), and once it
has lasted a month more the invitation goes. The référent reads a name and no reason (domain.md h.3, field R8).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pairing.enums import PairState, Part
from pairing.models import PairMember
from pairing.services import hours, supervision
from pairing.services.hours import Facts
from pairing.services.supervision_signals import ALONE, INVITED
from portal import clock
from portal.models import Person
from programmes.models import Participation, Programme

TOO_MUCH, OF = 6, 5  # 120 %
MONTHS_RUNNING = 2
PAIRS = 2
RECENT, EARLIER = dt.timedelta(days=28), dt.timedelta(days=84)
OFTEN, RHYTHM = 4, 3  # meetings in the recent weeks; in the earlier ones, for a rise to mean something


class Signal(StrEnum):
    HOURS = "hours"
    PAIRS = "pairs"
    RISE = "rise"


SAID = {
    Signal.HOURS: "Deux mois de suite, vos heures dépassent de plus d’un cinquième ce que prévoit votre lettre.",
    Signal.PAIRS: "Vous êtes dans plus de deux binômes.",
    Signal.RISE: "Vos rencontres sont devenues nettement plus fréquentes.",
}


def own(person: Person) -> list[Signal]:
    """What `person` alone reads, from the day it is true."""
    rows = list(supervision.in_mission().filter(person=person).select_related("programme__lead_employer"))
    found, since = hours.facts(rows), _pairs(rows)
    read = {signal for row in rows for signal in at(row, found[row.pk], since.get(row.pk, []), clock.now())}
    return [signal for signal in Signal if signal in read]


def to_invite(programme: Programme, but: Person) -> list[Participation]:
    """Whom the référent may offer a talk to: true now, true a week ago, and not for more than a month since."""
    rows = list(supervision.supervised(programme).exclude(person=but).select_related("programme__lead_employer"))
    found, pairs, now = hours.facts(rows), _pairs(rows), clock.now()
    invited = []
    for row in rows:
        one, since = found[row.pk], pairs.get(row.pk, [])
        lasting = at(row, one, since, now) & at(row, one, since, now - ALONE)
        if lasting - at(row, one, since, now - ALONE - INVITED):
            invited.append(row)
    return invited


def at(row: Participation, one: Facts, pairs: Iterable[dt.datetime], moment: dt.datetime) -> set[Signal]:
    """What was true at `moment`, from what was known then."""
    day = moment.astimezone(clock.ZoneInfo(row.programme.time_zone)).date()
    found = set()
    if all(_over(one, month, moment) for month in hours.ended(day, MONTHS_RUNNING)):
        found.add(Signal.HOURS)
    if sum(since <= moment for since in pairs) > PAIRS:
        found.add(Signal.PAIRS)
    if _rises(one, day, moment):
        found.add(Signal.RISE)
    return found


def _over(one: Facts, month: dt.date, known: dt.datetime) -> bool:
    return one.whole(month) and one.used(month, known) * OF > one.planned(month) * TOO_MUCH


def _rises(one: Facts, day: dt.date, known: dt.datetime) -> bool:
    """In one pair: twice as often as in the three months before, and every week or so. A new pair has no before."""
    recent, earlier = Counter(), Counter()
    for pair, on, _, noted in one.met:
        if noted <= known and day - RECENT <= on < day:
            recent[pair] += 1
        elif noted <= known and day - RECENT - EARLIER <= on < day - RECENT:
            earlier[pair] += 1
    spans = EARLIER // RECENT
    return any(
        number >= OFTEN and earlier[pair] >= RHYTHM and number * spans >= 2 * earlier[pair]
        for pair, number in recent.items()
    )


def _pairs(rows: list[Participation]) -> dict[int, list[dt.datetime]]:
    """Since when each of the running pairs of each runs."""
    running = PairMember.objects.filter(
        participation__in=[row.pk for row in rows],
        part__in=[Part.HELPER, Part.PEER],
        pair__state__in=[PairState.ACTIVE, PairState.PAUSED],
        pair__active_at__isnull=False,
    )
    found: dict[int, list[dt.datetime]] = {}
    for participation, since in running.values_list("participation", "pair__active_at"):
        found.setdefault(participation, []).append(since)
    return found
