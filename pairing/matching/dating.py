"""Who meets whom at a dating session, turn by turn. Pure: no Django, no table of the database.

Everybody meets everybody, but for the people a rule or a private wish keeps apart. Were these the only two who do not
meet, each would know why. So whole turns are left out instead: people are placed so that all the forbidden meetings fall
into as few turns as possible, and none of the people of those turns meet. Everybody misses about as many people as
everybody else, and who misses somebody reads nothing from it: it is a draw like the others (docs/decisions/0011).
"""

import random
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations, product

from pairing.matching.general import heaviest

Person = int
Turn = list[tuple[Person, Person | None]]
MOVES, PEELS = 1500, 6


def among_peers(
    people: Sequence[Person], forbidden: Iterable[Collection[Person]], *, rng: random.Random, at_most: int | None = None
) -> list[Turn]:
    """Turns in which each person meets one other; with an odd number, one rests, once at most each: (person, None)."""
    chairs: list[Person | None] = [*people, *([None] if len(people) % 2 else [])]
    size = len(chairs)

    def turn(one: int, other: int) -> int:
        one, other = sorted((one, other))
        return (2 * one if other == size - 1 else one + other) % (size - 1)

    apart = {frozenset(pair) for pair in forbidden}
    circle = _placed(chairs, apart, list(combinations(range(size), 2)), turn, size - 1, rng)
    meetings = [(one, other) for one, other in combinations(chairs, 2) if frozenset((one, other)) not in apart]
    return _drawn(max(circle, _peeled(chairs, meetings, rng), key=len), rng, at_most)


def across(
    some: Sequence[Person],
    others: Sequence[Person],
    forbidden: Iterable[Collection[Person]],
    *,
    rng: random.Random,
    at_most: int | None = None,
) -> list[Turn]:
    """Turns in which somebody of one side meets somebody of the other; who has nobody rests: (person, None)."""
    size = max(len(some), len(others))
    chairs: list[Person | None] = [*some, *[None] * (size - len(some)), *others, *[None] * (size - len(others))]
    apart = {frozenset(pair) for pair in forbidden}
    edges = list(product(range(size), range(size, 2 * size)))
    found = _placed(chairs, apart, edges, lambda one, other: (one + other) % size, size, rng, sides=size)
    return _drawn(found, rng, at_most)


def _placed(
    chairs: list[Person | None],
    apart: set[frozenset],
    edges: list[tuple[int, int]],
    turn: Callable[[int, int], int],
    turns: int,
    rng: random.Random,
    sides: int | None = None,
) -> list[Turn]:
    """The round of all chairs, placed so that few turns hold a forbidden meeting; those turns are left out."""
    order = list(chairs)
    halves = [range(len(order))] if sides is None else [range(sides), range(sides, len(order))]
    for half in halves:
        drawn = [order[place] for place in half]
        rng.shuffle(drawn)
        order[half[0] : half[-1] + 1] = drawn

    def touched() -> set[int]:
        at = {person: place for place, person in enumerate(order) if person is not None}
        return {turn(*sorted(at[person] for person in pair)) for pair in apart if pair <= at.keys()}

    cost = len(touched())
    for _ in range(MOVES if cost > 1 else 0):
        one, other = rng.sample(list(rng.choice(halves)), 2)
        order[one], order[other] = order[other], order[one]
        if (new := len(touched())) > cost:
            order[one], order[other] = order[other], order[one]
        else:
            cost = new
    without = touched()
    found: list[Turn] = [[] for _ in range(turns)]
    for one, other in edges:
        _meet(found[turn(one, other)], order[one], order[other])
    return [pairs for number, pairs in enumerate(found) if number not in without]


def _peeled(
    chairs: list[Person | None], meetings: list[tuple[Person | None, Person | None]], rng: random.Random
) -> list[Turn]:
    """Turns taken one by one, each seating everybody, as long as there is one (many forbidden meetings: two teams)."""
    best: list[Turn] = []
    place = {person: number for number, person in enumerate(chairs)}
    edges = [(place[one], place[other]) for one, other in meetings]
    for _ in range(PEELS):
        # No two alike, so that the same people are always seated the same way.
        left = {edge: rng.getrandbits(48) for edge in edges}
        turns: list[Turn] = []
        while len(seated := heaviest(left, full=True)) * 2 == len(chairs):
            turns.append([])
            for edge in seated:
                del left[edge]
                _meet(turns[-1], *(chairs[number] for number in edge))
        best = max(best, turns, key=len)
    return best


def _meet(turn: Turn, one: Person | None, other: Person | None) -> None:
    if one is None:
        one, other = other, None
    if one is not None:
        turn.append((one, other))


def _drawn(turns: list[Turn], rng: random.Random, at_most: int | None) -> list[Turn]:
    """In an order that says nothing of how the turns were found, nor of which table is whose."""
    rng.shuffle(turns)
    for turn in turns:
        rng.shuffle(turn)
    return turns[:at_most]
