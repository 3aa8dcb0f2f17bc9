"""Stable roommates with incomplete lists: Irving's algorithm (1985), in the form of Gusfield and Irving (1989)."""

from __future__ import annotations


def irving(lists: list[list[int]]) -> list[tuple[int, int]] | None:
    """A stable pairing of one population, or None when there is none. Lists are mutual, best first."""
    table = [list(wished) for wished in lists]
    _first_phase(table)
    if not _rotate_all(table):
        return None
    return [(i, wished[0]) for i, wished in enumerate(table) if wished and i < wished[0]]


def _delete(table: list[list[int]], one: int, other: int) -> None:
    if other in table[one]:
        table[one].remove(other)
    if one in table[other]:
        table[other].remove(one)


def _keep_up_to(table: list[list[int]], owner: int, last: int) -> None:
    """Everybody this person likes less than `last` leaves the list, both ways."""
    for worse in table[owner][table[owner].index(last) + 1 :]:
        _delete(table, owner, worse)


def _first_phase(table: list[list[int]]) -> None:
    """Everybody proposes to the first of the list; whoever holds a proposal keeps nobody after its author."""
    holds: dict[int, int] = {}
    waiting = list(reversed(range(len(table))))
    while waiting:
        who = waiting.pop()
        if not table[who]:
            continue
        asked = table[who][0]
        before = holds.get(asked)
        holds[asked] = who
        _keep_up_to(table, asked, who)
        if before is not None and before != who:
            waiting.append(before)


def _rotate_all(table: list[list[int]]) -> bool:
    """Take away exposed rotations until every list has one name. False when somebody who had names loses them all."""
    named = [who for who, wished in enumerate(table) if wished]
    while True:
        start = next((who for who, wished in enumerate(table) if len(wished) > 1), None)
        if start is None:
            return True
        path, second = [start], []
        while True:
            second.append(table[path[-1]][1])
            following = table[second[-1]][-1]
            if following in path:
                at = path.index(following)
                cycle, onto = path[at:], second[at:]
                break
            path.append(following)
        for who, asked in zip(cycle, onto, strict=True):
            # `asked` now holds `who`, and keeps nobody after.
            if who in table[asked]:
                _keep_up_to(table, asked, who)
        if not all(table[who] for who in named):
            return False
