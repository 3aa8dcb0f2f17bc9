"""« Appui au retour » : a day given by the agent, read by the two alone, never written in clear (field R14).

No instant is stored. Every quarter of an hour the scheduler opens the sealed rows of running pairs and looks whether a
chosen day has come; what was recalled is written in the same sealed line, by a conditional update on the line as it was
read. Run twice, late, or against the agent who changes the day at that moment, a day is recalled once or not at all.
Nothing here writes a journal entry, a transition, a version or a state. Why: docs/decisions/0012-return-dates.md.
"""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from pairing.enums import Milestone, PairState, Part, ReturnChannel, ReturnWay
from pairing.models import Pair, PairMember, ReturnPlan
from pairing.services import pairs
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.registry import Reach
from portal.services import mail
from programmes.enums import Form

LIVING = (PairState.ACCEPTED, PairState.ACTIVE, PairState.PAUSED)
HOUR = dt.time(10)
# A day recalled later than this helps nobody: it stays on the page.
LATE = dt.timedelta(days=7)
SHOWN = dt.timedelta(days=7)
END_DAYS, ERASE_DAYS = Milestone.END.value, Milestone.END.value + 30
BACK_DAYS, AHEAD_DAYS = 90, 730
NO_DAY = "0000-00-00"
KEPT = ReturnPlan._meta.get_field("kept")


@dataclass(frozen=True)
class Plan:
    """What a row holds once opened. `told`: the chosen days that were recalled, or passed before they were chosen."""

    on: dt.date
    milestones: tuple[Milestone, ...] = ()
    told: tuple[Milestone, ...] = ()
    channel: ReturnChannel = ReturnChannel.NONE
    ways: tuple[ReturnWay, ...] = ()

    def day(self, milestone: Milestone) -> dt.date:
        return self.on + dt.timedelta(days=milestone)

    @property
    def days(self) -> list[tuple[Milestone, dt.date]]:
        """The days chosen, in order."""
        return [(one, self.day(one)) for one in Milestone if one in self.milestones]

    @property
    def ends_on(self) -> dt.date:
        return self.on + dt.timedelta(days=END_DAYS)

    @property
    def erased_on(self) -> dt.date:
        return self.on + dt.timedelta(days=ERASE_DAYS)


# --- The sealed line: the same number of characters whatever it says ------------------------------------------------
def _line(plan: Plan | None) -> str:
    if plan is None:
        return "|".join((NO_DAY, "0" * len(Milestone), "0" * len(Milestone), ReturnChannel.NONE, "0" * len(ReturnWay)))

    def bits(closed: type, chosen: tuple) -> str:
        return "".join("1" if one in chosen else "0" for one in closed)

    told, ways = bits(Milestone, plan.told), bits(ReturnWay, plan.ways)
    return "|".join((plan.on.isoformat(), bits(Milestone, plan.milestones), told, plan.channel, ways))


def _plan(row: ReturnPlan) -> Plan | None:
    on, milestones, told, channel, ways = row.kept.open(row.ref).split("|")
    if on == NO_DAY:
        return None

    def chosen(closed: type, bits: str) -> tuple:
        return tuple(one for one, bit in zip(closed, bits, strict=True) if bit == "1")

    return Plan(
        dt.date.fromisoformat(on),
        chosen(Milestone, milestones),
        chosen(Milestone, told),
        ReturnChannel(channel),
        chosen(ReturnWay, ways),
    )


def _swap(row: ReturnPlan, plan: Plan | None) -> bool:
    """Write `plan` in the place of the line as it was read; False when somebody wrote meanwhile."""
    return bool(ReturnPlan.objects.filter(pk=row.pk, kept=row.kept).update(kept=KEPT.closed(_line(plan), row.ref)))


# --- Who may hold one ------------------------------------------------------------------------------------------------
def is_offered(pair: Pair) -> bool:
    """To the one who is accompanied, in a programme that offers this form. The pair itself does not say so."""
    return Form.RETURN in pair.programme.forms and pair.state in LIVING and pair.form != Form.RECIPROCAL


def read(pair: Pair) -> Plan | None:
    """For a page of the two: the caller has made sure of who reads."""
    row = _running().filter(member__pair=pair).first()
    return _plan(row) if row and not _is_over(row, pair.programme.time_zone) else None


def _is_over(row: ReturnPlan, zone: str) -> bool:
    plan = _plan(row)
    return plan is not None and clock.today(zone) >= plan.erased_on


def prepare() -> int:
    """An empty row for each running pair that may hold a day, so that having one tells nothing. How many."""
    helped = PairMember.objects.filter(part=Part.HELPED, live=True, person__isnull=False, return_plan=None)
    missing = helped.filter(pair__state__in=LIVING).select_related("pair__programme__lead_employer").order_by("pk")
    rows = [ReturnPlan(member=member) for member in missing if is_offered(member.pair)]
    for row in rows:
        row.kept = KEPT.closed(_line(None), row.ref)
    return len(ReturnPlan.objects.bulk_create(rows, ignore_conflicts=True))


