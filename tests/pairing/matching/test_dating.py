"""Who meets whom, turn by turn: everybody with everybody, and an absent meeting that says nothing."""

import random
from itertools import combinations, product

import pytest

from pairing.matching import dating


def met(turns):
    pairs = [frozenset(pair) for turn in turns for pair in turn if pair[1] is not None]
    assert len(pairs) == len(set(pairs)), "two people meet twice"
    return set(pairs)


def seated(turns):
    return [sorted(person for pair in turn for person in pair if person is not None) for turn in turns]


def all_pairs(people):
    return {frozenset(pair) for pair in combinations(people, 2)}


@pytest.mark.parametrize(("count", "turns"), [(6, 5), (7, 7), (8, 7), (20, 19), (21, 21)])
def test_everybody_meets_everybody_once_and_nobody_waits_two_turns(count, turns):
    people = list(range(count))
    plan = dating.among_peers(people, [], rng=random.Random(1))
    assert len(plan) == turns
    assert met(plan) == all_pairs(people)
    assert seated(plan) == [people] * turns
    rests = [pair[0] for turn in plan for pair in turn if pair[1] is None]
    assert sorted(rests) == (people if count % 2 else [])


@pytest.mark.parametrize(("some", "others"), [(3, 3), (4, 6), (7, 3)])
def test_two_sides_meet_across(some, others):
    helped, helpers = list(range(some)), list(range(100, 100 + others))
    plan = dating.across(helped, helpers, [], rng=random.Random(1))
    assert len(plan) == max(some, others)
    assert met(plan) == {frozenset(pair) for pair in product(helped, helpers)}
    assert seated(plan) == [helped + helpers] * len(plan)


def test_whoever_is_kept_apart_is_one_of_many_who_do_not_meet():
    """The attack: « I met all but one, so that one keeps away from me »."""
    people = list(range(8))
    for seed in range(30):
        plan = dating.among_peers(people, [(2, 5)], rng=random.Random(seed))
        missing = all_pairs(people) - met(plan)
        assert frozenset((2, 5)) in missing
        # One turn is left out: everybody, not two people, misses exactly one other.
        assert len(plan) == 6
        assert sorted(person for pair in missing for person in pair) == people
        assert seated(plan) == [people] * 6, "nobody is sent to rest because of it"


def test_the_ones_who_miss_each_other_by_chance_change_with_the_draw():
    """Otherwise the same four pairs would always stand out."""
    others = set()
    for seed in range(30):
        missing = all_pairs(range(8)) - met(dating.among_peers(list(range(8)), [(2, 5)], rng=random.Random(seed)))
        others |= missing
    assert len(others) == 1 + 15  # the two kept apart, and every pair of the six others


@pytest.mark.parametrize(
    ("apart", "left_out"),
    [
        ([(0, 1), (0, 2)], 2),
        ([(0, 1), (1, 2), (0, 2)], 2),
        ([(0, 1), (2, 3), (4, 5), (6, 7)], 1),
        # Two teams of four: only across.
        ([*combinations(range(4), 2), *combinations(range(4, 8), 2)], 3),
    ],
)
def test_as_few_turns_as_possible_are_left_out(apart, left_out):
    plan = dating.among_peers(list(range(8)), apart, rng=random.Random(3))
    assert not met(plan) & {frozenset(pair) for pair in apart}
    assert len(plan) == 7 - left_out
    assert seated(plan) == [list(range(8))] * len(plan)


def test_across_too_a_whole_turn_is_left_out():
    helped, helpers = [1, 2, 3, 4], [11, 12, 13, 14]
    plan = dating.across(helped, helpers, [(1, 12)], rng=random.Random(5))
    missing = {frozenset(pair) for pair in product(helped, helpers)} - met(plan)
    assert frozenset((1, 12)) in missing
    assert sorted(person for pair in missing for person in pair) == helped + helpers


def test_the_same_people_are_drawn_the_same_way_and_turns_may_be_capped():
    plans = [dating.among_peers(list(range(9)), [(0, 1)], rng=random.Random(7)) for _ in range(2)]
    assert plans[0] == plans[1]
    assert dating.among_peers(list(range(9)), [(0, 1)], rng=random.Random(7), at_most=3) == plans[0][:3]


def test_people_who_may_meet_nobody_get_no_plan():
    assert dating.among_peers([1, 2, 3, 4], combinations([1, 2, 3, 4], 2), rng=random.Random(1)) == []
