"""What must be met before a first meeting: one date per gate on the pair, and one way to « en vie ».

Gates bind what has not started. Until then a date goes when its condition no longer holds; once a pair lives, nothing
here ever touches it again (decision 9, field R21). The database refuses an active pair with a gate undated.
"""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from pairing.enums import BaselineHow, Part
from pairing.models import GATES, Pair, SupervisorEngagement
from pairing.services.moves import MOVES, S, tell
from portal import clock
from portal.errors import DomainError
from portal.models import Person
from portal.registry import BASELINE, hooks
from programmes.enums import Form, SessionState
from programmes.models import Participation, Programme
from programmes.services import charter, letters, training
from programmes.services import participation as participation_service

NOT_STARTED = (S.PROPOSED, S.ACCEPTED)
logger = logging.getLogger(__name__)
# For the référent, by gate; a reciprocal pair has an engagement of one page instead of a letter.
WAITING = {
    "letter": "lettre de mission à valider, ou qui prend effet plus tard",
    "charter": "acceptation de la charte en attente",
    "training": "formation en attente",
    "supervisor": "superviseur·e et première date à prévoir",
    "baseline": "enquête de départ, ou temps collectif, à proposer",
}
RECIPROCAL_WAITING = WAITING | {
    "letter": "engagement de chaque personne en attente",
    "supervisor": "superviseur·e avec une date, ou référent·e de binôme, à prévoir",
}
# For the two: what is being prepared, never who is late.
KINDLY = {
    "letter": "La mission se met en place sur le papier.",
    "charter": "La charte est lue et acceptée par chacun.",
    "training": "La formation se termine.",
    "supervisor": "L’équipe prévoit un temps de recul pour les pairs-aidants.",
    "baseline": "L’équipe prépare un premier point, avant de commencer.",
}
RECIPROCAL_KINDLY = KINDLY | {
    "letter": "L’engagement d’une page est validé par chacun.",
    "supervisor": "L’équipe prévoit un temps de recul pour les binômes.",
}


def missing_gates(pair: Pair) -> list[str]:
    """Names of the gates this pair needs and has not cleared."""
    return [gate for gate in GATES if getattr(pair, f"needs_{gate}") and not getattr(pair, f"{gate}_ok_at")]


def missing_in_words(pair: Pair, *, kindly: bool = False) -> list[str]:
    """What is still missing, in words, as long as the pair has not started."""
    if pair.state not in NOT_STARTED:
        return []
    reciprocal = pair.form == Form.RECIPROCAL
    pair_words, peer_words = (KINDLY, RECIPROCAL_KINDLY) if kindly else (WAITING, RECIPROCAL_WAITING)
    words = peer_words if reciprocal else pair_words
    return [words[gate] for gate in missing_gates(pair)]


def has_supervision(programme: Programme) -> bool:
    """Whether a supervisor is engaged today and has a dated session."""
    today = clock.today(programme.time_zone)
    engaged = SupervisorEngagement.objects.filter(programme=programme, engaged_on__lte=today).exclude(
        ended_on__lt=today
    )
    return engaged.filter(sessions__state__in=[SessionState.PLANNED, SessionState.HELD]).exists()


def _met(pair: Pair) -> dict[str, bool]:
    """The conditions of the frame as they are now; the start survey is settled by the evaluation."""
    members = list(pair.members.select_related("participation__programme__lead_employer"))
    everybody = [(member.part, member.participation) for member in members if member.participation_id]
    whole = len(everybody) == len(members) > 1
    acting = [participation for part, participation in everybody if part in (Part.HELPER, Part.PEER)]
    return {
        "charter": whole and charter.accepted_by_all([participation for _, participation in everybody]),
        "letter": whole and all(letters.covered(participation) for participation in acting),
        "training": whole and all(training.cleared(participation) for participation in acting),
        "supervisor": has_supervision(pair.programme) or (pair.form == Form.RECIPROCAL and pair.referee_id is not None),
    }


