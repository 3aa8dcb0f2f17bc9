"""Why somebody has no pair: recomputed from the rules, and every promised change carried out."""

from dataclasses import replace

import numpy as np
import pytest

from pairing.matching.explain import Cause, Unblock, unpaired
from pairing.matching.general import solve_peers
from pairing.matching.problem import IN_PERSON, PHONE, VIDEO, People, Problem
from pairing.matching.solve import solve
from tests.pairing.matching import worlds


def with_column(people, name, row, value):
    column = getattr(people, name).copy()
    column[row] = value
    return replace(people, **{name: column})


def paired_after(problem, seed):
    solution = solve(problem, seed=seed)
    return set(solution.pairs[:, 0].tolist())


def someone_new(problem, row, channel):
    """The same problem with one more helper, who shares a channel, any hours, and no incompatibility."""
    people = problem.helpers
    columns = {name: np.append(getattr(people, name), 0) for name in vars(people) if name != "key"}
    columns["places"][-1], columns["channels"][-1] = 1, channel
    key = np.append(people.key, 10_000)
    columns["person"][-1] = 10_000
    return replace(problem, helpers=People.of(key, **columns))


def check_two_sides(seed):
    problem = worlds.two_sides(seed)
    solution = solve(problem, seed=seed)
    before = set(solution.pairs[:, 0].tolist())
    found = unpaired(problem, solution)
    assert [one.row for one in found] == solution.unpaired.tolist()
    for one in found:
        i, m = one.row, problem.shape[1]
        others = [j for j in range(m) if problem.helpers.places[j]]
        fits = [j for j in others if not problem.no_channel(i, i + 1)[0, j] and not problem.no_hours(i, i + 1)[0, j]]
        possible = [j for j in fits if not problem.excluded(i, i + 1)[0, j]]
        assert one.possible == len(possible)
        expected = Cause.NOBODY if not others else Cause.TAKEN if possible else Cause.INCOMPATIBLE if fits else None
        if expected:
            assert one.cause is expected
        else:
            by_phone = [j for j in others if not problem.no_channel(i, i + 1)[0, j]]
            assert one.cause is (
                Cause.CHANNEL
                if not by_phone
                else Cause.HOURS
                if len(by_phone) == len(others)
                else Cause.CHANNEL_OR_HOURS
            )
        for help in one.helps:
            check_help(problem, seed, before, one, help, possible)
        kinds = [help.kind for help in one.helps]
        assert kinds[0] is Unblock.PLACE
        # What is not promised would not do.
        for kind, name, bits in ((Unblock.CHANNEL, "channels", 4), (Unblock.HOURS, "slots", 6)):
            mask = next((help.mask for help in one.helps if help.kind is kind), 0)
            said = int(getattr(problem.helped, name)[i])
            if said and not (name == "slots" and problem.helped.variable_hours[i]):
                for bit in range(bits):
                    if not (mask | said) >> bit & 1:
                        changed = replace(problem, helped=with_column(problem.helped, name, i, said | 1 << bit))
                        assert not before | {i} <= paired_after(changed, seed), (seed, one, kind, bit)
    return [one.cause for one in found]


def check_help(problem, seed, before, one, help, possible):
    i = one.row
    if help.kind is Unblock.PLACE:
        # A place for this person: the others left out would each need one too.
        left_out = sorted(set(range(problem.shape[0])) - before - {i})
        problem = replace(problem, helped=with_column(problem.helped, "places", left_out, 0))
    if help.kind is Unblock.PLACE and possible:
        for j in possible:
            channels = int(problem.helpers.channels[j])
            assert not help.mask or channels & help.mask
            more = with_column(problem.helpers, "places", j, min(5, problem.helpers.places[j] + 1))
            assert paired_after(replace(problem, helpers=more), seed) == before | {i}
    elif help.kind is Unblock.PLACE:
        for bit in range(4) if help.mask else ():
            if help.mask >> bit & 1:
                assert i in (after := paired_after(someone_new(problem, i, 1 << bit), seed)) and before <= after
    else:
        name = "channels" if help.kind is Unblock.CHANNEL else "slots"
        said = int(getattr(problem.helped, name)[i])
        assert help.mask and not help.mask & said
        for bit in range(15):
            if help.mask >> bit & 1:
                changed = replace(problem, helped=with_column(problem.helped, name, i, said | 1 << bit))
                assert paired_after(changed, seed) == before | {i}, (seed, one, help)


def test_causes_and_changes_are_true():
    causes = [cause for seed in range(220) for cause in check_two_sides(seed)]
    assert set(causes) == set(Cause), "every cause was met"


@pytest.mark.long
def test_the_same_on_five_thousand_cases():
    for seed in range(10_000, 15_000):
        check_two_sides(seed)


def test_entre_pairs_one_more_person_would_do():
    for seed in range(150):
        problem = worlds.peers(seed)
        solution = solve_peers(problem, seed=seed)
        for one in unpaired(problem, solution):
            assert [help.kind for help in one.helps] == [Unblock.PLACE]
            assert (one.cause is Cause.TAKEN) == (one.possible > 0)


def world(**settings):
    """Camille waited longest and takes Lou's place; Candide can only phone; Louison could only meet Lou."""
    helped = People.of(
        [1, 2, 3], waiting_days=[90, 60, 30], channels=[IN_PERSON, PHONE, IN_PERSON | VIDEO], unit=[11, 12, 13]
    )
    helpers = People.of([101, 102], places=[1, 1], channels=[IN_PERSON, IN_PERSON | VIDEO], unit=[21, 13])
    return Problem(helped, helpers, **settings)


def test_scene_three_in_codes():
    """A second helper is free, and the rules or a wish keep Louison from that person."""
    problem = world()
    camille, candide, louison = 0, 1, 2
    solution = solve(problem)
    told = {one.row: one for one in unpaired(problem, solution)}
    assert solution.pairs.tolist() == [[camille, 1]] or len(solution.pairs) == 2
    assert told[candide].cause is Cause.CHANNEL and told[candide].helps[0].kind is Unblock.PLACE
    assert told[candide].helps[0].mask == PHONE
    only_her_team = replace(problem, helpers=with_column(problem.helpers, "places", 0, 0))
    told = {one.row: one for one in unpaired(only_her_team, solve(only_her_team))}
    assert told[louison].cause is Cause.INCOMPATIBLE and told[louison].possible == 0


def test_a_rule_and_a_private_wish_are_explained_alike():
    """The same exclusion as same team, forbidden pair, and unit avoided by either side: one and the same explanation."""
    rule = world(exclude_same_team=True)
    apart = {"exclude_same_team": False}
    wishes = [
        world(**apart, forbidden=[(2, 1)]),
        world(**apart, helped_avoid_units=[(2, 13)]),
        world(**apart, helpers_avoid_units=[(1, 13)]),
    ]
    expected = unpaired(rule, solve(rule))
    for wish in wishes:
        assert unpaired(wish, solve(wish)) == expected
        assert (solve(wish).pairs == solve(rule).pairs).all()
    for seed in range(100):
        problem = worlds.two_sides(seed)
        excluded = np.argwhere(problem.excluded(0, problem.shape[0]))
        same = replace(
            problem,
            forbidden=excluded,
            exclude_same_team=False,
            helped_avoid_units=np.empty((0, 2)),
            helpers_avoid_units=np.empty((0, 2)),
        )
        assert unpaired(problem, solve(problem)) == unpaired(same, solve(same))
