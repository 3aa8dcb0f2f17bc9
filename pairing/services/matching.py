"""A loaded problem through the matching, and its answer as rows to stage. Deterministic for an input and a seed."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from pairing.enums import Part, RunMode
from pairing.matching import ALGORITHM_VERSION, explain, general, random_mode
from pairing.matching import certificate as proof
from pairing.matching.board import board as board_of
from pairing.matching.explain import Cause
from pairing.matching.facts import Part as Reason
from pairing.matching.problem import Criterion, Problem, ProblemError, no_pairs, pairs_array, waiting_order
from pairing.matching.score import Scorer
from pairing.matching.solve import Solution, solve
from pairing.services.matching_input import Loaded
from pairing.services.runs import Left, Seat, Staged
from portal.errors import DomainError
from programmes.enums import SLOTS, Channel, WorkSetting

METHOD = f"{ALGORITHM_VERSION}"
# Beyond so many couples of people, blocking pairs are not counted: it proves nothing more.
COUNTED_CELLS = 4_000_000
# What a mask of each criterion means, bit by bit; the others are not detailed.
_SHARED = {
    Criterion.HOURS: [bit for bit, _ in SLOTS],
    Criterion.CHANNEL: Channel.values,
    Criterion.SETTING: WorkSetting.values,
}


def compute(
    loaded: Loaded,
    *,
    mode: str,
    seed: int,
    locked: list[tuple[int, ...]] = (),
    lap: Callable[[str], None] = lambda stage: None,
) -> tuple[list[Staged], list[Left], dict]:
    """Who with whom, who still waits and why, and the technical details. `locked`: keys kept together as they are,
    two by two, or three peers.

    `lap` is told the end of each stage (score, solve, explain, certificate): the bench holds a stopwatch.
    """
    problem = loaded.problem
    couples, trios = [kept for kept in locked if len(kept) == 2], [kept for kept in locked if len(kept) == 3]
    kept = pairs_array([(problem.helped.row_of(one), problem.helpers.row_of(other)) for one, other in couples])
    rest = problem.rest(kept)
    if trios:
        rest = rest.without(problem.helped.row_of(key) for trio in trios for key in trio)
    board = board_of(rest) if mode == RunMode.CRITERIA and not rest.reciprocal else None
    lap("score")
    solution = _solve(rest, mode, seed, board)
    del board  # two bytes per couple of people: not kept while the proof makes its own
    lap("solve")
    staged = _staged(loaded, np.concatenate([kept, solution.pairs]), len(kept), mode)
    staged += [Staged(tuple(Seat(key, Part.PEER) for key in trio), locked=True) for trio in trios]
    left = left_alone(rest, solution)
    lap("explain")
    details = _details(rest, solution, mode)
    lap("certificate")
    return staged, left, details


def _solve(problem: Problem, mode: str, seed: int, board: np.ndarray | None) -> Solution:
    if mode == RunMode.RANDOM:
        return _drawn(problem, random_mode.draw(problem, rng=random.Random(seed)), seed)  # noqa: S311  drawn seed, replayable
    if not problem.reciprocal:
        return solve(problem, seed=seed, board=board)
    try:
        return general.solve_peers(problem, seed=seed)
    except ProblemError as error:
        raise DomainError(
            f"Entre pairs, le calcul va jusqu’à {general.MAX_PEERS} personnes. Au-delà, lancez-le par petits groupes."
        ) from error


def _drawn(problem: Problem, pairs: np.ndarray, seed: int) -> Solution:
    """Pairs drawn by chance, told as a solution: nobody's points decided anything."""
    taken = set(pairs[:, 0].tolist()) | (set(pairs[:, 1].tolist()) if problem.reciprocal else set())
    order = [row for row in waiting_order(problem.helped, seed).tolist() if problem.helped.places[row]]
    used = np.bincount(pairs[:, 1], minlength=problem.shape[1]).astype(np.int32)
    return Solution(
        pairs=pairs,
        points=np.zeros(len(pairs), dtype=np.int32),
        unpaired=np.array([row for row in order if row not in taken], dtype=np.int32),
        used=used,
        seed=seed,
    )


def _staged(loaded: Loaded, pairs: np.ndarray, locked: int, mode: str) -> list[Staged]:
    problem, scorer = loaded.problem, Scorer(loaded.problem)
    parts = (Part.PEER, Part.PEER) if problem.reciprocal else (Part.HELPED, Part.HELPER)
    slots: dict[int, int] = {}
    told = [()] * len(pairs) if mode == RunMode.RANDOM else scorer.all_parts(pairs)
    rows = []
    for number, (one, other) in enumerate(pairs.tolist()):
        slots[other] = slots.get(other, 0) + 1
        seats = (
            Seat(int(problem.helped.key[one]), parts[0]),
            Seat(int(problem.helpers.key[other]), parts[1], 1 if problem.reciprocal else slots[other]),
        )
        rows.append(Staged(seats, reasons_of(loaded, told[number]), locked=number < locked))
    return rows


