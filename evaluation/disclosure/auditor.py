"""Rank auditor of volumes: may one more total be published beside those already out? (decisions 21, 23; trust 3.4)

Whoever holds every published total may add and subtract them. A combination that speaks of fewer than `fewest` people
(or pairs) betrays them, so a total is refused when it makes one possible. The decision reads who could be counted, never
a value. Pure, exact, and closed when it cannot conclude: no proof in time means no publication.

A figure is the set of its columns. A column is (unit, part): what one person or one pair brought to one part of the
period (a month of the exercice; None when it is not cut). Figures about different things or different exercices are
different variables, and are audited apart (engineering H4, H5).

How it is exact. Columns with the same figures are one vector, kept by all the units that carry it: it vanishes only with
all of them. A combination speaks of the units U alone when the vectors carried by somebody outside U no longer span all
figures. Every basis must lose a vector for that, so the search branches over the vectors of one basis, the best kept
first; `fewest` bases that share no unit prove at once that no such U exists. Ranks are taken modulo a prime for which
the rank is the rational one: one of a few primes whose product exceeds every minor of a 0/1 matrix (Hadamard's bound).
"""

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

Column = tuple[Hashable, Hashable]  # (unit, part of the period)
# The largest primes under 2^31: products of two residues fit in 64 bits.
PRIMES = (
    2147483647, 2147483629, 2147483587, 2147483579, 2147483563, 2147483549, 2147483543, 2147483497, 2147483489,
    2147483477, 2147483423, 2147483399, 2147483353, 2147483323, 2147483269, 2147483249,
)  # fmt: skip


class Verdict(StrEnum):
    """Why a figure may be published, or not."""

    PUBLISHABLE = "publishable"
    BETRAYS = "betrays"  # some combination would speak of fewer than `fewest` units
    UNPROVED = "unproved"  # no conclusion in time: refused all the same


class OutOfTimeError(Exception):
    """The search was stopped; nothing is proved."""


@dataclass(frozen=True)
class Vectors:
    """The figures as a 0/1 matrix (figures × distinct columns), and who carries each column."""

    matrix: np.ndarray
    carriers: tuple[frozenset[Hashable], ...]


