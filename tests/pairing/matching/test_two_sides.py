"""Two sides: the solver against every pairing there is, and the proof against the solver."""

import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pairing.matching import assign, explain, kinds, score
from pairing.matching.board import board
from pairing.matching.certificate import certify
from pairing.matching.problem import IN_PERSON, OTHER_PLACE, OUTSIDE, OWN_PLACE, PHONE, People, Problem
from pairing.matching.score import Scorer
from pairing.matching.solve import solve
from tests.pairing.matching import worlds


def check(seed):
    problem = worlds.two_sides(seed)
    points = board(problem)
    if seed % 5 == 0:
        assert (points == worlds.board_pair_by_pair(problem)).all(), "by blocks and pair by pair, the same points"
    solution = solve(problem, seed=seed)
    used = np.bincount(solution.pairs[:, 1], minlength=problem.shape[1])
    assert (used <= problem.helpers.places).all() and (used == solution.used).all()
    assert all(problem.may_meet(i, j) for i, j in solution.pairs.tolist())
    order = worlds.service_order(problem, seed)
    best = worlds.best_value(points, problem.helpers.places.tolist(), order)
    assert worlds.value_of(problem, solution, points) == best, seed
    assert sorted(solution.unpaired.tolist() + solution.pairs[:, 0].tolist()) == sorted(order)
    return problem, solution


@pytest.mark.parametrize("rounds", [False, True], ids=["at once", "by rounds"])
def test_number_waiting_order_total_and_load_are_the_best_of_all_pairings(rounds, monkeypatch):
    if rounds:
        monkeypatch.setattr(assign, "DENSE_CELLS", -1)
        monkeypatch.setattr(assign, "PER_ROW", 1)
    for seed in range(400):
        problem, solution = check(seed)
        assert certify(problem, solution).optimum_checked, seed


@pytest.mark.long
@pytest.mark.parametrize("rounds", [False, True], ids=["at once", "by rounds"])
def test_the_same_on_twenty_thousand_cases(rounds, monkeypatch):
    if rounds:
        monkeypatch.setattr(assign, "DENSE_CELLS", -1)
        monkeypatch.setattr(assign, "PER_ROW", 1)
    for seed in range(10_000, 20_000):
        check(seed)


def tight(seed, n=300, m=150):
    rng = np.random.default_rng(seed)
    return Problem(
        worlds.side(rng, n, 1, waiting=60),
        worlds.side(rng, m, 10_000, places=(1, 3), waiting=60),
        forbidden=worlds.forbidden(rng, n, m, 0.05),
    )


def test_both_ways_of_solving_find_the_same_total_and_load_when_places_are_short(monkeypatch):
    for seed in range(4):
        problem = tight(seed)
        at_once = solve(problem, seed=seed)
        with monkeypatch.context() as patched:
            patched.setattr(assign, "DENSE_CELLS", -1)
            by_rounds = solve(problem, seed=seed)
        assert (at_once.total, at_once.load) == (by_rounds.total, by_rounds.load)
        assert (at_once.unpaired == by_rounds.unpaired).all()
        assert certify(problem, by_rounds).optimum_checked


def test_the_proof_refuses_what_is_not_the_best():
    problem = tight(9, 40, 20)
    good = solve(problem)
    assert certify(problem, good).optimum_checked
    points = board(problem)
    swapped = None
    for a in range(len(good.pairs)):
        for b in range(a):
            (i, j), (k, other) = good.pairs[a], good.pairs[b]
            if (
                min(points[i, other], points[k, j]) >= 0
                and points[i, other] + points[k, j] < points[i, j] + points[k, other]
            ):
                swapped = (a, b)
    pairs = good.pairs.copy()
    pairs[list(swapped), 1] = pairs[list(reversed(swapped)), 1]
    worse = replace(good, pairs=pairs, points=points[pairs[:, 0], pairs[:, 1]].astype(np.int32))
    proof = certify(problem, worse)
    assert proof.lawful and proof.largest and proof.in_waiting_order and proof.primal < proof.bound
    short = replace(
        good,
        pairs=good.pairs[1:],
        points=good.points[1:],
        unpaired=np.append(good.unpaired, good.pairs[0, 0]),
        used=good.used - (np.arange(20) == good.pairs[0, 1]),
    )
    assert not certify(problem, short).largest
    assert not certify(problem, replace(good, points=good.points + 1)).lawful


def test_points_known_per_kind_of_people_are_those_of_each_pair(monkeypatch):
    for problem in (tight(5, 60, 40), Problem.peers(tight(6, 50, 1).helped)):
        pair_by_pair = board(problem)
        with monkeypatch.context() as patched:
            patched.setattr(score, "KINDS_FROM", 0)
            for worth in (16, 1):
                patched.setattr(kinds, "WORTH", worth)
                assert (board(problem) == pair_by_pair).all()


def test_somebody_who_waited_longer_is_never_left_out_for_somebody_else():
    problem = Problem(
        People.of([1, 2, 3], waiting_days=[10, 50, 90], ahead=[True, False, False]), People.of([9], places=[1])
    )
    assert solve(problem).pairs.tolist() == [[0, 0]], "a lapse puts the person first"
    assert solve(problem).unpaired.tolist() == [2, 1]
    taken = replace(problem, helpers=People.of([9], places=[2])).rest([(1, 0)])
    assert solve(taken).pairs.tolist() == [[0, 0]], "a locked pair keeps its place, the rest is run"


