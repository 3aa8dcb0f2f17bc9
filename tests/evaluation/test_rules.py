"""The table of rules: what is shown depends on who could be counted, never on what was counted."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.disclosure import figures, rules
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.rules import Basis, Kind
from evaluation.enums import Label

counts = st.integers(0, 40)
bases = st.builds(Basis, people=counts, pairs=counts, units=counts)
PURE = ("dataclasses", "enum", "fractions", "collections", "math", "numpy")
kinds = st.sampled_from(list(Kind))


@given(kinds, bases, counts, counts)
def test_a_refusal_is_the_same_whatever_the_value(kind, basis, one, other):
    first, second = rules.disclose(kind, one, basis), rules.disclose(kind, other, basis)
    assert first.is_value == second.is_value
    if not first.is_value:
        assert first == second


@given(kinds.filter(lambda kind: kind != Kind.ACTS), bases, counts)
def test_nothing_is_shown_of_fewer_than_five_people(kind, basis, value):
    if basis.people < 5:
        assert not rules.disclose(kind, value, basis).is_value


@given(st.sampled_from(sorted(rules.FED_BY_PAIRS)), bases, counts)
def test_nothing_fed_by_pairs_is_shown_of_fewer_than_three_pairs(kind, basis, value):
    if basis.pairs < 3:
        assert not rules.disclose(kind, value, basis).is_value


@given(kinds, bases, st.data())
def test_fewer_than_five_is_only_said_when_it_is_true(kind, basis, data):
    value = data.draw(st.integers(0, basis.units))
    figure = rules.disclose(kind, value, basis)
    if figure.label == figures.FEW:
        assert value < 5
        assert kind in (Kind.PEOPLE, Kind.MEMBERS, Kind.PAIRS)


@given(st.integers(0, 10**6))
def test_hours_are_tens_within_five_hours_of_the_truth(minutes):
    shown = rules.hours(minutes)
    assert shown % 10 == 0
    assert (shown == 0) == (minutes == 0)
    assert abs(shown * 60 - minutes) <= 300 or shown == 10


@pytest.mark.parametrize(
    ("kind", "value", "basis", "text"),
    [
        (Kind.MEMBERS, 8, Basis(8, 4, 8), "8"),
        (Kind.PAIRS, 4, Basis(8, 4, 4), "4"),
        (Kind.PAIRS, 2, Basis(4, 2, 2), "moins de 5 (zéro compris)"),
        (Kind.PAIRS, 0, Basis(0, 0, 0), "moins de 5 (zéro compris)"),
        (Kind.VOLUME, 71, Basis(12, 9, 0), "71"),
        (Kind.VOLUME, 12, Basis(4, 2, 0), "non diffusé pour protéger les personnes"),
        (Kind.VOLUME, 0, Basis(12, 9, 0), "0"),
        (Kind.HOURS, 59 * 60, Basis(12, 9, 0), "60"),
        (Kind.PEOPLE, 5, Basis(5, 0, 5), "5"),
        (Kind.PEOPLE, 4, Basis(4, 0, 4), "moins de 5 (zéro compris)"),
        (Kind.PEOPLE, 6, Basis(4, 0, 6), "non diffusé pour protéger les personnes"),
        (Kind.ACTS, 2, Basis(), "2"),
        (Kind.TIME, 168 * 60, Basis(6), "170"),
        (Kind.TIME, 168 * 60, Basis(4), "non diffusé pour protéger les personnes"),
        (Kind.STATE, 1, Basis(5), "1"),
        (Kind.STATE, 1, Basis(4), "non diffusé pour protéger les personnes"),
        (Kind.PRESENCE, 26, Basis(6, 9, 29), "26 à 29"),
        (Kind.PRESENCE, 20, Basis(6, 9, 29), "20"),
        (Kind.PRESENCE, 6, Basis(6, 9, 6), "non diffusé pour protéger les personnes"),
        (Kind.READY, 7, Basis(11, 9, 11), "7"),
        (Kind.READY, 6, Basis(6, 9, 6), "non diffusé pour protéger les personnes"),
        (Kind.ANSWERS, 11, Basis(13, 9, 13), "11"),
        (Kind.ANSWERS, 6, Basis(6, 3, 6), "non diffusé pour protéger les personnes"),
    ],
)
def test_the_table(kind, value, basis, text):
    assert rules.disclose(kind, value, basis).text == text


def test_a_total_beside_its_part_needs_eleven_people_on_both_sides():
    total, part = Figure.exact(15), Figure.exact(6)
    assert rules.protect_total(total, part, inside=6, outside=9).label == figures.WITHHELD
    assert rules.protect_total(total, part, inside=11, outside=11) == total
    assert rules.protect_total(total, Figure.said(figures.FEW), inside=4, outside=11) == total


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_figure_reads_as_french(one, other):
    lo, hi = sorted((one, other))
    text = Figure(lo, hi).text.replace("\u202f", "")
    assert text == (str(lo) if lo == hi else f"{lo} à {hi}")


@pytest.mark.parametrize(
    "bad", [{"lo": 3, "hi": 2}, {"lo": 3}, {"lo": 1, "hi": 2, "label": "few"}, {"label": "secret"}]
)
def test_a_figure_is_a_number_or_a_label_never_both(bad):
    with pytest.raises(ValueError, match="a value needs|a label carries"):
        Figure(**bad)


def test_labels_of_figures_are_those_of_the_database():
    assert {Label.VALUE, *figures.SENTENCES} == set(Label.values)
    assert all(Label(label).label == sentence for label, sentence in figures.SENTENCES.items())


def test_the_rules_import_neither_django_nor_tables():
    for path in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in PURE or "disclosure" in name for name in names)
