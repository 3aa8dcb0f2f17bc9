"""Aléatoire contrôlé: chance decides, within the rules and never at the price of somebody's pair."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import numpy as np

from pairing.matching.board import board as board_of
from pairing.matching.problem import Problem
from pairing.matching.who import choose

EXACT_UP_TO = 12
STEPS_PER_PERSON = 50
TRIES_PER_PERSON = 5_000  # when hardly any swap is possible, the chain ends all the same


def draw(problem: Problem, *, rng: random.Random) -> np.ndarray:
    """A pairing of the largest number of people, by chance: int32 (k, 2), sorted.

    Up to EXACT_UP_TO people on each side, exactly uniform over all the largest pairings (places of one helper are not
    told apart), by counting over subsets. Above, a chain of swaps, each as likely as its reverse, of at least
    STEPS_PER_PERSON × n accepted steps from a largest pairing drawn in random order: near uniform over what swaps reach,
    which is not proved to be everything. `rng` is injected: random.SystemRandom in production,
    seeded for replays and tests. Reciprocal problems too.
    """
    return np.array(sorted(sampler(problem)(rng)), dtype=np.int32).reshape(-1, 2)


def sampler(problem: Problem) -> Callable[[random.Random], list[tuple[int, int]]]:
    """What draws, everything that chance does not decide being counted already."""
    allowed = board_of(problem) >= 0
    rows = np.flatnonzero(problem.helped.places > 0)
    if problem.reciprocal:
        exact = len(rows) <= EXACT_UP_TO
        return _PeerCounts(allowed, rows.tolist()).draw if exact else partial(_peers_by_swaps, allowed, rows.tolist())
    places = problem.helpers.places
    columns = np.flatnonzero(places > 0)
    if len(rows) <= EXACT_UP_TO and len(columns) <= EXACT_UP_TO:
        return _Counts(allowed, rows, columns, places).draw
    return partial(_by_swaps, allowed, rows.tolist(), places)


def _by_swaps(allowed: np.ndarray, rows: list[int], places: np.ndarray, rng: random.Random) -> list[tuple[int, int]]:
    order = list(rows)
    rng.shuffle(order)
    mate = choose(np.where(allowed, 0, -1).astype(np.int16), order, places)
    return _Chain(allowed, order, mate.tolist(), places.tolist()).run(rng)


class _Counts:
    """For each helper and each set of people already paired: how many can still be, and in how many ways."""

    def __init__(self, allowed: np.ndarray, rows: np.ndarray, columns: np.ndarray, places: np.ndarray) -> None:
        self.rows, self.columns = rows.tolist(), columns.tolist()
        self.allowed, self.places = allowed[np.ix_(rows, columns)], places[columns].tolist()
        self.people = len(rows)
        self.sets = np.arange(1 << self.people)
        after = np.zeros(1 << self.people, dtype=np.int64), np.ones(1 << self.people, dtype=np.int64)
        self.steps = []
        for helper in reversed(range(len(self.columns))):
            self.steps.append(self._helper(helper, after))
            after = self.steps[-1][0][self.places[helper]]
        self.steps.reverse()

    def _helper(self, helper: int, after: tuple[np.ndarray, np.ndarray]) -> list[list[tuple[np.ndarray, np.ndarray]]]:
        """[person][places left of this helper] → (how many more, ways), people taken in increasing order."""
        steps = [[after] * (self.places[helper] + 1)]
        for person in reversed(range(self.people)):
            below = steps[-1]
            here = [below[0]]
            for left in range(1, self.places[helper] + 1):
                here.append(self._with(helper, person, below[left], below[left - 1]))
            steps.append(here)
        steps.reverse()
        return steps

    def _with(self, helper: int, person: int, without: tuple, after: tuple) -> tuple[np.ndarray, np.ndarray]:
        if not self.allowed[person, helper]:
            return without
        bit = 1 << person
        can = (self.sets & bit) == 0
        most = np.where(can, after[0][self.sets | bit] + 1, -1)
        best = np.maximum(without[0], most)
        ways = np.where(without[0] == best, without[1], 0) + np.where(most == best, after[1][self.sets | bit], 0)
        return best, ways

    def draw(self, rng: random.Random) -> list[tuple[int, int]]:
        paired, made = 0, []
        for helper, places in enumerate(self.places):
            steps, left = self.steps[helper], places
            for person in range(self.people):
                if not left or paired >> person & 1 or not self.allowed[person, helper]:
                    continue
                most, ways = steps[person][left]
                after = steps[person + 1][left - 1]
                taking = paired | 1 << person
                with_person = int(after[1][taking]) if after[0][taking] + 1 == most[paired] else 0
                if rng.randrange(int(ways[paired])) < with_person:
                    paired, left = taking, left - 1
                    made.append((self.rows[person], self.columns[helper]))
        return made


class _Chain:
    """Swaps between largest pairings; every step is as likely as the one that undoes it."""

    def __init__(self, allowed: np.ndarray, rows: list[int], mate: list[int], places: list[int]) -> None:
        self.allowed, self.mate = allowed, mate
        self.paired = [row for row in rows if mate[row] >= 0]
        self.waiting = [row for row in rows if mate[row] < 0]
        self.left = list(places)
        for row in self.paired:
            self.left[mate[row]] -= 1
        self.steps = STEPS_PER_PERSON * len(rows)
        self.tries = TRIES_PER_PERSON * len(rows)

    def run(self, rng: random.Random) -> list[tuple[int, int]]:
        moves = (self._exchange, self._move, self._replace)
        accepted = 0
        for _ in range(self.tries if self.paired else 0):
            accepted += moves[int(rng.random() * 3)](rng)
            if accepted >= self.steps:
                break
        return [(row, self.mate[row]) for row in self.paired]

    def _exchange(self, rng: random.Random) -> bool:
        """Two people exchange their helpers."""
        mate = self.mate
        one, other = _pick(self.paired, rng), _pick(self.paired, rng)
        if mate[one] == mate[other] or not (self.allowed[one, mate[other]] and self.allowed[other, mate[one]]):
            return False
        mate[one], mate[other] = mate[other], mate[one]
        return True

    def _move(self, rng: random.Random) -> bool:
        """Somebody moves to a free place."""
        row, helper = _pick(self.paired, rng), int(rng.random() * len(self.left))
        if not self.left[helper] or self.mate[row] == helper or not self.allowed[row, helper]:
            return False
        self.left[self.mate[row]] += 1
        self.left[helper] -= 1
        self.mate[row] = helper
        return True

    def _replace(self, rng: random.Random) -> bool:
        """Somebody waiting takes the place of somebody paired."""
        if not self.waiting:
            return False
        at, out = int(rng.random() * len(self.waiting)), int(rng.random() * len(self.paired))
        row, leaves = self.waiting[at], self.paired[out]
        if not self.allowed[row, self.mate[leaves]]:
            return False
        self.mate[row], self.mate[leaves] = self.mate[leaves], -1
        self.waiting[at], self.paired[out] = leaves, row
        return True


def _pick(people: list[int], rng: random.Random) -> int:
    return people[int(rng.random() * len(people))]


class _PeerCounts:
    """For each set of people: how many pairs they can make, and in how many ways."""

    def __init__(self, allowed: np.ndarray, people: list[int]) -> None:
        self.allowed, self.people = allowed, people
        self.known: dict[int, tuple[int, int]] = {0: (0, 1)}

    def _choices(self, left: int) -> list[tuple[int, int, int, int]]:
        """(pairs, ways, people left after, partner) for the first of `left`: alone (-1), or with each other."""
        first = (left & -left).bit_length() - 1
        rest = left & (left - 1)
        made = [(*self._count(rest), rest, -1)]
        for other in range(first + 1, len(self.people)):
            if rest >> other & 1 and self.allowed[self.people[first], self.people[other]]:
                after = rest & ~(1 << other)
                pairs, ways = self._count(after)
                made.append((pairs + 1, ways, after, other))
        return made

    def _count(self, left: int) -> tuple[int, int]:
        if left not in self.known:
            made = self._choices(left)
            most = max(pairs for pairs, *_ in made)
            self.known[left] = most, sum(ways for pairs, ways, *_ in made if pairs == most)
        return self.known[left]

    def draw(self, rng: random.Random) -> list[tuple[int, int]]:
        left, drawn = (1 << len(self.people)) - 1, []
        while left:
            most, ways = self._count(left)
            turn = rng.randrange(ways)
            first = self.people[(left & -left).bit_length() - 1]
            for pairs, some, after, other in self._choices(left):
                some *= pairs == most
                if turn < some:
                    if other >= 0:
                        drawn.append((first, self.people[other]))
                    left = after
                    break
                turn -= some
        return drawn


def _peers_by_swaps(allowed: np.ndarray, rows: list[int], rng: random.Random) -> list[tuple[int, int]]:
    from pairing.matching.general import largest

    people = list(rows)
    rng.shuffle(people)
    pairs = [list(pair) for pair in largest(allowed, people, rng)]
    alone = [person for person in people if all(person not in pair for pair in pairs)]
    accepted = 0
    for _ in range(TRIES_PER_PERSON * len(people) if pairs else 0):
        one = pairs[int(rng.random() * len(pairs))]
        if rng.random() < 0.5 and alone:
            at, side = int(rng.random() * len(alone)), int(rng.random() * 2)
            if allowed[alone[at], one[1 - side]]:
                one[side], alone[at] = alone[at], one[side]
                accepted += 1
        else:
            other = pairs[int(rng.random() * len(pairs))]
            side = int(rng.random() * 2)
            if one is not other and allowed[one[0], other[side]] and allowed[one[1], other[1 - side]]:
                one[1], other[side] = other[side], one[1]
                accepted += 1
        if accepted >= STEPS_PER_PERSON * len(people):
            break
    return [tuple(sorted(pair)) for pair in pairs]
