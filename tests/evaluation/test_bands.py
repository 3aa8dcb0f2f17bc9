"""Bands and partitions of survey answers: two colleagues who pool what they know learn nothing of a third, for sure."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.disclosure import bands, partitions, rules
from evaluation.disclosure.figures import WITHHELD, Figure
from evaluation.disclosure.partitions import BY_SIDE, WHOLE

SIZES = range(7, 21)


def possible(published, known):
    """For each cell of people not in the coalition, the numbers of yes it may still hold.

    `published` is [(members, figure)], members a dict {group: people of it in this cell}; `known` {group: (people, yes)}
    is what the coalition tells itself. Groups are disjoint; a world gives each group a number of yes.
    """
    groups = sorted({group for members, _ in published for group in members})
    size = {g: next(members[g] for members, _ in published if g in members) for g in groups}
    free = {g: size[g] - known.get(g, (0, 0))[0] for g in groups}
    left = {g: set() for g in groups}
    for world in product(*(range(free[g] + 1) for g in groups)):
        said = dict(zip(groups, world, strict=True))
        total = {g: said[g] + known.get(g, (0, 0))[1] for g in groups}
        if all(figure.lo <= sum(total[g] for g in members) <= figure.hi for members, figure in published):
            for g in groups:
                left[g].add(said[g])
    return free, left


def certain(published, known):
    """Groups where the coalition knows everybody's answer: all said yes, or all said no."""
    free, left = possible(published, known)
    return {g for g in left if free[g] and left[g] in ({0}, {free[g]})}


def coalitions(sizes, yes):
    """Every pair of people, by group and answer, that exists when `yes` people of each group said yes."""
    for first, second in product(product(sizes, (0, 1)), repeat=2):
        known = {}
        for group, said in (first, second):
            people, positive = known.get(group, (0, 0))
            known[group] = (people + 1, positive + said)
        if all(p <= yes[g] and n - p <= sizes[g] - yes[g] for g, (n, p) in known.items()):
            yield known


@pytest.mark.parametrize("n", SIZES)
def test_before_any_two_colleagues_everybody_else_may_have_said_yes_or_no(n):
    """Exhaustive: every count, every coalition of two (0, 1 or 2 yes between them)."""
    for yes in range(n + 1):
        published = [({"all": n}, bands.share(yes, n))]
        for known in coalitions({"all": n}, {"all": yes}):
            assert certain(published, known) == set()


@pytest.mark.parametrize("sizes", [(11, 11), (11, 12), (13, 11), (14, 14)])
def test_side_by_side_holds_too(sizes):
    invited = dict(zip(("helper", "helped"), sizes, strict=True))
    for yes in product(*(range(size + 1) for size in sizes)):
        counts = dict(zip(invited, yes, strict=True))
        published = publish(invited, counts, BY_SIDE)
        assert len(published) == 2
        for known in coalitions(invited, counts):
            assert certain(published, known) == set()


def publish(answered, yes, planned):
    """All that is published of a question: the cells of its one partition."""
    made = []
    for cell in partitions.cells(planned, answered):
        count = sum(yes[side] for side in cell.sides)
        if partitions.publishable(cell, pairs=9):
            made.append(({side: answered[side] for side in cell.sides}, bands.share(count, cell.n)))
    return made


def test_fourteen_answers_with_five_yes_and_nine_of_them_with_five_yes():
    """Red without the partition rule: the whole and one of its parts together say that five people all said no."""
    answered, yes = {"helper": 9, "helped": 5}, {"helper": 5, "helped": 0}
    for planned in (WHOLE, BY_SIDE):
        assert certain(publish(answered, yes, planned), {}) == set()
    without_the_rule = [(answered, bands.share(5, 14)), ({"helper": 9}, bands.share(5, 9))]
    assert certain(without_the_rule, {}) == {"helped"}


def test_without_the_bands_or_with_narrower_ones_the_attack_succeeds():
    """The attacker of these tests is a real one: exact counts and bands for a coalition of one fail before it."""
    exact = [({"all": 7}, Figure.exact(2))]
    narrower = [({"all": 8}, Figure(0, 2))]
    assert certain(exact, {"all": (2, 2)}) == {"all"}
    assert certain(narrower, {"all": (2, 2)}) == {"all"}


@given(st.integers(7, 60), st.data())
def test_a_band_holds_the_truth_and_cuts_the_counts_into_disjoint_bands(n, data):
    one, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, n))
    first, second = bands.share(one, n), bands.share(other, n)
    assert first.lo <= one <= first.hi
    assert first == second or first.hi < second.lo or second.hi < first.lo


@pytest.mark.parametrize("n", range(7))
def test_under_seven_answers_nothing_is_said_whatever_they_are(n):
    assert {bands.share(yes, n) for yes in range(n + 1)} == {Figure.said(WITHHELD)}


