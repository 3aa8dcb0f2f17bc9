"""Rencontres croisées and vœux: pairs from ranked wishes, so that no two people would rather have each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pairing.matching.roommates import irving

MAX_WISHES = 3


class WishError(ValueError):
    """A wish list that no form lets through: too long, the same name twice, oneself."""


@dataclass(frozen=True)
class Match:
    """Pairs of rows, sorted; `blocking` are the pairs of people who would rather have each other (none when stable)."""

    pairs: tuple[tuple[int, int], ...]
    blocking: tuple[tuple[int, int], ...]


def two_sides(
    helped_wishes: Sequence[Sequence[int]],
    helper_wishes: Sequence[Sequence[int]],
    places: Sequence[int],
    *,
    allowed: np.ndarray,
    points: np.ndarray | None = None,
    complete_helped: bool = True,
    complete_helpers: bool = True,
    helpers_first: bool = False,
) -> Match:
    """Stable pairs with places. Wishes are rows of the other side, best first, 0 to MAX_WISHES each.

    Without `points` only mutual wishes become pairs. With `points` (int (n, m)) the score goes on with the lists, after
    the wishes, by points then by row: of both sides, or of one (vœux sur présentations: `complete_helpers` only, since
    helpers rank nobody). `allowed` (bool (n, m)) is what the rules permit; what they do not is as if unsaid.
    The side that proposes, the helped unless `helpers_first`, gets its best stable pairs. Raises WishError.
    """
    n, m = allowed.shape
    _check(helped_wishes, n, m)
    _check(helper_wishes, m, n)
    scores = None if points is None else np.asarray(points)
    helped = [
        _list(wishes, allowed[i], scores[i] if scores is not None and complete_helped else None)
        for i, wishes in enumerate(helped_wishes)
    ]
    helpers = [
        _list(wishes, allowed[:, j], scores[:, j] if scores is not None and complete_helpers else None)
        for j, wishes in enumerate(helper_wishes)
    ]
    left, right = [_ranks(some) for some in (helped, helpers)]
    helped = [[j for j in wishes if i in right[j]] for i, wishes in enumerate(helped)]
    helpers = [[i for i in wishes if j in left[i]] for j, wishes in enumerate(helpers)]
    if helpers_first:
        pairs = [(i, j) for j, i in _propose(helpers, left, list(places), [1] * n)]
    else:
        pairs = _propose(helped, right, [1] * n, list(places))
    return Match(tuple(sorted(pairs)), _blocking(left, right, pairs, [1] * n, list(places)))


def one_population(wishes: Sequence[Sequence[int]], *, allowed: np.ndarray, points: np.ndarray | None = None) -> Match:
    """The same among peers (stable roommates, Irving's algorithm): stable whenever a stable pairing exists.

    When none exists (three people can each prefer the next), the pairing with most pairs, then the best wishes (the
    least sum of ranks, exact on the general graph); `blocking` then says between whom it is not stable.
    Without `points` only mutual wishes become pairs. Raises WishError.
    """
    n = len(wishes)
    _check(wishes, n, n)
    if any(i in wished for i, wished in enumerate(wishes)):
        raise WishError("a wish for oneself")
    may = np.asarray(allowed) & ~np.eye(n, dtype=bool)
    lists = [
        _list(wished, may[i], None if points is None else np.asarray(points)[i]) for i, wished in enumerate(wishes)
    ]
    ranks = _ranks(lists)
    lists = [[j for j in wished if i in ranks[j]] for i, wished in enumerate(lists)]
    found = irving(lists)
    pairs = _best_wishes(lists) if found is None else found
    blocking = [
        (i, j) for i, j in _blocking(ranks, ranks, [*pairs, *((j, i) for i, j in pairs)], [1] * n, [1] * n) if i < j
    ]
    return Match(tuple(sorted(pairs)), tuple(blocking))


def _check(wishes: Sequence[Sequence[int]], owners: int, others: int) -> None:
    if len(wishes) != owners:
        raise WishError(f"{len(wishes)} lists for {owners} people")
    for wished in wishes:
        if len(wished) > MAX_WISHES or len(set(wished)) < len(wished) or not all(0 <= j < others for j in wished):
            raise WishError("not a list of at most three different people")


def _list(wishes: Sequence[int], allowed: np.ndarray, points: np.ndarray | None) -> list[int]:
    """Wishes first, then everybody allowed by points, then row (only the wishes without points)."""
    named = [j for j in wishes if allowed[j]]
    if points is None:
        return named
    rest = sorted((-int(points[j]), int(j)) for j in np.flatnonzero(allowed) if j not in wishes)
    return named + [j for _, j in rest]


def _ranks(lists: Sequence[Sequence[int]]) -> list[dict[int, int]]:
    return [{other: rank for rank, other in enumerate(wished)} for wished in lists]


def _propose(
    lists: list[list[int]], ranks: list[dict[int, int]], wanted: list[int], places: list[int]
) -> list[tuple[int, int]]:
    """Deferred acceptance: those of `lists` propose, in order, until they hold as many as they want."""
    turn = [0] * len(lists)
    held: list[list[int]] = [[] for _ in places]
    count = [0] * len(lists)
    waiting = list(reversed(range(len(lists))))
    while waiting:
        who = waiting.pop()
        while count[who] < wanted[who] and turn[who] < len(lists[who]):
            asked = lists[who][turn[who]]
            turn[who] += 1
            held[asked].append(who)
            count[who] += 1
            if len(held[asked]) > places[asked]:
                last = max(held[asked], key=ranks[asked].__getitem__)
                held[asked].remove(last)
                count[last] -= 1
                if last != who:
                    waiting.append(last)
    return [(who, asked) for asked, people in enumerate(held) for who in people]


def _blocking(
    left: list[dict[int, int]],
    right: list[dict[int, int]],
    pairs: Sequence[tuple[int, int]],
    wanted: Sequence[int],
    places: Sequence[int],
) -> tuple[tuple[int, int], ...]:
    """Pairs, each in the other's list, who would both rather have each other than somebody they have, or a free place."""
    has: list[list[int]] = [[] for _ in left]
    held: list[list[int]] = [[] for _ in right]
    for i, j in pairs:
        has[i].append(j)
        held[j].append(i)

    def rather(ranks: dict[int, int], other: int, have: list[int], most: int) -> bool:
        return len(have) < most or any(ranks[other] < ranks[mine] for mine in have)

    return tuple(
        (i, j)
        for i, ranks in enumerate(left)
        for j in sorted(ranks)
        if i in right[j]
        and j not in has[i]
        and rather(ranks, j, has[i], wanted[i])
        and rather(right[j], i, held[j], places[j])
    )


def _best_wishes(lists: list[list[int]]) -> list[tuple[int, int]]:
    from pairing.matching.general import heaviest, tie_of

    ranks = _ranks(lists)
    most = 2 * len(lists)
    weights = {
        (i, j): most - ranks[i][j] - ranks[j][i] for i, wished in enumerate(lists) for j in sorted(wished) if i < j
    }
    return heaviest(weights, full=True, tie=tie_of(0))
