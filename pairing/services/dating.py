"""A dating session: « rencontres croisées ». Everybody meets everybody for a few minutes, by a plan drawn for the room.

People kept apart by a rule or a private wish never meet, and nobody can tell: matching/dating.py leaves whole turns out.
The draw follows from who is there alone (a keyed hash), and people who did not meet by a plan never do by the next one:
to draw again, or to take somebody out and back, teaches nothing (docs/decisions/0011).
"""

import datetime as dt
import random
from collections.abc import Collection
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from pairing.access import helpers_with_a_place, waiting_for_a_pair
from pairing.enums import RoundState, RunMode, SeatAnswer
from pairing.matching import dating as tables
from pairing.models import Encounter, WishRound, WishSeat
from pairing.models.wishes import MINUTES
from pairing.services import wishes
from pairing.services.rules import Exclusions
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal, receipts
from programmes.access import may_decide
from programmes.enums import Form, Side
from programmes.models import Cycle, Participation, Programme

# Under this, an absent meeting would say too much (domain.md e: 6 to 20 volunteers).
PEERS, A_SIDE, SEATS = 6, 3, 40
WISH_DAYS = 14
FEW = "Il faut au moins six personnes, et trois de chaque côté quand l’une accompagne l’autre."


def may_come(programme: Programme, form: Form) -> list[Participation]:
    """Who can be invited: people who look for a pair, and helpers with a place."""
    if form == Form.RECIPROCAL:
        return list(waiting_for_a_pair(programme, Side.PEER).select_related("person"))
    waiting = waiting_for_a_pair(programme, Side.HELPED).select_related("person")
    return [*waiting, *helpers_with_a_place(programme).select_related("person")]


@transaction.atomic
def plan(
    *,
    programme: Programme,
    form: Form,
    receipt: UUID,
    starts_at: dt.datetime,
    minutes: int,
    wishes_until: dt.date,
    invited: Collection[Participation],
    by: Person,
    at_most: int | None = None,
    channel: str = "",
    place: str = "",
    cycle: Cycle | None = None,
) -> WishRound:
    """A date, and everybody invited told by a neutral message."""
    if earlier := receipts.earlier(key=receipt):
        return programme.wish_rounds.get(ref=earlier)
    zone = clock.ZoneInfo(programme.time_zone)
    day = starts_at.astimezone(zone).date()
    if starts_at <= clock.now():
        raise DomainError("Choisissez un moment à venir.", field="on")
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise DomainError("Un tour dure entre 5 et 20 minutes.", field="minutes")
    if not day <= wishes_until <= day + dt.timedelta(days=WISH_DAYS):
        raise DomainError("Les vœux se closent dans les deux semaines après la séance.", field="wishes_until")
    if not all(may_decide(by, row) for row in invited):
        raise Refused("Vous participez à ces rencontres : une autre personne de l’équipe les organise.")
    if not {row.pk for row in invited} <= {row.pk for row in may_come(programme, form)}:
        raise DomainError("Une des personnes ne cherche plus de binôme. Rouvrez cette page.", field="invited")
    if not enough(invited):
        raise DomainError(FEW, field="invited")
    if len(invited) > SEATS:
        raise DomainError(f"Au-delà de {SEATS} personnes, prévoyez plusieurs séances.", field="invited")
    row = WishRound.objects.create(
        programme=programme,
        cycle=cycle,
        form=form,
        way=RunMode.DATING,
        starts_at=starts_at,
        minutes=minutes,
        at_most=at_most,
        wishes_until=wishes_until,
        channel=channel,
        place=place,
        created_at=clock.now(),
    )
    for participation in sorted(invited, key=lambda one: one.pk):
        wishes.seat(row=row, participation=participation)
    receipts.keep(key=receipt, person=by, url=str(row.ref))
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer, count=len(invited))
    wishes.tell(row)
    return row


def enough(people: Collection[Participation]) -> bool:
    """Whether so many people can meet without an absent meeting saying why."""
    sides = [len([row for row in people if row.side == side]) for side in (Side.HELPED, Side.HELPER, Side.PEER)]
    return sides[2] >= PEERS or min(sides[:2]) >= A_SIDE


def started(row: WishRound) -> bool:
    return row.starts_at is not None and row.starts_at <= clock.now()


@transaction.atomic
def answer(*, seat: WishSeat, coming: bool, by: Person) -> None:
    """« Je viens » or « pas cette fois », without reason; may be changed until the session begins."""
    if seat.participation.person_id != by.pk:
        raise Refused("Seule la personne invitée répond.")
    if seat.round.state != RoundState.PLANNED or started(seat.round):
        raise DomainError("La séance a commencé, ou n’est plus prévue.")
    said = SeatAnswer.COMING if coming else SeatAnswer.NOT_THIS_TIME
    WishSeat.objects.filter(pk=seat.pk).update(answer=said, here=None)
    seat.answer, seat.here = said, None


def in_the_room(row: WishRound) -> list[WishSeat]:
    """Who the plan is for: those marked as there, and before anybody is marked, those who said they come."""
    seats = row.seats.filter(participation__person__isnull=False).select_related("participation__person")
    coming = [seat for seat in seats if (seat.answer == SeatAnswer.COMING if seat.here is None else seat.here)]
    return sorted(coming, key=lambda seat: (seat.participation.person.sort_key, seat.pk))


