"""What the team follows of a pair: its opening meeting, then a practical point of twenty minutes at 30 days and every 60.

Days and states only. Points are reckoned from dates, so that a task run late, twice or never changes nothing: of several
missed, the last one alone is to be held. Nobody follows their own pair (decision 17).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid5

from django.db import IntegrityError, transaction

from pairing.enums import OPENING_WAYS, OpeningWay, PairState
from pairing.models import Opening, Pair, PairMember, PairPoint
from pairing.services import pairs
from pairing.services.moves import tell
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal
from programmes.enums import Form, Origin
from programmes.models import Programme
from programmes.services import agenda, gates

FIRST_DAYS, EVERY_DAYS, MINUTES = 30, 60, 20
OPENING = {Form.PAIR: "pair-opening", Form.RETURN: "pair-opening", Form.RECIPROCAL: "reciprocal-opening"}
RUNNING = (PairState.ACTIVE, PairState.PAUSED)
NOT_RUNNING = "Ce binôme n’est pas en cours."
OWN = "Vous participez à ce binôme : quelqu’un d’autre le suit."


@dataclass(frozen=True)
class Followed:
    """A pair as its follower sees it. `opening`: planned, late, open, held, or nothing left to do."""

    way: OpeningWay
    opening: str
    row: Opening | None
    due: int | None
    next_on: dt.date | None


# --- Points ---------------------------------------------------------------------------------------------------------
def began(pair: Pair) -> dt.date | None:
    """The day points are reckoned from; for a pair older than the portal, the day it was entered."""
    at = pair.proposed_at if pair.origin == Origin.BEFORE else pair.active_at
    return at.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date() if at else None


def day_of(pair: Pair, number: int) -> dt.date:
    return began(pair) + dt.timedelta(days=FIRST_DAYS + EVERY_DAYS * (number - 1))


def _reached(pair: Pair) -> int:
    """The rank of the last point whose day has come; 0 before the first."""
    days = (clock.today(pair.programme.time_zone) - began(pair)).days
    return 0 if days < FIRST_DAYS else 1 + (days - FIRST_DAYS) // EVERY_DAYS


def _held(pair: Pair) -> int:
    return max((point.number for point in pair.points.all()), default=0)


def point_due(pair: Pair) -> int | None:
    """The rank of the point to hold now, if any; none while the pair is paused."""
    if pair.state != PairState.ACTIVE or began(pair) is None:
        return None
    reached = _reached(pair)
    return reached if reached > _held(pair) else None


def next_point(pair: Pair) -> dt.date | None:
    """The day of the next one to come."""
    if pair.state != PairState.ACTIVE or began(pair) is None:
        return None
    return day_of(pair, max(_reached(pair), _held(pair)) + 1)


@transaction.atomic
def hold_point(*, pair: Pair, by: Person) -> None:
    """Done: one click, no word. Twice is once."""
    _not_ones_own(pair, by)
    number = point_due(pair)
    if number is None:
        if _held(pair):
            return
        raise DomainError("Aucun point n’est à faire pour l’instant.")
    try:
        with transaction.atomic():
            PairPoint.objects.create(
                pair=pair, number=number, done_on=clock.today(pair.programme.time_zone), by_ref=by.ref
            )
    except IntegrityError:
        return
    _heard(pair, by)


# --- The opening meeting ----------------------------------------------------------------------------------------------
def way_of(programme: Programme, form: str) -> OpeningWay:
    """The programme's own way for this form of support."""
    return OPENING_WAYS[gates.value(programme, OPENING[form])] if form in OPENING else OpeningWay.DUO


def opening_of(pair: Pair) -> Opening | None:
    return Opening.objects.filter(pair=pair).first()


def way(pair: Pair) -> OpeningWay:
    row = opening_of(pair)
    return OpeningWay(row.way) if row and row.way else way_of(pair.programme, pair.form)


