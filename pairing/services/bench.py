"""The référent's bench: launch, keep some and run the rest, move by hand, replay, discard, publish.

A machine only ever stages. A human publishes, never on their own participation (decision 17), and the rules are asked
again at that moment, by the very service that proposes a pair by hand.
"""

import random
import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from pairing.enums import CandidateOrigin, CandidateState, Part, RunMode, RunState
from pairing.models import Candidate, CandidateMember, Run, Unpaired
from pairing.services import matching, matching_input, pairs
from pairing.services.rules import REFUSAL, compatible
from pairing.services.runs import store_run
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.jobs import Progress, handler
from portal.models import Job, Person
from portal.services import journal, receipts
from portal.services.jobs import enqueue
from programmes.access import may_decide
from programmes.enums import Form, ParticipationState, Side
from programmes.models import Cycle, Participation, Programme
from programmes.services.participation import sides_of

COMPUTED_HERE = (RunMode.CRITERIA, RunMode.RANDOM)
# Up to so many couples of people, a run is computed while the page waits; above, in the background.
AT_ONCE_CELLS = 250_000
KIND = "pairing.run"
DECIDED = "Ce rapprochement a déjà été publié ou écarté."
OWN = "Vous participez à cette proposition : elle se décide sans vous."
SIDES = {Form.PAIR: Side.HELPER, Form.RECIPROCAL: Side.PEER}


# --- Launch -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def launch(
    *,
    programme: Programme,
    form: Form,
    mode: RunMode,
    by: Person | None,
    cycle: Cycle | None = None,
    about: Participation | None = None,
    keeping: Run | None = None,
    receipt: UUID | None = None,
) -> Run:
    """A run over those who wait now. `keeping`: an earlier run whose kept candidates stay as they are.

    Small runs come back staged; a large one comes back « calcul en cours » and is staged by a worker.
    """
    if receipt and (earlier := receipts.earlier(key=receipt)):
        return Run.objects.get(programme=programme, ref=earlier)
    if mode not in COMPUTED_HERE:
        raise DomainError("Cette façon de faire a sa propre page.", field="mode")
    if SIDES.get(form) not in sides_of(programme):
        raise DomainError("Ce programme n’a pas cette forme de soutien.", field="form")
    loaded = matching_input.load(programme, form, without=by, about=about)
    people = loaded.problem.helped
    if not len(people) or (form == Form.RECIPROCAL and len(people) < 2):
        raise DomainError("Personne n’attend un binôme pour l’instant : il n’y a rien à rapprocher.")
    run = Run.objects.create(
        programme=programme, form=form, mode=mode, by=by, cycle=cycle, about=about, seed=secrets.randbits(32)
    )
    if receipt:
        receipts.keep(key=receipt, person=by, url=str(run.ref))
    locked = _kept(keeping, loaded) if keeping else []
    n, m = loaded.problem.shape
    if n * m <= AT_ONCE_CELLS:
        return _finish(run, loaded, locked)
    run.input = matching_input.to_text(loaded, mode=mode, seed=run.seed, locked=locked)
    run.save(update_fields=["input"])
    enqueue(kind=KIND, key=f"run:{run.ref}", object_ref=run.ref)
    return run


def _finish(run: Run, loaded: matching_input.Loaded, locked: list[tuple[int, ...]], text: str = "") -> Run:
    staged, unpaired, details = matching.compute(loaded, mode=run.mode, seed=run.seed, locked=locked)
    return store_run(
        programme=run.programme,
        form=run.form,
        mode=run.mode,
        by=run.by,
        staged=staged,
        unpaired=unpaired,
        algorithm=matching.METHOD,
        seed=run.seed,
        input_text=text or matching_input.to_text(loaded, mode=run.mode, seed=run.seed, locked=locked),
        certificate=details,
        run=run,
    )


def _failed(job: Job) -> None:
    Run.objects.filter(ref=job.object_ref, state=RunState.COMPUTING).update(state=RunState.FAILED)


@handler(KIND, failed=_failed)
def compute_run(job: Job, progress: Progress) -> None:
    """A large run, in the background; done twice, it is staged once."""
    run = Run.objects.filter(ref=job.object_ref, state=RunState.COMPUTING).select_related("programme", "by").first()
    if run is None:
        return
    progress.step(1, 3)
    text = run.input.open(run.ref)
    loaded, locked = matching_input.from_text(text)
    with transaction.atomic():
        held = Run.objects.filter(pk=run.pk, state=RunState.COMPUTING, version=run.version)
        if not held.update(version=F("version") + 1):
            return
        run.version += 1
        _finish(run, loaded, locked, text)
    progress.step(3, 3)