def by_table(turns: list[dict]) -> list[dict]:
    """The same plan, table by table: {"number", "turns": [{"number", "names"}]}."""
    tables_of: dict[int, list] = {}
    for turn in turns:
        for table in turn["tables"]:
            tables_of.setdefault(table["number"], []).append({"number": turn["number"], "names": table["names"]})
    return [{"number": number, "turns": rows} for number, rows in sorted(tables_of.items())]


@transaction.atomic
def draw(*, row: WishRound, by: Person, here: Collection[WishSeat] | None = None) -> int:
    """Make the plan, or make it again once it is seen who is there; how many turns. Raises DomainError.

    `here`: the people in the room, late or not; None: those who said they come.
    """
    # Writing the row first puts a plan and a closing made at the same moment one after the other, on both engines.
    if not WishRound.objects.filter(pk=row.pk, state=RoundState.PLANNED).update(minutes=F("minutes")):
        raise DomainError("Cette séance n’est plus prévue.")
    if here is not None:
        present = {seat.pk for seat in here}
        row.seats.update(here=False)
        row.seats.filter(pk__in=present).update(here=True)
    seats = in_the_room(row)
    if not enough([seat.participation for seat in seats]):
        raise DomainError(f"{FEW} Le plan précédent reste valable : face à une chaise vide, on souffle un tour.")
    turns = _turns(row, seats)
    if not turns:
        raise DomainError("Trop peu de rencontres sont possibles entre ces personnes.")
    row.encounters.all().delete()
    met = {frozenset(pair) for turn in turns for pair in turn}
    left_out = {tuple(pair) for pair in row.apart} | {
        (one.pk, other.pk) for one, other in _facing(seats) if frozenset((one.pk, other.pk)) not in met
    }
    WishRound.objects.filter(pk=row.pk).update(apart=sorted(left_out))
    row.refresh_from_db(fields=["apart"])
    Encounter.objects.bulk_create(
        Encounter(round=row, turn=number, table=table, one_id=one, other_id=other)
        for number, turn in enumerate(turns, 1)
        for table, (one, other) in enumerate([pair for pair in turn if pair[1] is not None], 1)
    )
    employer = row.programme.lead_employer
    journal.log(actor=by, verb=Verb.CHANGED, target=row, employer=employer, count=len(seats))
    return len(turns)


def _facing(seats: list[WishSeat]) -> list[tuple[WishSeat, WishSeat]]:
    """Every two people who could meet: peers, or one of each side."""
    sides = ({Side.PEER}, {Side.HELPED, Side.HELPER})
    pairs = combinations(sorted(seats, key=lambda seat: seat.pk), 2)
    return [(one, other) for one, other in pairs if {one.participation.side, other.participation.side} in sides]


def _turns(row: WishRound, seats: list[WishSeat]) -> list[tables.Turn]:
    people = sorted(seats, key=lambda seat: seat.pk)
    before = {tuple(pair) for pair in row.apart}
    rules = Exclusions([seat.participation.person_id for seat in people], same_team=row.programme.exclude_same_team)
    apart = [
        (one.pk, other.pk)
        for one, other in _facing(people)
        if (one.pk, other.pk) in before or rules.apart(one.participation.person_id, other.participation.person_id)
    ]
    refs = " ".join(str(seat.participation.ref) for seat in people)
    rng = random.Random(salted_hmac("pairing.dating", f"{row.programme.ref} {refs}", algorithm="sha256").digest())  # noqa: S311  a draw, not a secret
    if row.form == Form.RECIPROCAL:
        return tables.among_peers([seat.pk for seat in people], apart, rng=rng, at_most=row.at_most)
    helped = [seat.pk for seat in people if seat.participation.side == Side.HELPED]
    helpers = [seat.pk for seat in people if seat.participation.side == Side.HELPER]
    return tables.across(helped, helpers, apart, rng=rng, at_most=row.at_most)


def turns_of(row: WishRound) -> list[dict]:
    """The plan in force: {"number", "tables": [{"number", "names"}], "resting": names}, in order."""
    names = {seat.pk: seat.participation.person.short_name for seat in in_the_room(row)}
    plan: dict[int, list] = {}
    for meeting in row.encounters.order_by("turn", "table"):
        plan.setdefault(meeting.turn, []).append((meeting.table, meeting.one_id, meeting.other_id))
    turns = []
    for number, tables_of_turn in plan.items():
        at = [(table, [pk for pk in pair if pk in names]) for table, *pair in tables_of_turn]
        facing = {pk for _, pair in at if len(pair) == 2 for pk in pair}
        rows = [{"number": table, "names": [names[pk] for pk in pair]} for table, pair in at if len(pair) == 2]
        turns.append({"number": number, "tables": rows, "resting": [n for pk, n in names.items() if pk not in facing]})
    return turns


def sheet_of(row: WishRound, seat: WishSeat) -> list[dict]:
    """One person's plan: {"turn", "table", "name"}; no table and no name on a turn to rest."""
    names = {other.pk: other.participation.person.short_name for other in in_the_room(row)}
    lines: dict[int, dict] = {}
    for meeting in row.encounters.order_by("turn", "table"):
        line = lines.setdefault(meeting.turn, {"turn": meeting.turn, "table": None, "name": ""})
        pair = {meeting.one_id, meeting.other_id}
        if seat.pk in pair and (name := names.get((pair - {seat.pk}).pop())):
            line |= {"table": meeting.table, "name": name}
    return list(lines.values())