def audit(
    published: Sequence[Collection[Column]],
    asked: Collection[Column],
    *,
    fewest: int,
    late: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Whether `asked` may be published beside `published`, figures of the same variable over the same units.

    `late` is asked at each step of the search and stops it when true.
    """
    try:
        return Verdict.BETRAYS if betrays([*published, asked], fewest=fewest, late=late) else Verdict.PUBLISHABLE
    except OutOfTimeError:
        return Verdict.UNPROVED


def admit(
    published: Sequence[Collection[Column]],
    batch: Sequence[Collection[Column]],
    *,
    fewest: int,
    late: Callable[[], bool] = lambda: False,
) -> list[Verdict]:
    """The verdicts on a batch, in its own fixed order (totals first): each is audited beside those admitted before."""
    held, verdicts = list(published), []
    for asked in batch:
        verdicts.append(audit(held, asked, fewest=fewest, late=late))
        if verdicts[-1] == Verdict.PUBLISHABLE:
            held.append(asked)
    return verdicts


def betrays(figures: Iterable[Collection[Column]], *, fewest: int, late: Callable[[], bool] = lambda: False) -> bool:
    """Whether some combination of these figures speaks of fewer than `fewest` units. Raises OutOfTimeError."""
    vectors = _vectors(list(dict.fromkeys(frozenset(figure) for figure in figures if figure)))
    if not vectors.carriers:
        return False
    prime, rank = _rational_rank(vectors.matrix)
    return _search(vectors, prime, rank, frozenset(), frozenset(), fewest, late)


def _vectors(figures: list[frozenset[Column]]) -> Vectors:
    inside: dict[Column, list[int]] = {}
    for row, figure in enumerate(figures):
        for column in figure:
            inside.setdefault(column, []).append(row)
    carriers: dict[tuple[int, ...], set[Hashable]] = {}
    for (unit, _), rows in inside.items():
        carriers.setdefault(tuple(rows), set()).add(unit)
    # Best kept first: a vector that more units carry is harder to lose.
    order = sorted(carriers, key=lambda rows: (-len(carriers[rows]), rows))
    matrix = np.zeros((len(figures), len(order)), dtype=np.int64)
    for column, rows in enumerate(order):
        matrix[list(rows), column] = 1
    return Vectors(matrix, tuple(frozenset(carriers[rows]) for rows in order))


def _rational_rank(matrix: np.ndarray) -> tuple[int, int]:
    """(prime, rank): a prime for which the rank modulo it is the rank over the rationals."""
    size = min(matrix.shape)
    bits = (size + 1) / 2 * math.log2(size + 1)  # no minor of a 0/1 matrix of this size is larger
    primes = PRIMES[: max(1, math.ceil(bits / 30.9))]
    if len(primes) * 30.9 < bits:
        raise OutOfTimeError
    found = []
    for prime in primes:
        found.append((len(_basis(matrix, range(matrix.shape[1]), prime)), prime))
        if found[-1][0] == size:
            break
    rank, prime = max(found)
    return prime, rank


def _basis(matrix: np.ndarray, columns: Sequence[int], prime: int) -> list[int]:
    """The first basis among these columns, in their order, by Gauss elimination modulo `prime`."""
    rest = matrix[:, columns] % prime
    chosen, row = [], 0
    while row < len(rest):
        nonzero = rest[row:].any(axis=0)
        place = int(nonzero.argmax()) if nonzero.size else 0
        if not nonzero.size or not nonzero[place]:
            break
        pivot = row + int(np.flatnonzero(rest[row:, place])[0])
        rest[[row, pivot]] = rest[[pivot, row]]
        rest[row] = rest[row] * pow(int(rest[row, place]), -1, prime) % prime
        below = rest[row + 1 :, place]
        lines = np.flatnonzero(below) + row + 1
        rest[lines] = (rest[lines] - rest[lines, place][:, None] * rest[row]) % prime
        chosen.append(columns[place])
        row += 1
    return chosen


def _search(
    vectors: Vectors,
    prime: int,
    rank: int,
    lost: frozenset[Hashable],
    kept: frozenset[int],
    fewest: int,
    late: Callable[[], bool],
) -> bool:
    """Whether some U of fewer than `fewest` units, containing `lost`, leaves less than `rank`; `kept` vectors stay."""
    if late():
        raise OutOfTimeError
    left = [column for column, carriers in enumerate(vectors.carriers) if column in kept or not carriers <= lost]
    # Those that can no longer be lost come first: a basis of them ends the search.
    safe = [c for c in left if c in kept or len(vectors.carriers[c] | lost) >= fewest]
    at_risk = [c for c in left if c not in set(safe)]
    basis = _basis(vectors.matrix, safe + at_risk, prime)
    if len(basis) < rank:
        return True
    solid = set(safe)
    fragile = [column for column in basis if column not in solid]
    if not fragile or _apart(vectors, prime, rank, basis, solid, safe, at_risk, lost) > fewest - 1 - len(lost):
        return False
    for column in fragile:
        if _search(vectors, prime, rank, lost | vectors.carriers[column], kept, fewest, late):
            return True
        kept = kept | {column}
    return False


def _apart(
    vectors: Vectors,
    prime: int,
    rank: int,
    basis: list[int],
    solid: set[int],
    safe: list,
    at_risk: list,
    lost: frozenset,
) -> int:
    """How many bases are found that share no unit that could be lost: each costs at least one more unit."""
    count, used = 0, set(lost)
    while len(basis) == rank:
        count += 1
        if count > 64:
            break
        used |= set().union(*(vectors.carriers[column] for column in basis if column not in solid))
        basis = _basis(vectors.matrix, safe + [c for c in at_risk if not vectors.carriers[c] & used], prime)
    return count
