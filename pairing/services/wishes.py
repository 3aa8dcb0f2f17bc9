"""Secret wishes: up to three names, in order, sealed; read by nobody but their owner, and once by the closing.

Nothing may follow from what is left afterwards (docs/decisions/0011). Who gets a proposal never depends on a wish, only
with whom: the people are those the two exact stages would pair anyway, and everybody's wishes go on with the criteria.
Writing a wish leaves no trace: no journal line, no date, no count, a sealed text of the same length as none.
"""

import datetime as dt
import json
import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from pairing.access import helpers_with_a_place, waiting_for_a_pair
from pairing.enums import RoundState, RunMode
from pairing.models import Run, WishRound, WishSeat
from pairing.models.wishes import WISHES
from pairing.services import wish_matching
from pairing.services.matching import METHOD
from pairing.services.runs import store_run
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.local_day import local_day
from portal.models import Person
from portal.services import journal, mail
from portal.workflow import Move, Moves
from programmes.enums import Form, ParticipationState, Side
from programmes.models import Cycle, Participation, Programme

NOBODY = UUID(int=0)
OVER = "Les vœux sont clos."
MAIL = "pairing/dating"
OPEN_DAYS = (3, 28)
MOVES = Moves(
    WishRound,
    [
        Move("close", (RoundState.PLANNED,), RoundState.CLOSED, OVER),
        Move("cancel", (RoundState.PLANNED,), RoundState.CANCELLED, "Ce rendez-vous n’est plus prévu."),
    ],
)
logger = logging.getLogger(__name__)


def seat(*, row: WishRound, participation: Participation) -> WishSeat:
    """A seat from which nobody can tell, without the key, whether wishes were written."""
    return WishSeat.objects.create(round=row, participation=participation, choices=_packed([]))


def _packed(refs: Sequence[UUID]) -> str:
    """Always the same length."""
    return json.dumps([ref.hex for ref in [*refs, *[NOBODY] * (WISHES - len(refs))]])


def _unpacked(row: WishSeat) -> list[UUID]:
    text = row.choices.open(row.ref)
    return [ref for ref in map(UUID, json.loads(text)) if ref != NOBODY] if text else []


def tell(row: WishRound) -> None:
    """Something was set or changed: those invited read it in their own space."""
    for one in row.seats.filter(participation__person__isnull=False).select_related("participation__person"):
        _tell(row, one.participation.person)


def _tell(row: WishRound, person: Person) -> None:
    mail.post(kind=MAIL, key=f"wishes:{row.ref}:{row.state}:{person.ref}", person=person, object_ref=row.ref)


# --- Presentations --------------------------------------------------------------------------------------------------
def published(programme: Programme, form: Form) -> list[Participation]:
    """Presentations that people with a place chose to publish to those who wait."""
    rows = waiting_for_a_pair(programme, Side.PEER) if form == Form.RECIPROCAL else helpers_with_a_place(programme)
    return list(rows.filter(presentation_published=True).select_related("person"))


@transaction.atomic
def open_on_presentations(
    *, programme: Programme, form: Form, wishes_until: dt.date, by: Person, cycle: Cycle | None = None
) -> WishRound:
    """Those who wait are told that they may read presentations and rank up to three."""
    today = clock.today(programme.time_zone)
    if not programme.wishes_on_presentations:
        raise DomainError("Les vœux sur présentations ne sont pas ouverts dans les réglages du programme.")
    if not OPEN_DAYS[0] <= (wishes_until - today).days <= OPEN_DAYS[1]:
        raise DomainError("Laissez entre 3 et 28 jours pour lire et choisir.", field="wishes_until")
    if len(published(programme, form)) < 2:
        raise DomainError("Il faut au moins deux présentations publiées.")
    if programme.wish_rounds.filter(form=form, way=RunMode.PRESENTATIONS, state=RoundState.PLANNED).exists():
        raise DomainError("Des vœux sont déjà ouverts.")
    row = WishRound.objects.create(
        programme=programme,
        cycle=cycle,
        form=form,
        way=RunMode.PRESENTATIONS,
        wishes_until=wishes_until,
        created_at=clock.now(),
    )
    seat_those_who_wait(row=row)
    count = row.seats.count()
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer, count=count)
    return row


