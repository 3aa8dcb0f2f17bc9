"""A run is stored whole: what was read (sealed), what is proposed, who still waits and why. Staged until a human decides.

Every way of matching ends here (criteria, random, dating, presentations): `store_run` writes it in a constant number of
queries.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from pairing.enums import CandidateOrigin, Part, RunMode, RunState
from pairing.models import Candidate, CandidateMember, Run, Unpaired
from portal.enums import Verb
from portal.models import Person
from portal.services import journal
from programmes.enums import Form
from programmes.models import Cycle, Participation, Programme


@dataclass(frozen=True)
class Seat:
    """A place a staged proposal gives: whose (key of the participation), in which part, and which of their places."""

    participation: int
    part: Part
    slot: int = 1


@dataclass(frozen=True)
class Staged:
    """People to put together and why; `parts` is plain JSON."""

    seats: tuple[Seat, ...]
    parts: list = field(default_factory=list)
    locked: bool = False
    origin: CandidateOrigin = CandidateOrigin.SOLVER


@dataclass(frozen=True)
class Left:
    """Somebody (key of the participation) for whom nobody was found; `causes` is plain JSON, never whose rule."""

    participation: int
    causes: list = field(default_factory=list)


def canonical(value: object) -> str:
    """One text for one value, whatever the order its keys were written in."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def output_sha256(staged: Iterable[Staged], unpaired: Iterable[Left]) -> str:
    """What the computation said, in one hash: the same for the same input and the same version of the method."""
    pairs = sorted([sorted((s.participation, s.part, s.slot) for s in row.seats), row.parts] for row in staged)
    return sha256(canonical([pairs, sorted([row.participation, row.causes] for row in unpaired)]))


@transaction.atomic
def store_run(
    *,
    programme: Programme,
    form: Form,
    mode: RunMode,
    by: Person | None,
    staged: list[Staged],
    unpaired: list[Left],
    algorithm: str,
    seed: int,
    input_text: str,
    certificate: dict | None = None,
    cycle: Cycle | None = None,
    about: Participation | None = None,
    replays: Run | None = None,
    run: Run | None = None,
) -> Run:
    """Write a computed run, staged for the référent; `run` is the row that waited for its result, if there is one."""
    run = run or Run(
        programme=programme, form=form, mode=mode, by=by, cycle=cycle, about=about, replays=replays, seed=seed
    )
    run.state, run.algorithm, run.seed = RunState.STAGED, algorithm, seed
    run.input, run.input_sha256 = input_text, sha256(input_text)
    run.output_sha256 = output_sha256(staged, unpaired)
    run.certificate = certificate or {}
    run.save()
    candidates = Candidate.objects.bulk_create(
        [Candidate(run=run, parts=row.parts, locked=row.locked, origin=row.origin) for row in staged]
    )
    CandidateMember.objects.bulk_create(
        CandidateMember(
            run=run, candidate=candidate, participation_id=seat.participation, part=seat.part, slot=seat.slot
        )
        for candidate, row in zip(candidates, staged, strict=True)
        for seat in row.seats
    )
    Unpaired.objects.bulk_create(
        Unpaired(run=run, participation_id=row.participation, causes=row.causes) for row in unpaired
    )
    journal.log(
        actor=by, verb=Verb.CREATED, target=run, employer=programme.lead_employer, count=len(staged) + len(unpaired)
    )
    return run
