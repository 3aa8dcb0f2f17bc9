"""Counting one exercice: raw values and who could be counted. Here and beside, rows become numbers; nowhere else."""

import statistics
from zoneinfo import ZoneInfo

from django.db.models import F, Min

from evaluation.disclosure.rules import Basis, delay_class, pairs_told
from evaluation.services import collective_figures, frame, outreach_figures, past, support_figures
from evaluation.services.counts import PAIR, Count, Member, bounds, eligible_pairs, members_of, people_units
from pairing.enums import ESTIMATED_MINUTES, PairState, Part
from pairing.models import HoursTally, Meeting, PairMember
from pairing.services.monthly import more_than_noted
from portal.models import Transition
from programmes.enums import ParticipationState, Side
from programmes.models import Exercice, Participation


def collect(exercice: Exercice) -> dict[str, Count | str]:
    """Every indicator that rows of the portal can feed, for this exercice; a label where there is no object."""
    pairs = dict(eligible_pairs(exercice).values_list("pk", "ref"))
    refs = frozenset(pairs.values())
    members = members_of(pairs)
    held = Meeting.objects.filter(pair__in=pairs, on__range=(exercice.starts, exercice.ends))
    meetings = list(held.values_list("pair__ref", "minutes"))
    # Numbers given for a month: what they add to the meetings noted one by one, each of an estimated length.
    for more in more_than_noted(pairs, exercice.starts, exercice.ends):
        meetings += [(more.pair, None)] * more.number
    people = len({m.person for m in members if m.vouched})
    met = frozenset(ref for ref, _ in meetings)
    minutes = sum(ESTIMATED_MINUTES if m is None else m for _, m in meetings)
    told = pairs_told(len(refs), (exercice.ends - exercice.starts).days + 1)
    fed = Basis(people=people, pairs=told)
    units = frozenset((PAIR, ref) for ref in refs)
    helpers = [m for m in members if m.part == Part.HELPER]
    return {
        "B01": _received(exercice, [Side.HELPER]),
        "B03": _received(exercice, [Side.HELPED, Side.PEER]),
        "B04": _first_answers(exercice),
        "B05": _until_a_pair(exercice),
        "P01": _heads(members),
        "B06": _heads(helpers),
        "E01": Count(len(met), Basis(people, told, len(refs)), units),
        "E02": Count(len(meetings), fed, units),
        "E06R": Count(minutes, fed, units),
        "E06": _mission(exercice, minutes, fed, units | people_units({m.person for m in helpers if m.person})),
        **frame.collect(exercice),
        **outreach_figures.collect(exercice),
        **past.collect(exercice),
        **collective_figures.collect(exercice),
        **support_figures.collect(exercice),
    }


def _mission(exercice: Exercice, minutes: int, fed: Basis, units: frozenset) -> Count:
    """Meetings, and the rest of each helper's time: decided on who could be counted, whether or not they noted any."""
    rows = HoursTally.objects.filter(
        participation__programme=exercice.programme, month__range=(exercice.starts, exercice.ends)
    ).values_list("minutes", "participation__person__ref")
    # Whoever could note some stands behind the figure: a refusal never says how many did.
    return Count(minutes + sum(row[0] for row in rows), fed, units | people_units(ref for _, ref in rows))


def _heads(members: list[Member]) -> Count:
    known = {m.person for m in members if m.person}
    unknown = sum(m.person is None for m in members)
    vouched = len({m.person for m in members if m.vouched})
    pairs = len({m.pair for m in members})
    total = len(known) + unknown
    return Count(total, Basis(vouched, pairs, total), people_units(known))


def _sent(exercice: Exercice):
    """Requests sent in the portal; what was accepted before its information could be read was taken over as it stood."""
    rows = Participation.objects.filter(programme=exercice.programme)
    return rows.exclude(entered_by_ref__isnull=False, information_read_at__gt=F("accepted_at"))


def _received(exercice: Exercice, sides: list[str]) -> Count:
    start, end = bounds(exercice)
    rows = (
        _sent(exercice)
        .filter(side__in=sides, received_at__gte=start, received_at__lt=end)
        .values_list("person__ref", "person__user_id")
    )
    vouched = len({ref for ref, user in rows if ref and user})
    return Count(len(rows), Basis(people=vouched, units=len(rows)), people_units(ref for ref, _ in rows))


def _first_answers(exercice: Exercice) -> Count:
    """Days from a request of the exercice to its first answer by somebody else."""
    start, end = bounds(exercice)
    asked = _sent(exercice).filter(received_at__gte=start, received_at__lt=end)
    rows = {row.ref: row for row in asked.select_related("person")}
    answered = (
        Transition.objects.filter(object_ref__in=rows, at__lt=end)
        .exclude(to_state=ParticipationState.WITHDRAWN)
        .values("object_ref")
        .annotate(first=Min("at"))
    )
    waits = [(rows[row["object_ref"]], rows[row["object_ref"]].received_at, row["first"]) for row in answered]
    return _delay(exercice, [(row.person, since, until) for row, since, until in waits])


def _until_a_pair(exercice: Exercice) -> Count:
    """Days from a request to the yes of everybody in the first pair, for pairs formed in the exercice."""
    start, end = bounds(exercice)
    rows = (
        PairMember.objects.filter(pair__programme=exercice.programme, participation__isnull=False)
        .exclude(part=Part.HELPER)
        .exclude(pair__state=PairState.LAPSED)
        .filter(pair__all_yes_at__isnull=False, pair__declared_meetings__isnull=True)
        .select_related("pair", "participation__person")
        .order_by("pair__all_yes_at")
    )
    first: dict[int, PairMember] = {}
    for row in rows:
        first.setdefault(row.participation_id, row)
    formed = [row for row in first.values() if start <= row.pair.all_yes_at < end]
    return _delay(exercice, [(r.participation.person, r.participation.received_at, r.pair.all_yes_at) for r in formed])


def _delay(exercice: Exercice, waits: list[tuple]) -> Count:
    """The class of the median wait, in days as lived by the employer."""
    zone = ZoneInfo(exercice.programme.time_zone)
    days = [(until.astimezone(zone).date() - since.astimezone(zone).date()).days for _, since, until in waits]
    refs = {person.ref for person, *_ in waits if person and person.user_id}
    median = statistics.median(days) if days else 0
    return Count(delay_class(median), Basis(people=len(refs)), people_units(refs))
