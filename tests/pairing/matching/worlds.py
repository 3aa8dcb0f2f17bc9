"""Small worlds for properties: every case is drawn from a seed, and the best is found by trying everything."""

import itertools

import numpy as np

from pairing.matching.board import NO
from pairing.matching.problem import People, Problem, waiting_order
from pairing.matching.score import Scorer


def mask(rng, size, bits, chance=0.4):
    drawn = rng.random((size, bits)) < chance
    return (drawn * (1 << np.arange(bits))).sum(axis=1).astype(np.uint64)


def side(rng, size, first_key, *, places=None, waiting=4):
    return People.of(
        rng.permutation(np.arange(first_key, first_key + size)),
        places=np.ones(size) if places is None else rng.integers(places[0], places[1] + 1, size),
        waiting_days=rng.integers(0, waiting + 1, size) * 10,
        ahead=rng.random(size) < 0.1,
        themes=mask(rng, size, 5),
        channels=mask(rng, size, 4),
        slots=mask(rng, size, 6),
        variable_hours=rng.random(size) < 0.2,
        place=rng.integers(0, 4, size),
        sites=mask(rng, size, 3),
        travels=rng.random(size) < 0.2,
        setting=mask(rng, size, 3),
        lived=mask(rng, size, 3),
        seniority=rng.integers(0, 4, size),
        level=rng.integers(0, 5, size),
        unit=rng.integers(0, 6, size),
        unit_parent=rng.integers(0, 3, size) * 100,
        wants=mask(rng, size, 3, 0.2),
        traits=mask(rng, size, 3),
        exchange_needs=mask(rng, size, 3, 0.1),
        exchange_offers=mask(rng, size, 3, 0.3),
    )


def forbidden(rng, n, m, chance):
    return np.argwhere(rng.random((n, m)) < chance)


def two_sides(seed, *, most=4, most_places=3):
    """Anything may happen: an empty side, no place, everything excluded, nothing but ties."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(0, most + 1, 2)
    settings = {"weights": {}} if rng.random() < 0.1 else {}
    return Problem(
        side(rng, n, 1, places=(0, 1) if rng.random() < 0.2 else None, waiting=rng.integers(0, 4)),
        side(rng, m, 100, places=(0, most_places)),
        forbidden=forbidden(rng, n, m, rng.choice([0.0, 0.2, 0.6, 1.0], p=[0.3, 0.4, 0.25, 0.05])),
        exclude_same_team=rng.random() < 0.5,
        channel_required=rng.random() < 0.7,
        hours_required=rng.random() < 0.5,
        continuity=forbidden(rng, n, m, 0.1),
        **settings,
    )


def peers(seed, *, most=6):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, most + 1))
    return Problem.peers(
        side(rng, n, 1, places=(0, 1) if rng.random() < 0.2 else None, waiting=rng.integers(0, 4)),
        forbidden=forbidden(rng, n, n, rng.choice([0.0, 0.1, 0.3, 0.6])),
        exclude_same_team=rng.random() < 0.5,
        channel_required=rng.random() < 0.5,
        hours_required=rng.random() < 0.3,
    )


def board_pair_by_pair(problem):
    """The points of every pair, one at a time; `NO` where the rules say no or one has no place."""
    n, m = problem.shape
    scorer = Scorer(problem)

    def points(i, j):
        if not (problem.may_meet(i, j) and problem.helped.places[i] and problem.helpers.places[j]):
            return NO
        return sum(part.points for part in scorer.parts(i, j))

    return np.array([[points(i, j) for j in range(m)] for i in range(n)]).reshape(n, m)


def every_pairing(board, places, rows):
    """Every way to give each of `rows` a helper or none."""
    choices = [[-1, *np.flatnonzero(board[i] >= 0).tolist()] for i in rows]
    for choice in itertools.product(*choices):
        if all(choice.count(j) <= places[j] for j in set(choice) if j >= 0):
            yield choice


def best_value(board, places, order):
    """(who, total, -load) of the best pairing: who is the list of served flags in waiting order, best first."""
    best = None
    for choice in every_pairing(board, places, order):
        served = tuple(j >= 0 for j in choice)
        total = sum(int(board[i, j]) for i, j in zip(order, choice, strict=True) if j >= 0)
        load = sum(choice.count(j) * (choice.count(j) - 1) // 2 for j in set(choice) if j >= 0)
        value = (sum(served), served, total, -load)
        if best is None or value > best:
            best = value
    return best


def service_order(problem, seed=0):
    order = waiting_order(problem.helped, seed)
    return order[problem.helped.places[order] > 0].tolist()


def value_of(problem, solution, board):
    """The same value for a solution."""
    helper = dict(solution.pairs.tolist())
    order = service_order(problem, solution.seed)
    served = tuple(i in helper for i in order)
    total = sum(int(board[i, j]) for i, j in helper.items())
    return (sum(served), served, total, -solution.load)