def _kept(run: Run, loaded: matching_input.Loaded) -> list[tuple[int, ...]]:
    """The kept couples and trios of an earlier run that are still possible: keys, that of the column last."""
    if run.state != RunState.STAGED:
        raise DomainError(DECIDED)
    free = [set(side.key[side.places > 0].tolist()) for side in (loaded.problem.helped, loaded.problem.helpers)]
    kept = []
    for candidate in run.candidates.filter(locked=True).prefetch_related("members"):
        keys = [seat.participation_id for seat in sorted(candidate.members.all(), key=lambda s: s.part == Part.HELPER)]
        if len(keys) > 1 and keys[-1] in free[1] and free[0].issuperset(keys[:-1]):
            kept.append(tuple(keys))
    return kept


@transaction.atomic
def replay(*, run: Run, by: Person) -> Run:
    """The same input through the same method, staged apart; raises DomainError when that is no longer possible."""
    if not run.input:
        raise DomainError("Ce que le calcul avait lu a été effacé au bout d’un mois : il ne peut plus être rejoué.")
    if run.algorithm != matching.METHOD:
        raise DomainError(
            "La méthode de calcul a changé depuis : ce rapprochement ne peut plus être rejoué à l’identique."
        )
    if run.mode not in COMPUTED_HERE:
        raise DomainError("Cette façon de faire ne se rejoue pas : les vœux secrets sont effacés.")
    text = run.input.open(run.ref)
    loaded, locked = matching_input.from_text(text)
    again = Run.objects.create(
        programme=run.programme, form=run.form, mode=run.mode, by=by, cycle=run.cycle, about=run.about, seed=run.seed,
        replays=run,
    )  # fmt: skip
    return _finish(again, loaded, locked, text)


# --- By hand ----------------------------------------------------------------------------------------------------------
def _writing(run: Run) -> None:
    """The run's row first: what is done to one run is done one after the other, and only while it is staged."""
    if not Run.objects.filter(pk=run.pk, state=RunState.STAGED).update(version=F("version") + 1):
        raise DomainError(DECIDED)


def _not_own(candidate: Candidate, by: Person) -> None:
    if not all(may_decide(by, seat.participation) for seat in candidate.members.select_related("participation")):
        raise Refused(OWN)


@transaction.atomic
def lock(*, candidate: Candidate, locked: bool, by: Person) -> None:
    """Keep a staged pair as it is when the rest is run again."""
    _writing(candidate.run)
    _not_own(candidate, by)
    Candidate.objects.filter(pk=candidate.pk, state=CandidateState.STAGED).update(locked=locked)


@transaction.atomic
def undo(*, candidate: Candidate, by: Person) -> None:
    """Take a staged pair apart; the people wait, and nobody else ever knew."""
    _writing(candidate.run)
    _not_own(candidate, by)
    _take_apart(candidate)


def _take_apart(candidate: Candidate) -> None:
    waiting = candidate.members.exclude(part=Part.HELPER).values_list("participation", flat=True)
    Unpaired.objects.bulk_create(
        (Unpaired(run=candidate.run, participation_id=key, causes=[]) for key in waiting), ignore_conflicts=True
    )
    candidate.delete()


@transaction.atomic
def put_together(*, run: Run, people: list[Participation], by: Person) -> Candidate:
    """By hand. Whatever the rule and the side, a broken rule gets one and the same sentence."""
    _writing(run)
    if not all(may_decide(by, row) for row in people):
        raise Refused(OWN)
    for held in run.candidates.filter(
        state=CandidateState.STAGED, members__participation__in=_moved(people)
    ).distinct():
        _take_apart(held)
    seats = [(row, _slot(run, row)) for row in people]
    if not _shape(run, people) or not _allowed(run, people) or any(slot is None for _, slot in seats):
        raise DomainError(REFUSAL)
    candidate = Candidate.objects.create(run=run, locked=True, origin=CandidateOrigin.HAND)
    try:
        with transaction.atomic():
            CandidateMember.objects.bulk_create(
                CandidateMember(run=run, candidate=candidate, participation=row, part=Part(row.side), slot=slot)
                for row, slot in seats
            )
    except IntegrityError as error:
        raise DomainError(REFUSAL) from error
    Unpaired.objects.filter(run=run, participation__in=people).delete()
    journal.log(actor=by, verb=Verb.CHANGED, target=run, employer=run.programme.lead_employer)
    return candidate