def test_seeds_only_break_exact_ties():
    problem = tight(3, 60, 30)
    first = solve(problem, seed=1)
    for seed in range(2, 5):
        other = solve(problem, seed=seed)
        assert (len(other.pairs), sorted(problem.helped.waiting_days[other.unpaired].tolist())) == (
            len(first.pairs),
            sorted(problem.helped.waiting_days[first.unpaired].tolist()),
        )
    same = Problem(People.of(range(1, 9)), People.of(range(101, 105)))
    assert len({tuple(solve(same, seed=seed).unpaired.tolist()) for seed in range(20)}) > 5


def test_the_order_in_which_people_are_read_changes_nothing():
    problem = tight(4, 40, 20)
    shuffled = {name: getattr(problem.helped, name)[::-1] for name in vars(problem.helped)}
    again = replace(problem, helped=People.of(**shuffled))
    assert again.input_hash() == problem.input_hash()
    assert (solve(again).pairs == solve(problem).pairs).all()


def test_hours_to_agree_are_never_worth_nothing():
    one = People.of([1], slots=[0b1], variable_hours=[True])
    problem = Problem(one, People.of([2, 3, 4], slots=[0b10, 0b1, 0], variable_hours=[False, False, False]))
    for j in range(3):
        hours = next(part for part in Scorer(problem).parts(0, j) if part.criterion == "hours")
        assert hours.points == hours.maximum // 2 and hours.fact == "hours_to_agree"
        assert problem.may_meet(0, j)


# Every place two people could meet at, and what each wish takes: (of the one who wishes, of the other).
PLACES = ("one's", "other's", "a third workplace", "outside")
TAKES = {
    0: (set(PLACES), set(PLACES)),
    OWN_PLACE: ({"one's"}, {"other's"}),
    OTHER_PLACE: ({"other's", "a third workplace"}, {"one's", "a third workplace"}),
    OUTSIDE: ({"outside"}, {"outside"}),
}


def test_where_to_meet_counts_only_when_meeting_is_the_one_way_and_never_bars_anybody():
    for one, other in itertools.product(TAKES, repeat=2):
        agreed = bool(TAKES[one][0] & TAKES[other][1])
        for channels, only in ((IN_PERSON, True), (IN_PERSON | PHONE, False), (PHONE, False)):
            helped = People.of([1], channels=[channels], place=[one])
            problem = Problem(helped, People.of([2], channels=[channels], place=[other]))
            told = next(part for part in Scorer(problem).parts(0, 0) if part.criterion == "channel")
            assert problem.may_meet(0, 0)
            assert (told.points == told.maximum) == (agreed or not only), (one, other, channels)
            fact = "place_to_agree" if not agreed else "place_agreed" if one or other else "common_channels"
            assert told.fact == (fact if only else "common_channels")


def test_a_site_counts_only_where_it_is_needed_and_is_told_as_it_is():
    """Said in sentences first: where could these two meet, and does somebody have to travel?"""
    some = (IN_PERSON, IN_PERSON | PHONE, PHONE, 0)
    for mine, theirs in itertools.product(some, repeat=2):
        for place, other in itertools.product((0, OWN_PLACE, OUTSIDE), repeat=2):
            for sites, others in itertools.product((0, 0b01, 0b10, 0b11), repeat=2):
                for travels in (False, True):
                    problem = Problem(
                        People.of([1], channels=[mine], place=[place], sites=[sites]),
                        People.of([2], channels=[theirs], place=[other], sites=[others], travels=[travels]),
                        channel_required=False,
                    )
                    part = next(part for part in Scorer(problem).parts(0, 0) if part.criterion == "site")
                    outside = OUTSIDE in (place, other) and {place, other} <= {0, OUTSIDE}
                    if mine & theirs != IN_PERSON or outside:
                        expected = ("site_not_needed", part.maximum, 0)
                    elif sites & others:
                        expected = ("common_site", part.maximum, sites & others)
                    elif travels:
                        expected = ("site_by_travel", part.maximum * 2 // 3, 0)
                    elif not sites or not others:
                        expected = ("site_to_agree", part.maximum // 2, 0)
                    else:
                        expected = ("no_common_site", 0, 0)
                    assert (part.fact, part.points, part.mask) == expected
                    assert problem.may_meet(0, 0)


@pytest.mark.parametrize("seed", range(200))
def test_sites_decide_with_whom_and_never_who_waits_nor_why(seed):
    problem = worlds.two_sides(seed)
    none = [
        replace(side, sites=np.zeros_like(side.sites), travels=np.zeros_like(side.travels))
        for side in (problem.helped, problem.helpers)
    ]
    without = replace(problem, helped=none[0], helpers=none[1])
    one, other = solve(problem, seed=seed), solve(without, seed=seed)
    assert one.unpaired.tolist() == other.unpaired.tolist()
    assert explain.unpaired(problem, one) == explain.unpaired(without, one)


SCRIPT = """
import json, random
from pairing.matching import assign, dating, stable
from pairing.matching.general import solve_peers
from pairing.matching.random_mode import draw
from pairing.matching.solve import solve
from tests.pairing.matching import worlds
from tests.pairing.matching.test_two_sides import tight
import numpy as np
made = [solve(tight(1), seed=5).pairs.tolist()]
assign.DENSE_CELLS = -1
made.append(solve(tight(2), seed=5).pairs.tolist())
peers = worlds.Problem.peers(worlds.People.of(range(1, 41)))
made.append(solve_peers(peers, seed=5).pairs.tolist())
made.append(draw(peers, rng=random.Random(5)).tolist())
made.append(stable.one_population([[1], [2], [0], []], allowed=np.ones((4, 4), dtype=bool)).pairs)
print(json.dumps([made, tight(1).input_hash()]))
"""


def test_the_same_answer_in_every_process_whatever_the_hash_seed():
    answers = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "4242")
    ]
    assert answers[0] == answers[1] and json.loads(answers[0])
