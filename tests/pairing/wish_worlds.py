"""A room of peers, or of two sides, met and ready to write wishes; built through the services."""

import contextlib
import datetime as dt
import uuid

from pairing.enums import Part
from pairing.models import WishRound, WishSeat
from pairing.services import dating, wishes
from portal import clock
from programmes.enums import Form, Side
from programmes.models import Participation, Programme
from tests.builders import make_participation, make_programme, referent_of

LETTERS = "ABCDEFGHIJ"


def in_a_week(programme: Programme) -> dt.datetime:
    return clock.noon(clock.today(programme.time_zone) + dt.timedelta(days=7), programme.time_zone)


def plan(programme: Programme, people: list[Participation], form: Form = Form.RECIPROCAL, **changes) -> WishRound:
    starts = in_a_week(programme)
    asked = {"starts_at": starts, "minutes": 8, "wishes_until": starts.date() + dt.timedelta(days=5)} | changes
    return dating.plan(
        programme=programme, form=form, receipt=uuid.uuid4(), invited=people, by=referent_of(programme), **asked
    )


def peers(count: int = 8, **settings) -> tuple[Programme, list[Participation]]:
    """People who joined one after the other, a day between each: the first waits for the longest."""
    programme = make_programme(forms=["reciprocal"], **settings)
    rows = []
    for number in range(count):
        row = make_participation(programme, Side.PEER)
        row.waiting_since = clock.now() - dt.timedelta(days=count - number)
        row.save(update_fields=["waiting_since"])
        rows.append(row)
    return programme, rows


def two_sides(helped: int = 3, helpers: int = 3) -> tuple[Programme, list[Participation]]:
    programme = make_programme(forms=["pair"])
    rows = [make_participation(programme, Side.HELPED) for _ in range(helped)]
    return programme, rows + [make_participation(programme, Side.HELPER) for _ in range(helpers)]


def everybody_comes(row: WishRound) -> None:
    for seat in row.seats.select_related("participation__person", "round__programme"):
        dating.answer(seat=seat, coming=True, by=seat.participation.person)


def met(row: WishRound) -> WishRound:
    """Everybody came, and the plan was made."""
    everybody_comes(row)
    dating.draw(row=row, by=referent_of(row.programme))
    return row


def seat_of(row: WishRound, participation: Participation) -> WishSeat:
    rows = row.seats.select_related("round__programme__lead_employer", "participation__person")
    return rows.get(participation=participation)


@contextlib.contextmanager
def after(row: WishRound, **delay):
    """The session is over."""
    with clock.at(row.starts_at + dt.timedelta(**(delay or {"hours": 2}))):
        yield


def write(row: WishRound, whose: Participation, *names: Participation) -> None:
    wishes.choose(row=seat_of(row, whose), choices=list(names), by=whose.person)


def staged(run) -> set[frozenset[int]]:
    """Pairs of keys of participations."""
    return {
        frozenset(member.participation_id for member in candidate.members.all()) for candidate in run.candidates.all()
    }


PARTS = {Side.PEER: Part.PEER, Side.HELPED: Part.HELPED, Side.HELPER: Part.HELPER}