@transaction.atomic
def plan_opening(
    *, pair: Pair, by: Person, seen: int, way: str, starts_at: dt.datetime | None, minutes: int, channel: str
) -> Opening:
    """How this pair opens, and when; the two are told, and may prefer another day, or to be alone."""
    _not_ones_own(pair, by)
    if pair.state not in RUNNING:
        raise DomainError(NOT_RUNNING)
    if way == OpeningWay.DUO and starts_at:
        raise DomainError("À deux, les dates sont les leurs : ne fixez pas de jour.", field="day")
    if starts_at and starts_at <= clock.now():
        raise DomainError("Choisissez une date à venir.", field="day")
    row, _ = Opening.objects.get_or_create(pair=pair)
    if row.held_on:
        raise DomainError("Cette rencontre est déjà notée comme tenue.")
    fields = {"way": way, "starts_at": starts_at, "minutes": minutes, "channel": channel, "by_ref": by.ref}
    if not Opening.objects.filter(pk=row.pk, version=seen).update(version=seen + 1, **fields):
        raise DomainError("Cette page a changé entre-temps : relisez-la.")
    row.refresh_from_db()
    journal.log(actor=by, verb=Verb.CHANGED, target=row, employer=pair.programme.lead_employer)
    tell(pair, "news", but=by, about=f"opening:{row.version}")
    return row


@transaction.atomic
def hold_opening(*, pair: Pair, by: Person) -> None:
    """It took place: on the day planned if that day is over or today, else today. Twice is once."""
    _not_ones_own(pair, by)
    if pair.state not in RUNNING:
        raise DomainError(NOT_RUNNING)
    if way(pair) == OpeningWay.DUO:
        raise DomainError("Ce binôme s’ouvre à deux : rien n’est à noter ici.")
    row, _ = Opening.objects.get_or_create(pair=pair)
    today = clock.today(pair.programme.time_zone)
    planned = row.starts_at.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date() if row.starts_at else today
    held = Opening.objects.filter(pk=row.pk, held_on=None)
    if held.update(held_on=min(planned, today), by_ref=by.ref, version=row.version + 1):
        _heard(pair, by)


@transaction.atomic
def prefer(*, pair: Pair, by: Person, alone: bool) -> None:
    """A member prefers that the two open alone, or another day; no reason is asked."""
    pairs.member_of(pair, by)
    row, _ = Opening.objects.get_or_create(pair=pair)
    if pair.state not in RUNNING or row.held_on:
        raise DomainError("Cette rencontre n’est plus à prévoir.")
    changes = {"starts_at": None, "by_ref": None, "version": row.version + 1}
    Opening.objects.filter(pk=row.pk, held_on=None).update(**changes | ({"way": OpeningWay.DUO} if alone else {}))
    tell(pair, "news", but=by, about=f"opening:{row.version + 1}")


def opening_diary(row: Opening, member: PairMember) -> bytes:
    """For one's own diary; each member's file has its own key (services/dates.py)."""
    return agenda.appointment(uid=uuid5(row.ref, f"member:{member.pk}"), on=row.starts_at, minutes=row.minutes)


# --- Lists ----------------------------------------------------------------------------------------------------------
def look(rows: Iterable[Pair]) -> dict[int, Followed]:
    """Each pair of a list as its follower sees it; `opening_meeting` and `points` are prefetched by with_follow()."""
    ways: dict[tuple, OpeningWay] = {}
    found = {}
    for pair in rows:
        key = (pair.programme_id, pair.form)
        if key not in ways:
            ways[key] = way_of(pair.programme, pair.form)
        row = getattr(pair, "opening_meeting", None)
        here = OpeningWay(row.way) if row and row.way else ways[key]
        found[pair.pk] = Followed(here, _opening_state(pair, row, here), row, point_due(pair), next_point(pair))
    return found


def with_follow(rows):
    return rows.select_related("programme__lead_employer", "opening_meeting").prefetch_related("points")


def _opening_state(pair: Pair, row: Opening | None, here: OpeningWay) -> str:
    if row and row.held_on:
        return "held"
    if here == OpeningWay.DUO or pair.state not in RUNNING or pair.origin == Origin.BEFORE:
        return ""
    if row and row.starts_at:
        return "planned" if row.starts_at > clock.now() else "late"
    return "open" if pair.first_met_on is None else ""


def of_referent(programme: Programme, person: Person) -> list[Followed]:
    """Running pairs that no référent de binôme follows and that are not the reader's own."""
    rows = programme.pairs.filter(state__in=RUNNING, referee=None)
    rows = with_follow(rows.exclude(members__person=person)).order_by("pk")
    return list(look(rows).values())


def _not_ones_own(pair: Pair, by: Person) -> None:
    if pair.members.filter(person=by).exists():
        raise Refused(OWN)


def _heard(pair: Pair, by: Person) -> None:
    """Somebody saw the two: that is news (services/quiet.py)."""
    Pair.objects.filter(pk=pair.pk).update(alive_on=clock.today(pair.programme.time_zone))
    journal.log(actor=by, verb=Verb.CHANGED, target=pair, employer=pair.programme.lead_employer)
