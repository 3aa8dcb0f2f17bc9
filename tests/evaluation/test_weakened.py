"""The rule of one partition, and what happens without it: every weaker policy lets an attacker know somebody's answer.

The policies are those that products and earlier plans of ours trusted (anchors/trust.md 3, engineering 0 and 6.4): a
threshold; a threshold that looks at the remainder; at everything published before; the rank of all totals; bands; rank and
bands together. The attacker knows two answers, as each member of a pair may (c = 2).
"""

import random
from collections.abc import Callable, Iterable
from math import comb

import pytest

from evaluation.disclosure import auditor, bands, partitions, surveys
from evaluation.disclosure.auditor import Verdict
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.partitions import Cell
from evaluation.disclosure.rules import MIN_ANSWERS, MIN_SPLIT
from evaluation.disclosure.surveys import WaveFacts
from tests.evaluation.attacker import Shown, pins_somebody

K = 5
PROGRAMMES = 60
People = frozenset[int]


class Programme:
    """People of two sides with two more traits, and what each answered."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.n = chance.randint(12, 30)
        self.traits = [[chance.random() < 0.5 for _ in range(self.n)] for _ in range(3)]
        likely = chance.random()
        self.answers = [chance.random() < likely for _ in range(self.n)]

    @property
    def everybody(self) -> People:
        return frozenset(range(self.n))

    def requests(self) -> list[People]:
        """The whole, then each half of each trait: what a dashboard with three filters would show."""
        halves = [
            frozenset(person for person in range(self.n) if trait[person] == half)
            for trait in self.traits
            for half in (True, False)
        ]
        return [self.everybody, *halves]

    def yes(self, people: Iterable[int]) -> int:
        return sum(self.answers[person] for person in people)

    def exact(self, people: People) -> Shown:
        return Shown(people, Figure.exact(self.yes(people)))

    def banded(self, people: People) -> Shown:
        return Shown(people, bands.share(self.yes(people), len(people)))


def threshold_only(one: Programme) -> list[Shown]:
    return [one.exact(people) for people in one.requests() if len(people) >= K]


def remainder_too(one: Programme) -> list[Shown]:
    return [
        one.exact(people)
        for people in one.requests()
        if len(people) >= K and (people == one.everybody or one.n - len(people) >= K)
    ]


def history_too(one: Programme) -> list[Shown]:
    held: list[People] = []
    for people in one.requests():
        if len(people) >= K and all(len(people ^ before) >= K for before in held):
            held.append(people)
    return [one.exact(people) for people in held]


def _ranked(one: Programme, least: int) -> list[People]:
    asked = [people for people in one.requests() if len(people) >= least]
    columns = [{(person, None) for person in people} for people in asked]
    verdicts = auditor.admit([], columns, fewest=K)
    return [people for people, verdict in zip(asked, verdicts, strict=True) if verdict == Verdict.PUBLISHABLE]


def rank_only(one: Programme) -> list[Shown]:
    return [one.exact(people) for people in _ranked(one, K)]


def bands_only(one: Programme) -> list[Shown]:
    return [one.banded(people) for people in one.requests() if len(people) >= MIN_ANSWERS]


def rank_and_bands(one: Programme) -> list[Shown]:
    return [one.banded(people) for people in _ranked(one, MIN_ANSWERS)]


def ours(one: Programme) -> list[Shown]:
    """What the real code publishes of a wave: the first trait is the side, the only stratum an answer carries."""
    sides = ["helper" if first else "helped" for first in one.traits[0]]
    invited = {side: sides.count(side) for side in set(sides)}
    facts = WaveFacts(one.n, one.n // 2, {"TC1": partitions.plan(invited)}, frozenset(invited))
    answers = [
        {"side": side, "answers": {"TC1": "4" if yes else "2"}} for side, yes in zip(sides, one.answers, strict=True)
    ]
    return [
        Shown(frozenset(person for person, side in enumerate(sides) if cell.cell.holds(side)), cell.figure)
        for cell in surveys.share("TC1", facts, answers, surveys.agrees)
    ]


def betrayed(policy: Callable[[Programme], list[Shown]], programmes: int = PROGRAMMES) -> int:
    made = [Programme(seed) for seed in range(programmes)]
    return sum(pins_somebody(one.answers, policy(one)) for one in made)


@pytest.mark.parametrize(
    "weak",
    [threshold_only, remainder_too, history_too, rank_only, bands_only, rank_and_bands],
    ids=lambda one: one.__name__,
)
def test_every_weaker_policy_betrays_somebody(weak):
    found = betrayed(weak)
    print(f"\n{weak.__name__}: somebody betrayed in {found} of {PROGRAMMES} programmes")
    assert found > 0


def test_what_is_published_betrays_nobody():
    assert betrayed(ours, 300) == 0


def test_what_is_published_is_not_nothing():
    assert sum(one.figure.is_value for seed in range(PROGRAMMES) for one in ours(Programme(seed))) >= PROGRAMMES


@pytest.mark.long
def test_ten_thousand_programmes_betray_nobody():
    found = betrayed(ours, 10_000)
    print(f"\nsurvey figures of 10000 programmes: {found} betrayed")
    assert found == 0


def fourteen() -> bool:
    """14 answers with 5 yes, and among them a group of 9 with 5 yes: is somebody betrayed by what the code publishes?"""
    sides = ["helper"] * 9 + ["helped"] * 5
    said = [True] * 5 + [False] * 9
    facts = WaveFacts(14, 7, {"TC1": partitions.plan({"helper": 9, "helped": 5})}, frozenset(sides))
    answers = [{"side": side, "answers": {"TC1": "5" if yes else "1"}} for side, yes in zip(sides, said, strict=True)]
    shown = [
        Shown(frozenset(person for person, side in enumerate(sides) if one.cell.holds(side)), one.figure)
        for one in surveys.share("TC1", facts, answers, surveys.agrees)
    ]
    return pins_somebody(said, shown)


def test_fourteen_answers_and_nine_of_them_betray_nobody():
    assert not fourteen()


def test_without_the_rule_of_one_partition_the_same_example_betrays(monkeypatch):
    def overlapping(planned, answered):
        everybody = Cell("", frozenset(answered), sum(answered.values()))
        return (everybody, *(Cell(side, frozenset({side}), n) for side, n in sorted(answered.items())))

    monkeypatch.setattr(partitions, "cells", overlapping)
    assert fourteen()
    assert betrayed(ours) > 0


def chance_of_a_split(n: int) -> float:
    """How often each of two balanced sides, drawn person by person, has enough answers to be published apart."""
    return sum(comb(n, one) for one in range(MIN_SPLIT, n - MIN_SPLIT + 1)) / 2**n


def test_the_rule_leaves_something_to_read():
    at = {n: chance_of_a_split(n) for n in (30, 40)}
    print("\nsplits in two that are published: " + ", ".join(f"{share:.1%} at n = {n}" for n, share in at.items()))
    assert at[30] >= 0.85 and at[40] >= 0.99