def reasons_of(loaded: Loaded, parts: Iterable[Reason]) -> list[dict]:
    """The parts of a pair as plain JSON; what is shared by its codes, a lived experience never detailed."""
    return [
        {
            "criterion": part.criterion.value,
            "points": part.points,
            "maximum": part.maximum,
            "fact": part.fact.value,
            "shared": _shared(loaded, part.criterion, part.mask),
        }
        for part in parts
    ]


def _shared(loaded: Loaded, criterion: Criterion, mask: int) -> list:
    own = {Criterion.THEMES: loaded.themes, Criterion.SITE: loaded.sites}
    values = own[criterion] if criterion in own else _SHARED.get(criterion, ())
    return in_mask(values, mask) if mask else []


def in_mask(values, mask: int) -> list:
    return [value for bit, value in enumerate(values) if mask >> bit & 1]


def welcoming(problem: Problem, out: int, couples: list[tuple[int, int]], *, met: bool) -> list[tuple[int, int]]:
    """Which of these couples (keys) may welcome somebody, the best first; people who `met` arrange the rest."""
    if met:
        problem = replace(problem, channel_required=False, hours_required=False)
    there = set(problem.helped.key.tolist())
    if out not in there:
        return []
    rows = {tuple(problem.helped.row_of(key) for key in keys): keys for keys in couples if there.issuperset(keys)}
    return [rows[trio.pair] for trio in general.trios(problem, problem.helped.row_of(out), rows)]


def left_alone(problem: Problem, solution: Solution) -> list[Left]:
    """Who still waits, and why."""
    return [Left(int(problem.helped.key[row.row]), [_cause(row, cause)]) for row, cause in _why(problem, solution)]


def _why(problem: Problem, solution: Solution) -> Iterator[tuple[explain.Explanation, Cause]]:
    """What may be said of each person without a pair, and why.

    An exclusion changes one word, the cause. Everything else, what would help among it, is told as if no rule kept
    anybody apart: a private wish must not be read from what it takes away (decision 15).
    """
    told = explain.unpaired(without_rules(problem), solution)
    for row, true in zip(told, explain.unpaired(problem, solution), strict=True):
        yield row, true.cause


def without_rules(problem: Problem) -> Problem:
    return replace(problem, forbidden=no_pairs(), exclude_same_team=False)


def _cause(row: explain.Explanation, cause: Cause) -> dict:
    """Counts are left out: what is not shown is not kept."""
    return {
        "cause": cause.value,
        "channels": in_mask(Channel.values, row.channels),
        "helps": [
            {
                "kind": one.kind.value,
                "channels": in_mask(Channel.values, one.mask) if one.kind != explain.Unblock.HOURS else [],
                "slots": in_mask([bit for bit, _ in SLOTS], one.mask) if one.kind == explain.Unblock.HOURS else [],
            }
            for one in row.helps
        ],
    }


def _details(problem: Problem, solution: Solution, mode: str) -> dict:
    """Behind « Détails techniques »: proof and blocking pairs, numbers only."""
    details = {"total": int(solution.total), "load": int(solution.load)}
    if mode == RunMode.CRITERIA and not problem.reciprocal:
        checked = proof.certify(problem, solution)
        details["optimum_checked"] = bool(checked.optimum_checked)
        if problem.shape[0] * problem.shape[1] <= COUNTED_CELLS:
            details["blocking"] = blocking(problem, solution)
    return details


def blocking(problem: Problem, solution: Solution) -> int:
    """How many couples would both have more points with each other than with what they are proposed.

    Counted as if no rule kept anybody apart: the number must be the same whoever avoids whom.
    """
    problem = without_rules(problem)
    n, m = problem.shape
    scorer = Scorer(problem)
    mine = np.full(n, -1, dtype=np.int32)
    mine[solution.pairs[:, 0]] = solution.points
    mine[problem.helped.places == 0] = np.iinfo(np.int32).max
    least = np.full(m, -1, dtype=np.int32)
    full = (solution.used >= problem.helpers.places) & (problem.helpers.places > 0)
    for helper in np.flatnonzero(full).tolist():
        least[helper] = solution.points[solution.pairs[:, 1] == helper].min()
    least[problem.helpers.places == 0] = np.iinfo(np.int32).max
    count = 0
    for start, stop in problem.blocks():
        points = np.where(problem.allowed(start, stop), scorer.block(start, stop), -1)
        count += int(((points > mine[start:stop, None]) & (points > least[None, :])).sum())
    return count
