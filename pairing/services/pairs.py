"""A pair is proposed, accepted by all, lives, pauses, ends.

Gates are written here by whoever clears them; `activate_if_ready` is the one way to « en vie » and the database checks
it too. A delay is a target, a lapse is no refusal, and the machine never closes a pair (decision 16).
"""

from django.db import IntegrityError, transaction
from django.db.models import F

from pairing.enums import EndCode, Part
from pairing.models import DateProposal, FitCheck, Pair, PairFrame, PairMember, ReturnPlan
from pairing.models.pairs import needed_gates
from pairing.services import again
from pairing.services.gates import activate_if_ready, refresh
from pairing.services.moves import MOVES, S, tell
from pairing.services.rules import REFUSAL, compatible
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Affiliation, Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.access import may_decide
from programmes.enums import Form, Origin, ParticipationState, Side
from programmes.models import Cycle, Participation, Programme
from programmes.services import gates as programme_gates

TAKEN = "Cette place vient d’être prise. Vous restez en tête."


def propose(*, helper: Participation, helped: Participation, by: Person | None, cycle: Cycle | None = None) -> Pair:
    """Propose a pair by hand. Any broken rule gets one and the same sentence; a full helper says so."""
    if helper.programme_id != helped.programme_id or helper.side != Side.HELPER or helped.side != Side.HELPED:
        raise DomainError("Choisissez une personne de chaque côté, dans le même programme.")
    forms = helper.programme.forms
    # Where pairs are offered too, a list that said « appui au retour » would say that somebody is away.
    form = Form.RETURN if Form.RETURN in forms and Form.PAIR not in forms else Form.PAIR
    return _propose(form, [(helper, Part.HELPER), (helped, Part.HELPED)], by, cycle)


def propose_reciprocal(
    *,
    one: Participation,
    other: Participation,
    third: Participation | None = None,
    by: Person | None,
    cycle: Cycle | None = None,
) -> Pair:
    """Propose a reciprocal pair: two peers, equals, or three, under the same rules."""
    return propose_peers(peers=[one, other, *([third] if third else [])], by=by, cycle=cycle)


def propose_peers(*, peers: list[Participation], by: Person | None, cycle: Cycle | None = None) -> Pair:
    """Two peers, or three when the number is odd."""
    if len({peer.programme_id for peer in peers}) != 1 or {peer.side for peer in peers} != {Side.PEER}:
        raise DomainError("Choisissez deux personnes inscrites entre pairs, dans le même programme.")
    if len({peer.pk for peer in peers}) != len(peers) or len(peers) not in (2, 3):
        raise DomainError("Choisissez deux personnes différentes, ou trois.")
    return _propose(Form.RECIPROCAL, [(peer, Part.PEER) for peer in peers], by, cycle)


@transaction.atomic
def _propose(form: Form, seats: list[tuple[Participation, Part]], by: Person | None, cycle: Cycle | None) -> Pair:
    people = [participation for participation, _ in seats]
    if by and not all(may_decide(by, one) for one in people):
        raise Refused("Vous participez à ce binôme : la personne suppléante le propose.")
    if {one.state for one in people} != {ParticipationState.ACCEPTED}:
        raise DomainError("Ces personnes doivent être acceptées et disponibles.")
    if not compatible(*people):
        raise DomainError(REFUSAL)
    programme = people[0].programme
    pair = Pair.objects.create(
        programme=programme,
        cycle=cycle,
        form=form,
        proposed_at=clock.now(),
        answer_by=answer_day(programme, form),
        **{f"needs_{gate}": True for gate in needed_gates(form, Origin.PORTAL)},
    )
    for participation, part in seats:
        _seat(pair, participation, part, free_slot(participation))
    journal.log(actor=by, verb=Verb.CREATED, target=pair, employer=programme.lead_employer)
    again.settle(people)
    tell(pair, "proposed")
    refresh(pair=pair)
    return pair


def answer_day(programme: Programme, form: Form) -> clock.dt.date:
    """The day until which an answer given today's delay is hoped for."""
    days = programme_gates.value(programme, programme_gates.ANSWER[form])
    return clock.today(programme.time_zone) + clock.dt.timedelta(days=days)


@transaction.atomic
def entrust(*, pair: Pair, referee: Person | None, by: Person) -> None:
    """Give the pair to a référent de binôme, never the N+1 of one of the members."""
    if referee and Affiliation.objects.in_force().filter(person__memberships__pair=pair, manager=referee).exists():
        raise DomainError("Cette personne encadre l’un des membres : choisissez quelqu’un d’autre.")
    pair.referee = referee
    save_if_unchanged(pair, seen=pair.version, fields=["referee"])
    journal.log(actor=by, verb=Verb.CHANGED, target=pair, employer=pair.programme.lead_employer)
    activate_if_ready(pair=pair, by=None)