@transaction.atomic
def seat_those_who_wait(*, row: WishRound) -> None:
    """Whoever began to wait since takes a seat too, all at once: a seat never says that somebody came to write."""
    side = Side.PEER if row.form == Form.RECIPROCAL else Side.HELPED
    seated = row.seats.values("participation")
    for participation in waiting_for_a_pair(row.programme, side).exclude(pk__in=seated).select_related("person"):
        seat(row=row, participation=participation)
        _tell(row, participation.person)


# --- One's own wishes ---------------------------------------------------------------------------------------------
def open_to_wishes(row: WishRound) -> bool:
    """From the beginning of the session, or at once on presentations, to the last day, as lived where it is."""
    begun = row.starts_at is None or row.starts_at <= clock.now()
    today = clock.today(row.programme.time_zone)
    return row.state == RoundState.PLANNED and begun and today <= row.wishes_until


def options(row: WishSeat) -> list[Participation]:
    """Whom this person may name: those met, or the authors of the presentations."""
    if row.round.way == RunMode.PRESENTATIONS:
        return [one for one in published(row.round.programme, row.round.form) if one.person_id != _person(row)]
    met = row.round.encounters.filter(Q(one=row) | Q(other=row)).values_list("one", "other")
    others = {pk for pair in met for pk in pair} - {row.pk}
    rows = Participation.objects.filter(
        wish_seats__in=others, state=ParticipationState.ACCEPTED, person__isnull=False
    ).select_related("person")
    return list(rows.order_by("person__sort_key", "pk"))


def _person(row: WishSeat) -> int | None:
    return row.participation.person_id


def own(row: WishSeat, by: Person) -> list[Participation]:
    """What the owner wrote, in order. Nobody else has a way to it."""
    if _person(row) != by.pk:
        raise Refused("Ces vœux ne sont lus que par la personne qui les écrit.")
    refs = _unpacked(row)
    named = Participation.objects.filter(ref__in=refs, person__isnull=False).select_related("person")
    found = {one.ref: one for one in named}
    return [found[ref] for ref in refs if ref in found]


def in_words(person: Person) -> list[WishSeat]:
    """One's own seats, `choices` in names, to read and to take away."""
    seats = WishSeat.objects.filter(participation__person=person).select_related("round__programme", "participation")
    found = list(seats.order_by("pk"))
    for row in found:
        row.choices = ", ".join(one.person.short_name for one in own(row, person))
    return found


@transaction.atomic
def choose(*, row: WishSeat, choices: Sequence[Participation], by: Person) -> None:
    """Write, change or take back one's wishes until the closing; the last writing holds. No trace of any kind."""
    if _person(row) != by.pk:
        raise Refused("Seule la personne invitée écrit ses vœux.")
    write(row=row, choices=choices)


@transaction.atomic
def write(*, row: WishSeat, choices: Sequence[Participation]) -> None:
    """For whoever may: the owner signed in (`choose`), or with their card (wish_cards.py).

    Raises DomainError.
    """
    # Writing the round first puts a wish and the closing one after the other, on both engines: never lost unseen.
    if not WishRound.objects.filter(pk=row.round_id, state=RoundState.PLANNED).update(wishes_until=F("wishes_until")):
        raise DomainError(OVER)
    if not open_to_wishes(row.round):
        raise DomainError(
            OVER
            if row.round.wishes_until < clock.today(row.round.programme.time_zone)
            else "Les vœux ne sont pas ouverts."
        )
    if len(choices) > WISHES or len({one.pk for one in choices}) != len(choices):
        raise DomainError("Choisissez trois personnes au plus, toutes différentes.")
    if not {one.pk for one in choices} <= {one.pk for one in options(row)}:
        raise DomainError("Une des personnes choisies n’est plus dans la liste. Relisez-la.")
    row.choices = _packed([one.ref for one in choices])
    row.save(update_fields=["choices"])