# --- The agent ------------------------------------------------------------------------------------------------------
@transaction.atomic
def give(*, pair: Pair, by: Person, on: dt.date, milestones: list[int], channel: str, ways: list[str]) -> None:
    """Give the day, or change it, at any moment. Chosen days that are past are not recalled."""
    _own(pair, by)
    if not is_offered(pair):
        raise DomainError("Ce binôme n’est pas en cours.")
    prepare()
    row = ReturnPlan.objects.get(member__pair=pair, member__person=by)
    today = clock.today(pair.programme.time_zone)
    if not today - dt.timedelta(days=BACK_DAYS) <= on <= today + dt.timedelta(days=AHEAD_DAYS):
        raise DomainError("Choisissez un jour entre les trois derniers mois et les deux prochaines années.", field="on")
    if channel == ReturnChannel.MAIL and not mail.personal_address(by):
        raise DomainError("Donnez d’abord une adresse personnelle, dans « Mes données ».", field="channel")
    chosen = tuple(one for one in Milestone if one in milestones)
    plan = Plan(on, chosen, (), ReturnChannel(channel), tuple(one for one in ReturnWay if one in ways))
    past = tuple(one for one in chosen if _instant(plan, one, pair.programme.time_zone) <= clock.now())
    row.kept = _line(replace(plan, told=past))
    row.save(update_fields=["kept"])


@transaction.atomic
def withdraw(*, pair: Pair, by: Person) -> None:
    """The day goes at once, everywhere; nothing is asked."""
    for row in ReturnPlan.objects.filter(member=_own(pair, by)):
        row.kept = _line(None)
        row.save(update_fields=["kept"])


def _own(pair: Pair, by: Person) -> PairMember:
    member = pairs.member_of(pair, by)
    if member.part != Part.HELPED:
        raise Refused("Ce jour appartient à la personne que vous accompagnez : elle seule le donne ou le change.")
    return member


# --- The clock ------------------------------------------------------------------------------------------------------
def _instant(plan: Plan, milestone: Milestone, zone: str) -> dt.datetime:
    """Ten in the morning, an hour that every day has, clock changes included."""
    return dt.datetime.combine(plan.day(milestone), HOUR, clock.ZoneInfo(zone))


def _running():
    rows = ReturnPlan.objects.filter(member__live=True, member__pair__state__in=LIVING)
    return rows.select_related("member__person__user", "member__pair__programme__lead_employer").order_by("pk")


def remind() -> int:
    """Recall the chosen days that have come, to the agent alone, by the personal address or not at all. How many."""
    prepare()
    return sum(_remind(row) for row in _running())


def _remind(row: ReturnPlan) -> bool:
    plan, pair, person = _plan(row), row.member.pair, row.member.person
    if plan is None or person is None:
        return False
    now, zone = clock.now(), pair.programme.time_zone
    due = [one for one, _ in plan.days if one not in plan.told and _instant(plan, one, zone) <= now]
    if not due or clock.today(zone) >= plan.erased_on:
        return False
    wanted = plan.channel == ReturnChannel.MAIL and now - _instant(plan, due[-1], zone) <= LATE
    with transaction.atomic():
        if not _swap(row, replace(plan, told=(*plan.told, *due))):
            return False
        if not (wanted and mail.personal_address(person)):
            return False
        # The same kind, the same form of key as any news of a pair: nothing tells what it recalls.
        about = UUID(bytes=salted_hmac("pairing.returns", f"{row.ref}|{plan.on}|{due[-1]}").digest()[:16], version=4)
        mail.post(
            kind="pairing/news",
            key=f"pair:{pair.ref}:news:{about}:{person.ref}",
            person=person,
            object_ref=pair.ref,
            asked=True,
        )
    return True


def recalled(person: Person) -> list[UUID]:
    """The pairs of this person where a chosen day came less than a week ago: a word on the home page of the two."""
    found = []
    for row in _running().filter(member__pair__members__person=person):
        plan, pair = _plan(row), row.member.pair
        since = [clock.now() - _instant(plan, one, pair.programme.time_zone) for one, _ in plan.days] if plan else []
        if any(dt.timedelta() <= one < SHOWN for one in since):
            found.append(pair.ref)
    return found


def forget() -> int:
    """Thirty days after the end, or with the pair: the line becomes an empty one. How many."""
    over = [row for row in _running() if _is_over(row, row.member.pair.programme.time_zone)]
    gone = sum(_swap(row, None) for row in over)
    return gone + drop(ReturnPlan.objects.exclude(member__live=True, member__pair__state__in=LIVING))


def drop(rows) -> int:
    return rows.delete()[1].get(ReturnPlan._meta.label, 0)


# --- What else is written to somebody who prepares a return --------------------------------------------------------
def reach(person: Person) -> Reach:
    """REACH hook: until the day, only what was asked; until the end, never at a professional address."""
    found = Reach.ANY
    # Asked for every message that leaves: one narrow question for the many who prepare nothing.
    if not ReturnPlan.objects.filter(member__person=person).exists():
        return found
    for row in _running().filter(member__person=person):
        plan, today = _plan(row), clock.today(row.member.pair.programme.time_zone)
        if plan and today < plan.on:
            return Reach.ASKED
        if plan and today < plan.erased_on:
            found = Reach.PERSONAL
    return found


def mine(person: Person) -> list[ReturnPlan]:
    """One's own, in words, to take away. Whoever accompanies reads the day on the page, and takes nothing away."""
    found = [row for row in _running().filter(member__person=person) if _plan(row)]
    for row in found:
        plan = _plan(row)
        row.kept = ", ".join(
            [
                plan.on.isoformat(),
                *(one.label for one, _ in plan.days),
                plan.channel.label,
                *(w.label for w in plan.ways),
            ]
        )
    return found