def _read_again(pair: Pair) -> None:
    pair.refresh_from_db(from_queryset=Pair.objects.select_related("programme__lead_employer", "cycle"))


@transaction.atomic
def stamp(*, pair: Pair, gate: str, how: BaselineHow | None = None) -> None:
    """Date a gate of a pair that has not started; a gate already dated keeps its date."""
    if gate not in GATES or pair.state not in NOT_STARTED or getattr(pair, f"{gate}_ok_at"):
        return
    values = {f"{gate}_ok_at": clock.now()}
    if gate == "baseline":
        values["baseline_how"] = BaselineHow(how)
    Pair.objects.filter(pk=pair.pk, state__in=NOT_STARTED).update(**values)
    _read_again(pair)


@transaction.atomic
def refresh(*, pair: Pair) -> None:
    """Date the gates whose condition holds now, undate those that no longer hold; a started pair is left alone."""
    # Writing the row first puts two conditions met at the same moment one after the other, on both engines.
    held = Pair.objects.filter(pk=pair.pk, state__in=NOT_STARTED).update(proposed_at=F("proposed_at"))
    _read_again(pair)
    if not held:
        return
    changed = {
        f"{gate}_ok_at": clock.now() if met else None
        for gate, met in _met(pair).items()
        if met != bool(getattr(pair, f"{gate}_ok_at"))
    }
    if pair.baseline_ok_at is None:
        settled = [how for how in (hook(pair) for hook in hooks(BASELINE)) if how]
        if settled:
            changed |= {"baseline_ok_at": clock.now(), "baseline_how": BaselineHow(settled[0])}
    if changed:
        Pair.objects.filter(pk=pair.pk, state__in=NOT_STARTED).update(**changed)
        for name, value in changed.items():
            setattr(pair, name, value)


@transaction.atomic
def activate_if_ready(*, pair: Pair, by: Person | None) -> bool:
    """Start an accepted pair when every gate it needs is dated and still holds; True when it started."""
    refresh(pair=pair)
    if pair.state != S.ACCEPTED or missing_gates(pair):
        return False
    with MOVES.moving(pair, "activate", by=by) as fresh:
        fresh.active_at = clock.now()
    waited = pair.members.filter(part__in=[Part.HELPED, Part.PEER]).exclude(participation=None)
    for member in waited.select_related("participation"):
        participation_service.stop_waiting(participation=member.participation)
    tell(pair, "active")
    return True


def clear_baseline(*, pairs: Iterable[Pair], how: str) -> None:
    """The start survey is settled for these pairs: issued, previous_wave, collective_talk or after_issue."""
    for pair in pairs:
        with transaction.atomic():
            stamp(pair=pair, gate="baseline", how=how)
            activate_if_ready(pair=pair, by=None)


def cleared(participation: Participation, gate: str) -> None:
    """CLEARED hook: a condition is met for somebody; their pairs that have not started may go on."""
    pairs = Pair.objects.filter(members__participation=participation, state__in=NOT_STARTED)
    for pair in pairs.select_related("programme__lead_employer"):
        activate_if_ready(pair=pair, by=None)


def supervision_changed(programme: Programme) -> None:
    """A supervisor or a date was added or taken away."""
    for pair in Pair.objects.filter(programme=programme, state__in=NOT_STARTED):
        activate_if_ready(pair=pair, by=None)


def refresh_waiting(*, programme: Programme | None = None) -> int:
    """Look again at pairs that have not started, in `programme` or everywhere; how many start.

    A condition may come with a day alone (a letter's first day, the last of RH's): nobody's act tells. Run often or
    late without harm: a started pair is never among them, and one pair's trouble never stops the others.
    """
    waiting = Pair.objects.filter(state__in=NOT_STARTED, needs_letter=True).order_by("pk")
    if programme:
        waiting = waiting.filter(programme=programme)
    started = 0
    for pair in waiting.select_related("programme__lead_employer"):
        try:
            started += activate_if_ready(pair=pair, by=None)
        except DomainError as error:
            logger.info("pair %s left for the next time: %s", pair.ref, type(error).__name__)
    return started