@transaction.atomic
def make_trio(*, run: Run, out: Participation, by: Person) -> Candidate:
    """Entre pairs, somebody left alone joins a prepared pair: the one that suits best, or the one drawn in a draw.

    When no pair may welcome them, the sentence is that of any hand move: it says neither which rule nor whose.
    """
    _writing(run)
    if run.form != Form.RECIPROCAL or not run.unpaired.filter(participation=out).exists():
        raise DomainError("Cette personne n’attend plus dans cette préparation. Rouvrez cette page.")
    couples = {}
    for candidate in run.candidates.filter(state=CandidateState.STAGED).with_people():
        people = [seat.participation for seat in candidate.members.all()]
        if len(people) == 2 and all(may_decide(by, row) for row in people):
            couples[tuple(sorted(row.pk for row in people))] = people
    found = matching.welcoming(
        matching_input.load(run.programme, Form.RECIPROCAL, without=by, about=out).problem,
        out.pk,
        list(couples),
        met=run.mode == RunMode.DATING,
    )
    if not found:
        raise DomainError(REFUSAL)
    chosen = random.Random(f"{run.seed} {out.ref}").choice(found) if run.mode == RunMode.RANDOM else found[0]  # noqa: S311  drawn seed
    return put_together(run=run, people=[*couples[chosen], out], by=by)


def _moved(people: list[Participation]) -> list[Participation]:
    """Whom a move takes out of where they are: the person helped, or all the peers."""
    return [row for row in people if row.side != Side.HELPER]


def _shape(run: Run, people: list[Participation]) -> bool:
    sides = sorted(row.side for row in people)
    if run.form == Form.RECIPROCAL:
        return set(sides) == {Side.PEER} and len({row.pk for row in people}) in (2, 3) and len(sides) < 4
    return sides == sorted([Side.HELPED, Side.HELPER])


def _allowed(run: Run, people: list[Participation]) -> bool:
    here = all(row.programme_id == run.programme_id for row in people)
    return here and all(row.state == ParticipationState.ACCEPTED for row in people) and compatible(*people)


def _slot(run: Run, row: Participation) -> int | None:
    """The first of the person's places that is free, in life and in this run."""
    taken = set(run.seats.filter(participation=row).values_list("slot", flat=True))
    if row.side != Side.HELPER:
        return None if taken or row.memberships.filter(live=True).exists() else 1
    left = row.places - row.memberships.filter(live=True).count()
    return next((slot for slot in range(1, left + 1) if slot not in taken), None)


# --- Decide -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def discard(*, run: Run, by: Person) -> None:
    changed = Run.objects.filter(pk=run.pk, state__in=[RunState.STAGED, RunState.FAILED]).update(
        state=RunState.DISCARDED, decided_at=clock.now(), version=F("version") + 1
    )
    if not changed:
        raise DomainError(DECIDED)
    journal.log(actor=by, verb=Verb.DECIDED, target=run, employer=run.programme.lead_employer)


@transaction.atomic
def publish(*, run: Run, by: Person) -> tuple[int, list[tuple[Candidate, str]]]:
    """Every staged pair becomes a proposal, in one transaction: how many, and those no longer possible with why.

    What became impossible meanwhile never stops the others, and its people simply keep waiting.
    """
    _writing(run)
    staged = list(
        run.candidates.filter(state=CandidateState.STAGED).with_people("participation__programme__lead_employer")
    )
    if not staged:
        raise DomainError("Il n’y a rien à publier : aucune proposition n’est en préparation.")
    conflicts = []
    for candidate in staged:
        try:
            with transaction.atomic():
                candidate.pair = _propose(run, candidate, by)
                candidate.state = CandidateState.PUBLISHED
        except DomainError as error:
            candidate.pair, candidate.state = None, CandidateState.UNAVAILABLE
            conflicts.append((candidate, str(error)))
        candidate.save(update_fields=["pair", "state"])
    Run.objects.filter(pk=run.pk).update(state=RunState.PUBLISHED, decided_at=clock.now())
    journal.log(
        actor=by,
        verb=Verb.DECIDED,
        target=run,
        employer=run.programme.lead_employer,
        count=len(staged) - len(conflicts),
    )
    run.refresh_from_db()
    return len(staged) - len(conflicts), conflicts


def _propose(run: Run, candidate: Candidate, by: Person):
    people = {seat.part: seat.participation for seat in candidate.members.all()}
    if any(row.state != ParticipationState.ACCEPTED for row in people.values()):
        raise DomainError("Une des personnes n’est plus disponible.")
    if any(row.waiting_since is None for part, row in people.items() if part != Part.HELPER):
        raise DomainError("La personne n’a pas encore dit qu’elle souhaite un nouveau binôme.")
    if run.form == Form.RECIPROCAL:
        peers = [seat.participation for seat in candidate.members.all()]
        return pairs.propose_peers(peers=peers, by=by, cycle=run.cycle)
    return pairs.propose(helper=people[Part.HELPER], helped=people[Part.HELPED], by=by, cycle=run.cycle)
