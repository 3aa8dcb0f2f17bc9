"""Entre pairs: one population against every pairing there is; the odd person, and the trio."""

import numpy as np
import pytest

from pairing.matching import general
from pairing.matching.board import board
from pairing.matching.general import solve_peers, trios
from pairing.matching.problem import People, Problem, ProblemError
from tests.pairing.matching import worlds


def every_pairing(board, people):
    if not people:
        yield ()
        return
    first, *rest = people
    yield from every_pairing(board, rest)
    for other in rest:
        if board[first, other] >= 0:
            for pairing in every_pairing(board, [one for one in rest if one != other]):
                yield ((first, other), *pairing)


def check(seed):
    problem = worlds.peers(seed)
    points = board(problem)
    if seed % 5 == 0:
        assert (points == worlds.board_pair_by_pair(problem)).all(), "by blocks and pair by pair, the same points"
    assert (points == points.T).all(), "what one is worth to the other goes both ways"
    solution = solve_peers(problem, seed=seed)
    order = worlds.service_order(problem, seed)

    def value(pairs):
        paired = {person for pair in pairs for person in pair}
        return len(pairs), tuple(person in paired for person in order), sum(int(points[pair]) for pair in pairs)

    pairs = [tuple(pair) for pair in solution.pairs.tolist()]
    assert value(pairs) == max(value(pairing) for pairing in every_pairing(points, sorted(order))), seed
    assert all(problem.may_meet(*pair) and pair[0] < pair[1] for pair in pairs)
    assert sorted([*solution.unpaired.tolist(), *(person for pair in pairs for person in pair)]) == sorted(order)
    return problem, points, solution


@pytest.mark.parametrize("span", [100, 2], ids=["one span", "many spans"])
def test_number_waiting_order_and_total_are_the_best_of_all_pairings(span, monkeypatch):
    monkeypatch.setattr(general, "SPAN", span)
    for seed in range(160):
        check(seed)


@pytest.mark.long
def test_the_same_on_ten_thousand_populations():
    for seed in range(10_000, 20_000):
        check(seed)


def test_who_is_left_out_of_an_odd_group_has_waited_least_and_may_join_the_best_pair():
    for seed in range(80):
        problem, points, solution = check(seed)
        couples = [tuple(pair) for pair in solution.pairs.tolist()]
        for out in solution.unpaired.tolist():
            possible = {
                (i, j): points[out, i] + points[out, j] for i, j in couples if min(points[out, i], points[out, j]) >= 0
            }
            welcomed = trios(problem, out, couples)
            assert {trio.pair: trio.points for trio in welcomed} == possible
            assert [trio.points for trio in welcomed] == sorted(possible.values(), reverse=True)
    people = People.of(range(1, 6), waiting_days=[50, 40, 5, 30, 20])
    solution = solve_peers(Problem.peers(people))
    assert solution.unpaired.tolist() == [2]
    assert len(trios(Problem.peers(people), 2, [tuple(pair) for pair in solution.pairs.tolist()])) == 2


def test_two_hundred_people_keep_their_order_and_more_are_refused():
    rng = np.random.default_rng(7)
    people = worlds.side(rng, 200, 1, waiting=400)
    problem = Problem.peers(people, forbidden=worlds.forbidden(rng, 200, 200, 0.9), hours_required=False)
    solution = solve_peers(problem)
    assert len(solution.pairs) * 2 + len(solution.unpaired) == 200
    with pytest.raises(ProblemError):
        solve_peers(Problem.peers(worlds.side(rng, 201, 1)))
    with pytest.raises(ProblemError):
        solve_peers(worlds.two_sides(3))
