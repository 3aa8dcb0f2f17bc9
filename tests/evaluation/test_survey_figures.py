"""From the answers of a closed wave to what is published of them: bands, one partition, nothing of a person."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.disclosure import bands, surveys
from evaluation.disclosure.figures import WITHHELD
from evaluation.disclosure.partitions import BY_SIDE, WHOLE
from evaluation.disclosure.surveys import WaveFacts

ITEMS = ("TC1", "TC2", "TC3", "TC4", "TC5", "TC6")
BRUMEVAL = {  # domain.md i.3 items at Brumeval: favourable answers at the start (12 answers) and at the end (11)
    "TC1": (5, 8, "5 sur 12", "8 à 11 sur 11"),
    "TC2": (7, 7, "7 sur 12", "7 sur 11"),
    "TC3": (4, 6, "4 sur 12", "6 sur 11"),
    "TC4": (8, 10, "8 sur 12", "8 à 11 sur 11"),
    "TC5": (3, 5, "0 à 3 sur 12", "5 sur 11"),
    "TC6": (6, 6, "6 sur 12", "6 sur 11"),
}


def answers(counts, n, side="helper"):
    """n answers of which the first `counts[code]` agree with each question."""
    return [
        {"side": side, "answers": {code: 4 if rank < yes else 2 for code, yes in counts.items()}} for rank in range(n)
    ]


def facts(invited=13, pairs=9, planned=WHOLE, sides=("helper", "helped")):
    return WaveFacts(invited, pairs, dict.fromkeys(ITEMS, planned), frozenset(sides))


def texts(code, wave, given):
    shown = surveys.share(code, wave, given, surveys.agrees)
    return [bands.share_text(one.figure, one.cell.n) for one in shown]


def test_brumeval_reads_as_its_table_says():
    start = answers({code: row[0] for code, row in BRUMEVAL.items()}, 12)
    end = answers({code: row[1] for code, row in BRUMEVAL.items()}, 11, side="helped")
    for code, (_, _, first, last) in BRUMEVAL.items():
        assert texts(code, facts(), start) == [first]
        assert texts(code, facts(), end) == [last]
    assert surveys.participation(facts(), end).text == "11"


def test_a_question_left_empty_counts_among_those_who_answered():
    given = answers({"TC1": 5}, 12)
    for answer in given[5:]:
        answer["answers"] = {"TC1": "nsp"}
    given[11]["answers"] = {}
    assert texts("TC1", facts(), given) == ["5 sur 12"]


@given(st.data())
def test_two_sets_of_answers_equal_on_their_favourable_bands_publish_the_same(data):
    """Who agrees, how strongly, and who left the question empty show nowhere."""
    n = data.draw(st.integers(0, 20))
    value = st.sampled_from([1, 2, 3, 4, 5, "nsp", "nc", None])
    one = [{"side": "helper", "answers": {"TC1": data.draw(value)}} for _ in range(n)]
    count = sum(answer["answers"]["TC1"] in (4, 5) for answer in one)
    other = [{"side": "helper", "answers": {"TC1": 5 if rank >= n - count else 1}} for rank in range(n)]
    assert published(one) == published(other)
    if n < 7:
        assert texts("TC1", facts(), one) == ["non diffusé pour protéger les personnes"]


def published(given):
    shown = surveys.share("TC1", facts(), given, surveys.agrees)
    return json.dumps([[one.cell.name, one.figure.label, one.figure.lo, one.figure.hi, one.of] for one in shown])


def test_side_by_side_gives_two_cells_and_no_total():
    given = answers({"TC1": 6}, 12) + answers({"TC1": 2}, 11, side="helped")
    wave = facts(invited=26, planned=BY_SIDE)
    shown = {one.cell.name: one.figure.text for one in surveys.share("TC1", wave, given, surveys.agrees)}
    assert shown == {"helper": "6", "helped": "0 à 3"}


def test_a_side_that_answered_little_is_counted_with_the_other():
    given = answers({"TC1": 6}, 12) + answers({"TC1": 2}, 10, side="helped")
    (whole,) = surveys.share("TC1", facts(invited=26, planned=BY_SIDE), given, surveys.agrees)
    assert (whole.cell.name, whole.figure.text, whole.of) == ("", "8", 22)


def test_a_side_that_did_not_answer_at_all_does_not_leave_the_other_alone():
    (whole,) = surveys.share("TC1", facts(planned=BY_SIDE), answers({"TC1": 6}, 12), surveys.agrees)
    assert whole.cell.name == ""


@pytest.mark.parametrize(("invited", "pairs", "shown"), [(7, 3, True), (6, 3, False), (13, 2, False)])
def test_participation_is_said_of_a_batch_of_seven_people_and_three_pairs(invited, pairs, shown):
    assert surveys.participation(facts(invited, pairs), answers({}, 5)).is_value is shown


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        (["fatigue"], True),
        (["fatigue", "other"], True),
        ("fear", True),
        (["none"], False),
        ("nsp", False),
        (None, False),
    ],
)
def test_an_unwanted_effect_is_anything_ticked_but_none_and_no_answer(value, counts):
    assert surveys.effect(value) is counts


def test_a_dimension_is_the_mean_of_those_who_answered_two_thirds_of_it():
    items = {"ISO1": True, "ISO2": False, "ISO3": True}
    assert surveys.score({"ISO1": 1, "ISO2": 4}, items) == (5 + 4) / 2
    assert surveys.score({"ISO1": 1}, items) is None
    given = [{"side": "helped", "answers": {"ISO1": 1, "ISO2": 5, "ISO3": 2}}] * 7
    assert surveys.mean(items, "helped", facts(), given).text == "63 à 100"
    assert surveys.mean(items, "helped", facts(), given[:6]).label == WITHHELD
    assert surveys.mean(items, "helped", facts(pairs=2), given).label == WITHHELD
    assert surveys.mean(items, "helper", facts(), given).label == WITHHELD
