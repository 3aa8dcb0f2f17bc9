"""An attacker of survey figures: holds everything published of one yes-or-no question, and knows two people's answers.

Exact: lists every way the answers may stand that agrees with all figures together, group by group (people who stand in the
same figures are alike), and asks whether a third person's answer is then the same in all of them.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.disclosure.figures import Figure


@dataclass(frozen=True)
class Shown:
    """A figure: how many of these people said yes, as it was published."""

    people: frozenset[int]
    figure: Figure


def pins_somebody(answers: Sequence[bool], shown: Sequence[Shown]) -> bool:
    """Whether two of these people, pooling what they answered, know for certain what a third one answered."""
    shown = [one for one in shown if one.figure.is_value]
    groups: dict[tuple[bool, ...], list[int]] = {}
    for person in range(len(answers)):
        groups.setdefault(tuple(person in one.people for one in shown), []).append(person)
    atoms = list(groups.values())
    worlds = _worlds(list(groups), atoms, shown)
    kinds = [(atom, said) for atom, people in enumerate(atoms) for said in {answers[person] for person in people}]
    return any(
        _pinned(worlds, atoms, two)
        for two in itertools.combinations_with_replacement(kinds, 2)
        if _are_two(answers, atoms, two)
    )


def _worlds(memberships: list[tuple[bool, ...]], atoms: list[list[int]], shown: Sequence[Shown]) -> np.ndarray:
    """Every number of yes in each group that agrees with all that is published: one row each."""
    axes = np.meshgrid(*(np.arange(len(people) + 1) for people in atoms), indexing="ij")
    worlds = np.stack([axis.ravel() for axis in axes], axis=1)
    for number, one in enumerate(shown):
        inside = [atom for atom, membership in enumerate(memberships) if membership[number]]
        total = worlds[:, inside].sum(axis=1)
        worlds = worlds[(total >= one.figure.lo) & (total <= one.figure.hi)]
    return worlds


def _are_two(answers: Sequence[bool], atoms: list[list[int]], two: tuple) -> bool:
    (atom, said), other = two
    return (atom, said) != other or sum(answers[person] == said for person in atoms[atom]) > 1


def _pinned(worlds: np.ndarray, atoms: list[list[int]], two: tuple) -> bool:
    yes, no = np.zeros(len(atoms), dtype=int), np.zeros(len(atoms), dtype=int)
    for atom, said in two:
        (yes if said else no)[atom] += 1
    sizes = np.array([len(people) for people in atoms])
    left_yes, left_no = worlds - yes, sizes - worlds - no
    agree = (left_yes >= 0).all(axis=1) & (left_no >= 0).all(axis=1)
    others = sizes - yes - no > 0
    may_yes, may_no = (left_yes[agree] > 0).any(axis=0), (left_no[agree] > 0).any(axis=0)
    return bool((others & ~(may_yes & may_no)).any())