def first_free(participation: Participation) -> int | None:
    """The first free place, 1 to `places`, if there is one."""
    taken = set(participation.memberships.filter(live=True).values_list("slot", flat=True))
    places = participation.places if participation.side == Side.HELPER else 1
    return next((slot for slot in range(1, places + 1) if slot not in taken), None)


def free_slot(participation: Participation) -> int:
    """The first free place; raises DomainError when there is none."""
    slot = first_free(participation)
    if slot is None:
        raise DomainError("Cette personne n’a pas de place libre en ce moment.")
    return slot


def _seat(pair: Pair, participation: Participation, part: Part, slot: int) -> None:
    """Take the place; the unique constraint stops a parallel twin."""
    try:
        with transaction.atomic():
            PairMember.objects.create(
                pair=pair, participation=participation, person=participation.person, part=part, slot=slot
            )
    except IntegrityError as error:
        raise DomainError(TAKEN) from error


def member_of(pair: Pair, person: Person) -> PairMember:
    member = pair.members.filter(person=person).first()
    if member is None:
        raise Refused("Seules les personnes du binôme peuvent faire cela.")
    return member


@transaction.atomic
def say_yes(*, pair: Pair, by: Person) -> None:
    """One member accepts; with everybody's yes the pair is accepted, and starts if no gate is missing."""
    member = member_of(pair, by)
    # Writing the pair's row first puts two yeses given at the same moment one after the other, on both engines.
    if not Pair.objects.filter(pk=pair.pk, state=S.PROPOSED).update(proposed_at=F("proposed_at")):
        raise DomainError(MOVES.by_name["accept"].refusal)
    PairMember.objects.filter(pk=member.pk, yes_at__isnull=True).update(yes_at=clock.now())
    if pair.members.filter(yes_at__isnull=True).exists():
        return
    with MOVES.moving(pair, "accept", by=by) as fresh:
        fresh.all_yes_at = clock.now()
    activate_if_ready(pair=pair, by=by)


def decline(*, pair: Pair, by: Person) -> None:
    """Without reason; both keep their place in the waiting order."""
    member_of(pair, by)
    with MOVES.moving(pair, "lapse", by=by):
        free_places(pair)
    tell(pair, "news", but=by)
    again.prepare(pair)


def withdraw_proposal(*, pair: Pair, by: Person | None) -> None:
    """The référent takes a proposal back, or its delay has passed; no refusal for anybody."""
    with MOVES.moving(pair, "lapse", by=by):
        free_places(pair)
    tell(pair, "news")


def pause(*, pair: Pair, by: Person) -> None:
    member_of(pair, by)
    with MOVES.moving(pair, "pause", by=by):
        pass
    tell(pair, "news", but=by)


def resume(*, pair: Pair, by: Person) -> None:
    member_of(pair, by)
    with MOVES.moving(pair, "resume", by=by) as fresh:
        fresh.alive_on = clock.today(fresh.programme.time_zone)
    tell(pair, "news", but=by)


def end(*, pair: Pair, by: Person, code: EndCode) -> None:
    """A member ends the pair with a code; « sans précision » is always possible."""
    member_of(pair, by)
    if code not in EndCode.values:
        raise DomainError("Choisissez une raison, ou « sans précision ».", field="code")
    with MOVES.moving(pair, "end", by=by, reason=code) as fresh:
        fresh.ended_on, fresh.end_code = clock.today(fresh.programme.time_zone), code
        free_places(fresh)
        FitCheck.objects.filter(member__pair=fresh).delete()
        PairFrame.objects.filter(pair=fresh).delete()
        ReturnPlan.objects.filter(member__pair=fresh).delete()
        DateProposal.objects.filter(pair=fresh).delete()
    tell(pair, "news", but=by)
    again.after_end(pair)


def leave(participation: Participation, by: Person) -> None:
    """LEAVING hook: whoever leaves a programme leaves their pairs there first, without reason."""
    for membership in participation.memberships.filter(live=True).select_related("pair__programme__lead_employer"):
        pair = membership.pair
        if pair.state == S.PROPOSED:
            decline(pair=pair, by=by)
        else:
            end(pair=pair, by=by, code=EndCode.UNSPECIFIED)
    again.settle([participation])


def free_places(pair: Pair) -> None:
    pair.members.update(live=False)
