"""The rank auditor against an attacker of another kind, who lists whole-number solutions: they must agree.

Then the real editions of small programmes: nothing that was published lets the listing know what few pairs did, short of a
total that is nought, which says that each one is nought (docs/methode-diffusion.md, section 7).
"""

import random

import pytest
from django.db import transaction

from evaluation.disclosure import auditor
from evaluation.disclosure.rules import MIN_PAIRS
from evaluation.models import PublishedFigure
from evaluation.services import ledger, releases
from tests.evaluation import world
from tests.evaluation.volumes_attacker import betrayed, solutions

MIDDLE, MOST = 2, 4  # far enough from the bounds for every combination to move
LARGEST = 8  # pairs: beyond, the list of solutions is too long


def family(chance: random.Random) -> tuple[list[frozenset], int]:
    """Up to three totals over a few units, of one or two parts."""
    parts = chance.choice([(None,), (None,), ("a", "b")])
    units = chance.randint(4, 7) if len(parts) == 1 else chance.randint(3, 4)
    figures = []
    for _ in range(chance.randint(1, 3)):
        share = chance.choice([0.4, 0.6, 0.9])
        drawn = {(unit, part) for unit in range(units) for part in parts if chance.random() < share}
        figures.append(frozenset(drawn or {(0, parts[0])}))
    return figures, chance.choice([2, 3, 4])


def compare(seed: int) -> tuple[bool, bool]:
    """(what the auditor says, what the listing says) of one family of totals."""
    figures, fewest = family(random.Random(seed))
    columns = sorted(set().union(*figures), key=str)
    rows = solutions(figures, [MIDDLE * len(figure) for figure in figures], columns, MOST)
    return auditor.betrays(figures, fewest=fewest), bool(betrayed(rows, columns, fewest=fewest))


@pytest.mark.parametrize("start", [0, 40])
def test_listing_every_solution_agrees_with_the_rank(start):
    verdicts = [compare(seed) for seed in range(start, start + 40)]
    assert all(rank == listed for rank, listed in verdicts)
    assert {rank for rank, _ in verdicts} == {True, False}


@pytest.mark.long
def test_listing_agrees_on_two_thousand_families():
    verdicts = [compare(seed) for seed in range(2000)]
    print(f"\n{len(verdicts)} families of totals: {sum(rank for rank, _ in verdicts)} betray, the same for both")
    assert all(rank == listed for rank, listed in verdicts)


def history(seed: int) -> tuple[list[frozenset], list[int]]:
    """What two or three real editions of a small, growing programme published of its meetings: (who, how many)."""
    chance = random.Random(seed)
    made, exercice = world.programme()
    pairs, figures, totals = 0, [], []
    for _ in range(chance.randint(2, 3)):
        added = chance.choice([3, 4] if not pairs else [1, 2, 3])
        if pairs + added > LARGEST:
            break
        for pair in world.pairs(made, added):
            world.meet(pair, chance.randint(1, 2))
        pairs += added
        with world.after():
            release = releases.establish(exercice=exercice)
        shown = PublishedFigure.objects.filter(release=release, indicator="E02", stratum="", label="value").first()
        if shown:
            figures.append(frozenset((pair, None) for pair in range(pairs)))
            totals.append(shown.lo)
    return figures, totals


def known(seed: int) -> tuple[bool, int]:
    """(whether few pairs are betrayed, figures published) in one history."""
    with transaction.atomic():
        figures, totals = history(seed)
        transaction.set_rollback(True)
    if not figures:
        return False, 0
    columns = sorted(set().union(*figures))
    rows = solutions(figures, totals, columns, max(totals))
    return bool(betrayed(rows, columns, fewest=MIN_PAIRS)), len(figures)


def total(seeds) -> tuple[int, int]:
    found = [known(seed) for seed in seeds]
    return sum(one for one, _ in found), sum(read for _, read in found)


@pytest.mark.django_db
def test_editions_of_small_programmes_betray_no_two_pairs():
    told, read = total(range(6))
    assert told == 0 and read > 6


@pytest.mark.django_db
def test_without_the_ledger_the_listing_finds_them(monkeypatch):
    monkeypatch.setattr(ledger, "protect", lambda exercice, lines: None)
    assert total(range(6))[0] > 0


@pytest.mark.long
@pytest.mark.django_db
def test_a_hundred_histories_betray_no_two_pairs():
    told, read = total(range(100))
    print(f"\n100 histories, {read} totals of meetings published: {told} betray few pairs")
    assert told == 0
