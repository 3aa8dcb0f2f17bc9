"""Walking through the matrix: which cells, what is wrong in each, how many."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.access.matrix import cells
from tests.access.matrix.actors import Actor
from tests.access.matrix.canaries import found_in
from tests.access.matrix.cells import OPEN, OWN, REFUSED, Answer, Target
from tests.access.matrix.readers import may_read
from tests.access.matrix.world import World

OTHER_METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
# Strangers tried on each object that is not theirs, by turns.
BY_TURNS = 2


@dataclass
class Report:
    cells: int = 0
    # Pages that may be opened and should show something: how many did.
    shown: int = 0
    promised: int = 0
    wrong: list[str] = field(default_factory=list)
    verdicts: Counter = field(default_factory=Counter)
    blank: list[str] = field(default_factory=list)


def plan(actors: list[Actor], group: list[Target], *, whole: bool) -> Iterator[tuple[Actor, Target, str]]:
    """Cells of one thing.

    Whole: every actor on every relation. Otherwise every actor on A1 (those with one factor only where they may enter;
    a form behind a page is sent by those concerned and BY_TURNS others); elsewhere those to whom the address opens
    somewhere, and BY_TURNS others by turns.
    """
    existing = [target for target in group if target.exists]
    method = "GET" if "GET" in existing[0].accepts else "POST"
    closed = (cells.REFUSED, cells.SIGN_IN)
    concerned = [one for one in actors if any(cells.promise(one, target, method) not in closed for target in existing)]
    inside = [one for one in actors if cells.promise(one, existing[0], method) not in closed]
    others = [one for one in actors if one not in concerned]
    rank = sum(map(ord, existing[0].route.name))
    turns = [others[(rank + turn * 5) % len(others)] for turn in range(BY_TURNS) if others]
    near = [one for one in actors if one.second_factor or one in concerned]
    far = [one for one in concerned if one.second_factor]
    for target in group:
        if target.relation == OWN:
            tried = actors if whole else near
        elif target.relation in cells.INSIDE:
            tried = inside if whole else [one for one in inside if one.second_factor]
        elif target.relation == cells.NOWHERE:
            tried = actors if whole else [*far[:2], *turns[:1]]
        else:
            tried = actors if whole else [*far, *turns]
        for actor in tried:
            likely = whole or actor in concerned or actor in turns
            for one in ("GET", "POST"):
                if one == method or (one in target.accepts and likely) or (target.relation == OWN and actor in inside):
                    yield actor, target, one
        if target.relation == OWN:
            for actor in [*inside[rank % max(1, len(inside)) :][:1], actors[rank % 2]]:
                yield from ((actor, target, one) for one in OTHER_METHODS)


def groups(targets: Iterable[Target]) -> Iterator[list[Target]]:
    """Targets of one thing together, its own first."""
    group: list[Target] = []
    for target in targets:
        if target.relation == OWN and group:
            yield group
            group = []
        group.append(target)
    if group:
        yield group


def walk(
    world: World, actors: list[Actor], *, only: set[str] | None = None, whole: bool = False, first: bool = False
) -> Report:
    """Every cell of these routes; `first` stops at the first wrong one."""
    report = Report()
    for group in groups(cells.targets(world, only)):
        same: dict[tuple, tuple] = {}
        for actor, target, method in plan(actors, group, whole=whole):
            for wrong in _cell(world, actor, target, method, report, same):
                name = f"{target.route.name} {target.thing.fill}, {target.relation}"
                report.wrong.append(f"{method} {name}, by {actor.name}: {wrong}")
            if first and report.wrong:
                return report
    return report


def _cell(
    world: World, actor: Actor, target: Target, method: str, report: Report, same: dict[tuple, tuple]
) -> Iterator[str]:
    verdict = cells.promise(actor, target, method)
    answer = cells.send(actor, target, method)
    report.cells += 1
    report.verdicts[verdict] += 1
    if wrong := cells.kept(actor, target, verdict, answer, method):
        yield wrong
    if verdict == REFUSED:
        door = (actor.name, method, target.relation in (OWN, *cells.INSIDE))
        sealed = answer.sealed(target.url)
        if same.setdefault(door, sealed) != sealed:
            yield "does not look like an object that does not exist"
    yield from _unreadable(world, actor, target, answer)
    if verdict == OPEN and method == "GET" and target.thing.fill and not target.thing.silent:
        _count_shown(target, actor, answer, report)


def _unreadable(world: World, actor: Actor, target: Target, answer: Answer) -> Iterator[str]:
    for mark in sorted(found_in(answer.text), key=str):
        by_link = target.thing.link_reads and mark.kind in target.thing.link_reads
        if by_link and mark.programme in (target.scene.code[1], "X") and mark.employer == target.scene.code[0]:
            continue
        if not may_read(actor, mark, world):
            yield f"reads {mark}"


def _count_shown(target: Target, actor: Actor, answer: Answer, report: Report) -> None:
    """Against an empty proof: the page shows a word of the place it is about."""
    report.promised += 1
    letter, code = target.scene.code
    if answer.response.status_code == 200 and any(
        mark.employer == letter and mark.programme in (code, "X") for mark in found_in(answer.text)
    ):
        report.shown += 1
    else:
        report.blank.append(f"{target.route.name} {target.thing.fill}, {target.relation}, by {actor.name}")