sides = st.dictionaries(st.sampled_from(["helper", "helped", "peer"]), st.integers(0, 30), min_size=1)


@given(st.sampled_from([WHOLE, BY_SIDE]), sides)
def test_cells_are_disjoint_cover_everybody_and_are_large_enough_to_stand_alone(planned, answered):
    made = partitions.cells(planned, answered)
    assert sum(cell.n for cell in made) == sum(answered.values())
    assert sorted(side for cell in made for side in cell.sides) == sorted(answered)
    assert len(made) == 1 or all(cell.n >= 11 for cell in made)
    assert len(made) == 1 or planned == BY_SIDE


@pytest.mark.parametrize(
    ("invited", "planned"),
    [
        ({"helper": 11, "helped": 11}, BY_SIDE),
        ({"helper": 10, "helped": 30}, WHOLE),
        ({"helper": 6, "helped": 7}, WHOLE),
        ({"peer": 40}, WHOLE),
        ({"helper": 12, "helped": 12, "peer": 0}, BY_SIDE),
        ({"helper": 12, "helped": 12, "peer": 2}, WHOLE),
    ],
)
def test_the_partition_is_chosen_by_invitations(invited, planned):
    assert partitions.plan(invited) == planned


def test_at_closing_a_side_too_small_falls_back_to_the_whole_and_never_the_reverse():
    assert len(partitions.cells(BY_SIDE, {"helper": 11, "helped": 11})) == 2
    (whole,) = partitions.cells(BY_SIDE, {"helper": 20, "helped": 10})
    assert (whole.name, whole.n) == ("", 30)
    assert len(partitions.cells(WHOLE, {"helper": 20, "helped": 20})) == 1


@pytest.mark.parametrize(("n", "pairs", "shown"), [(7, 3, True), (6, 9, False), (13, 2, False)])
def test_a_cell_needs_seven_answers_and_three_pairs(n, pairs, shown):
    (cell,) = partitions.cells(WHOLE, {"helper": n})
    assert partitions.publishable(cell, pairs) is shown


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(7, 20)), min_size=1, max_size=4))
def test_a_total_is_the_sum_of_published_bands_never_the_exact_sum(cells):
    cells = [(min(yes, n), n) for yes, n in cells]
    shown = [bands.share(yes, n) for yes, n in cells]
    total = bands.sum_of(shown)
    assert (total.lo, total.hi) == (sum(f.lo for f in shown), sum(f.hi for f in shown))
    assert not bands.sum_of([*shown, Figure.said(WITHHELD)]).is_value


def likert(n, low, high):
    """Sums n answers from 1 to 5 may have between two bounds."""
    return max(n, low), min(5 * n, high)


@pytest.mark.parametrize("n", range(7, 27))
def test_a_mean_leaves_three_values_at_least_to_everybody_before_two_colleagues(n):
    """Exhaustive on sums: every band, every pair of answers the coalition may hold."""
    by_band = {}
    for total in range(n, 5 * n + 1):
        by_band.setdefault(bands.mean(spread(total, n)), []).append(total)
    assert len(by_band) == (3 if n < 20 else 4)
    for totals in by_band.values():
        assert totals == list(range(totals[0], totals[-1] + 1))
        for known in range(2, 11):
            low, high = likert(n - 2, totals[0] - known, totals[-1] - known)
            if low > high:
                continue  # no such coalition in this band
            left = [v for v in range(1, 6) if max(low - v, n - 3) <= min(high - v, 5 * (n - 3))]
            assert len(left) >= 3


def spread(total, n):
    """n answers from 1 to 5 of this sum."""
    base, more = divmod(total, n)
    return [Fraction(base + (rank < more)) for rank in range(n)]


def test_a_mean_of_fewer_than_seven_people_is_not_given():
    assert bands.mean([Fraction(5)] * 6) == Figure.said(WITHHELD)


@pytest.mark.parametrize(
    ("yes", "n", "text"),
    [
        (7, 12, "7 sur 12"),
        (10, 11, "8 à 11 sur 11"),
        (3, 12, "0 à 3 sur 12"),
        (9, 19, "9 sur 19"),
        (15, 25, "15 sur 25 (60\u00a0%)"),
        (24, 25, "22 à 25 sur 25 (88 à 100\u00a0%)"),
    ],
)
def test_a_share_is_a_fraction_and_a_percentage_beside_it_only_from_twenty_answers(yes, n, text):
    assert bands.share_text(bands.share(yes, n), n) == text


def test_bands_are_those_of_the_rules():
    assert rules.band(5, 14) == bands.share(5, 14) == Figure.exact(5)
    assert (rules.MIN_ANSWERS, rules.MIN_PAIRS, rules.COALITION) == (7, 3, 2)
