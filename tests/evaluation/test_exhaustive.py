"""Every histogram, every pair of colleagues who pool what they know: nobody's answer follows from what is published.

No formula here: all histograms of n answers are listed, grouped by the figures the real code publishes of them, and an
attacker who knows two answers asks which answers a third person may still have given. At least two must remain for yes or
no, three on a scale of five (engineering H1, 6.4; trust 3.5). One cell is enough: the cells of a question are disjoint and
no total stands beside them (tests/evaluation/test_weakened.py), so what holds in each holds for all together.
"""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from evaluation.disclosure import bands
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.rules import MIN_ANSWERS, MIN_HALF_POINTS

SCALE = 5
FAST = range(MIN_ANSWERS, 15)
SLOW = range(15, 41)


def histograms(n: int, kinds: int) -> np.ndarray:
    """Every way to spread n answers over `kinds` values: one row each."""
    cuts = np.array(list(itertools.combinations(range(n + kinds - 1), kinds - 1)), dtype=np.int16)
    edges = np.hstack([np.full((len(cuts), 1), -1), cuts, np.full((len(cuts), 1), n + kinds - 1)])
    return np.diff(edges, axis=1) - 1


def published_share(favourable: int, n: int) -> Figure:
    return bands.share(favourable, n)


def published_mean(total: int, n: int) -> Figure:
    """Of the histograms with this sum; that the band reads the sum alone is tested below."""
    low, over = divmod(total, n)
    return bands.mean([Fraction(low + 1)] * over + [Fraction(low)] * (n - over))


def fewest_left(rows: np.ndarray, shown: list[Figure]) -> int:
    """The fewest answers that remain possible for a third person, over all figures and all couples of known answers."""
    names = {figure: number for number, figure in enumerate(dict.fromkeys(shown))}
    group = np.array([names[figure] for figure in shown])
    kinds = rows.shape[1]
    fewest = kinds
    for known in itertools.combinations_with_replacement(range(kinds), 2):
        left = rows.copy()
        for value in known:
            left[:, value] -= 1
        may_be = left[:, list(known)].min(axis=1) >= 0
        for number in names.values():
            inside = left[may_be & (group == number)]
            if len(inside):
                fewest = min(fewest, int((inside >= 1).any(axis=0).sum()))
    return fewest


def check(n: int) -> str:
    """What is left at the least for a third person, in words."""
    yes_or_no = histograms(n, 2)
    either = fewest_left(yes_or_no, [published_share(int(yes), n) for yes in yes_or_no[:, 1]])
    scale = histograms(n, SCALE)
    favourable = scale[:, 3] + scale[:, 4]
    shares = {int(value): published_share(int(value), n) for value in np.unique(favourable)}
    of_a_share = fewest_left(scale, [shares[int(value)] for value in favourable])
    totals = scale @ np.arange(1, SCALE + 1)
    means = {int(total): published_mean(int(total), n) for total in np.unique(totals)}
    of_a_mean = fewest_left(scale, [means[int(total)] for total in totals])
    assert either >= 2 and of_a_share >= 3 and of_a_mean >= 3
    return f"n = {n}: {len(scale)} histograms; left: {either} of yes or no, {of_a_share} of 5 by a share, {of_a_mean} by a mean"


@pytest.mark.parametrize("n", FAST)
def test_two_colleagues_learn_nothing_of_a_third(n):
    check(n)


@pytest.mark.long
@pytest.mark.parametrize("n", SLOW)
def test_two_colleagues_learn_nothing_of_a_third_in_larger_groups(n):
    print(f"\n{check(n)}")


def test_the_band_of_a_mean_reads_the_sum_alone():
    for n in (MIN_ANSWERS, MIN_ANSWERS + 1):
        rows = histograms(n, SCALE)
        by_sum: dict[int, set[Figure]] = {}
        for row in rows.tolist():
            scores = [Fraction(value) for value, times in enumerate(row, 1) for _ in range(times)]
            by_sum.setdefault(sum(map(int, scores)), set()).add(bands.mean(scores))
        assert all(figures == {published_mean(total, n)} for total, figures in by_sum.items())


@pytest.mark.parametrize("n", [MIN_ANSWERS, 12, MIN_HALF_POINTS])
def test_an_exact_share_would_be_caught(n):
    """The attacker is not blind: without bands the extremes betray everybody."""
    rows = histograms(n, 2)
    assert fewest_left(rows, [Figure.exact(int(yes)) for yes in rows[:, 1]]) == 1


@pytest.mark.parametrize("n", [MIN_ANSWERS, 12])
def test_an_exact_mean_would_be_caught(n):
    rows = histograms(n, SCALE)
    totals = rows @ np.arange(1, SCALE + 1)
    assert fewest_left(rows, [Figure.exact(int(total)) for total in totals]) == 1


def test_bands_narrower_by_one_would_be_caught():
    """Ends of two answers only, as for one insider: two colleagues would know the rest."""
    n = 9
    rows = histograms(n, 2)

    def narrow(yes: int) -> Figure:
        return Figure(0, 1) if yes <= 1 else Figure(n - 1, n) if yes >= n - 1 else Figure.exact(yes)

    assert fewest_left(rows, [narrow(int(yes)) for yes in rows[:, 1]]) == 1
