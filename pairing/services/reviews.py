"""A review at half-way and at the end, offered to the members and read by them alone; the team knows « proposé » or « fait ».

Closed lists, of oneself and of the frame. What is ticked is sealed at one length, whatever is ticked.
"""

import datetime as dt

from django.db import transaction

from pairing.enums import TICKS, Moment, PairState, Tick
from pairing.models import Pair, PairMember, ReviewAnswer
from pairing.services import pairs
from portal import clock
from portal.errors import DomainError
from portal.models import Person
from programmes.enums import Origin

# Half-way of a pair without a cycle: domain.md e, a pair lasts six months.
HALF_DAYS, END_DAYS = 90, 60
RUNNING = (PairState.ACTIVE, PairState.PAUSED)
OFFERED, DONE = "proposé", "fait"


def half_day(pair: Pair) -> dt.date | None:
    """The middle of the pair's time: of what is left of its cycle when it started, else three months on."""
    if pair.active_at is None:
        return None
    began = pair.active_at.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date()
    left = (pair.cycle.ends - began).days if pair.cycle else 0
    return began + dt.timedelta(days=left // 2 if left > 0 else HALF_DAYS)


def offered(pair: Pair) -> Moment | None:
    """The review asked now, if any: from half-way as long as the pair runs, then for sixty days after its end."""
    today = clock.today(pair.programme.time_zone)
    if pair.origin != Origin.PORTAL or pair.active_at is None:
        return None
    if pair.state == PairState.ENDED:
        return Moment.END if today - pair.ended_on <= dt.timedelta(days=END_DAYS) else None
    return Moment.HALF if pair.state in RUNNING and today >= half_day(pair) else None


def own(member: PairMember, moment: Moment) -> list[Tick] | None:
    row = ReviewAnswer.objects.filter(member=member, moment=moment).first()
    return _open(row) if row else None


def of_the_others(pair: Pair, member: PairMember, moment: Moment) -> list[tuple[Person, list[Tick]]]:
    """Once this member has answered: what each other one ticked, if they answered."""
    rows = ReviewAnswer.objects.filter(member__pair=pair, moment=moment).select_related("member__person")
    found = list(rows.exclude(member__person=None).order_by("member__pk"))
    if member.pk not in {row.member_id for row in found}:
        return []
    return [(row.member.person, _open(row)) for row in found if row.member_id != member.pk]


@transaction.atomic
def answer(*, pair: Pair, by: Person, moment: str, ticks: list[str]) -> None:
    """Answer, or answer again: the last one holds."""
    member = pairs.member_of(pair, by)
    if moment != offered(pair):
        raise DomainError("Ce bilan n’est plus proposé.")
    if not set(ticks) <= {tick.value for tick in TICKS[Moment(moment)]}:
        raise DomainError("Cochez des cases de la liste.", field="ticks")
    row = {"ticks": _seal(ticks), "answered_on": clock.today(pair.programme.time_zone)}
    ReviewAnswer.objects.update_or_create(member=member, moment=moment, defaults=row)


@transaction.atomic
def forget(*, pair: Pair, by: Person, moment: str) -> None:
    """The author erases what they ticked."""
    ReviewAnswer.objects.filter(member=pairs.member_of(pair, by), moment=moment).delete()


def states(pair: Pair) -> list[tuple[Moment, str]]:
    """For the team: each review offered so far, « proposé » or « fait » (everybody answered). Never what was ticked.

    Nothing once somebody is gone: « everybody » would be one person, and say whether that one answered.
    """
    if pair.origin != Origin.PORTAL or pair.active_at is None:
        return []
    members = {member.pk for member in pair.members.all() if member.person_id}
    if len(members) < len(pair.members.all()):
        return []
    answered = {moment: set() for moment in Moment}
    for member, moment in ReviewAnswer.objects.filter(member__in=members).values_list("member_id", "moment"):
        answered[Moment(moment)].add(member)
    until = pair.ended_on or clock.today(pair.programme.time_zone)
    asked = [Moment.HALF] if half_day(pair) <= until else []
    asked += [Moment.END] if pair.state == PairState.ENDED else []
    return [(moment, DONE if answered[moment] == members else OFFERED) for moment in asked]


def in_words(person: Person) -> list[ReviewAnswer]:
    """One's own answers, to take away."""
    found = list(ReviewAnswer.objects.filter(member__person=person).order_by("pk"))
    for row in found:
        row.ticks = [tick.label for tick in _open(row)]
    return found


def _seal(ticks: list[str]) -> str:
    return "".join("x" if tick.value in ticks else "-" for tick in Tick)


def _open(row: ReviewAnswer) -> list[Tick]:
    return [tick for tick, mark in zip(Tick, row.ticks.open(row.ref), strict=True) if mark == "x"]