# --- The closing ----------------------------------------------------------------------------------------------------
@transaction.atomic
def close(*, row: WishRound, by: Person | None) -> Run | None:
    """Once and for all: proposals are staged for the référent, wishes and who met whom are gone. None: nobody there."""
    if row.starts_at and row.starts_at > clock.now():
        raise DomainError("La séance n’a pas eu lieu. Annulez-la, ou attendez.")
    if by and row.seats.filter(participation__person=by).exists():
        raise Refused("Vous participez à ce tour : une autre personne de l’équipe le clôt, ou la date s’en charge.")
    with MOVES.moving(row, "close", by=by) as fresh:
        if fresh.way == RunMode.PRESENTATIONS:
            seat_those_who_wait(row=fresh)
        seats = list(fresh.seats.select_related("participation").order_by("pk"))
        written = {one.participation.ref: _unpacked(one) for one in seats}
        people = _concerned(fresh, seats)
        run = _stage(fresh, people, written, by) if people else None
        _forget(fresh)
    return run


def _concerned(row: WishRound, seats: list[WishSeat]) -> set[int]:
    """Who may get a proposal (keys): those in the plan; on presentations, all who wait and all who have a place."""
    if row.way == RunMode.DATING:
        planned = {pk for pair in row.encounters.values_list("one", "other") for pk in pair}
        return {one.participation_id for one in seats if one.pk in planned}
    everybody = {one.participation_id for one in seats}
    if row.form == Form.PAIR and everybody:
        everybody |= set(helpers_with_a_place(row.programme).values_list("pk", flat=True))
    return everybody


def _stage(row: WishRound, people: set[int], written: wish_matching.Written, by: Person | None) -> Run:
    found = wish_matching.match(
        programme=row.programme, form=row.form, people=people, wishes=written, met=row.way == RunMode.DATING
    )
    return store_run(
        programme=row.programme,
        form=row.form,
        mode=row.way,
        by=by,
        cycle=row.cycle,
        staged=found.staged,
        unpaired=found.unpaired,
        algorithm=METHOD,
        seed=0,
        # Who was there, never what they wrote: this run cannot be computed again, on purpose.
        input_text=found.input_text,
    )


def _forget(row: WishRound) -> None:
    """`row` is being moved, and saved by the move."""
    row.seats.update(choices="", card_hash=None)
    row.encounters.all().delete()
    row.apart = []


def cancel(*, row: WishRound, by: Person) -> None:
    with MOVES.moving(row, "cancel", by=by) as fresh:
        _forget(fresh)
    tell(row)


def close_due() -> int:
    """Rounds whose last day is over; one round's trouble never stops the others. How many are closed."""
    closed = 0
    late = WishRound.objects.filter(state=RoundState.PLANNED, wishes_until__lt=local_day("programme__lead_employer"))
    for row in late.select_related("programme__lead_employer").order_by("pk"):
        try:
            close(row=row, by=None)
        except DomainError as error:
            logger.info("wishes %s left for the next time: %s", row.ref, type(error).__name__)
        else:
            closed += 1
    return closed


def claimed(person: Person) -> None:
    """CLAIMED hook: wishes written with a card are written anew by the login that comes after.

    An account shows its owner's wishes, a card never does. Whoever made the way in (an entry card, by the référent) and
    came in by it in somebody's place would else read them.
    """
    for row in WishSeat.objects.filter(participation__person=person, round__state=RoundState.PLANNED):
        row.choices = _packed([])
        row.save(update_fields=["choices"])


def leave(participation: Participation, by: Person) -> None:
    """LEAVING hook: whoever leaves a programme leaves its rounds, and their wishes with them."""
    participation.wish_seats.all().delete()
