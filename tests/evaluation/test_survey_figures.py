"""From the answers of a closed wave to what is published of them: bands, one partition, nothing of a person."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.disclosure import bands, surveys
from evaluation.disclosure.figures import WITHHELD
from evaluation.disclosure.partitions import BY_SIDE, WHOLE
from evaluation.disclosure.surveys import WaveFacts
from evaluation.documents import ANNUAL, render_document
from evaluation.enums import Audience
from evaluation.models import ClosedAnswer, CollectiveTalk, Wave, WaveInvitation
from evaluation.services import releases, reports, survey_figures
from portal.services import erasure
from portal.typography import french
from tests.evaluation import frame_world, world

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


@pytest.mark.parametrize("number", [7, 20])
def test_whether_somebody_left_a_dimension_empty_is_not_told_by_its_mean(number):
    """Given on the number of questionnaires of the side: withheld for six known scores of seven, it told the empty one."""
    items = {"LIEN1": False, "LIEN2": False}
    full = [{"side": "helped", "answers": {"LIEN1": 3, "LIEN2": 3}}] * number
    empty = [*full[1:], {"side": "helped", "answers": {"LIEN1": 5}}]
    assert surveys.mean(items, "helped", facts(), empty) == surveys.mean(items, "helped", facts(), full)


# --- In a release -----------------------------------------------------------------------------------------------------
def surveyed(number, end, start=None, **facts):
    """A programme of `number` pairs with a closed end wave (and a departure wave), its exercice over."""
    made, exercice = world.programme()
    for pair in world.pairs(made, number):
        world.meet(pair, 2)
    if start is not None:
        frame_world.wave(made, start, moment="t0", closed=dt.date(2025, 3, 10), **facts)
    frame_world.wave(made, end, **facts)
    return exercice


def brumeval(**options):
    """Nine pairs; 12 answers at the start, 11 at the end, of 13 questionnaires sent."""
    start = frame_world.favourable({code: row[0] for code, row in BRUMEVAL.items()}, 12)
    end = frame_world.favourable({code: row[1] for code, row in BRUMEVAL.items()}, 11, TC7=5, TC8=4)
    end[0][1]["NEG"] = ["tired"]
    return surveyed(9, end, start, **options)


def establish(exercice):
    with world.after():
        return releases.establish(exercice=exercice)


@pytest.mark.django_db
def test_a_release_holds_the_table_of_brumeval():
    release = establish(brumeval())
    document = render_document(ANNUAL, reports.content_of(release, Audience.HR)).document
    (table,) = document.perceived.tables
    assert table.heads == ("Au départ", "En fin de cycle")
    assert [tuple(text for _, text in question.cells) for question in table.questions] == [
        *((row[2], row[3]) for row in BRUMEVAL.values()),
        ("pas posée", "8 à 11 sur 11"),
        ("pas posée", "8 à 11 sur 11"),
    ]
    assert document.perceived.harm == [("en fin de cycle", "0 à 3 sur 11")]
    assert [row.text for row in document.key if row.code == "F01"] == ["11 sur 13"]
    assert document.perceived.refusal is None


@pytest.mark.django_db
def test_every_survey_figure_is_registered_with_what_it_is_a_share_of():
    release = establish(brumeval())
    rows = {(row.indicator, row.stratum): (row.lo, row.hi) for row in release.figures.filter(stratum__startswith="c")}
    assert rows["F01", "c1.end"] == (11, 11) and rows["F01", "c1.end/n"] == (13, 13)
    assert rows["TC1", "c1.t0"] == (5, 5) and rows["TC1", "c1.t0/n"] == (12, 12)
    assert rows["TC1", "c1.end"] == (8, 11) and rows["F16", "c1.end"] == (0, 3)
    assert len(rows) == 2 * (1 + 6) + 2 * (1 + 8 + 1)
    assert not release.figures.filter(stratum="", indicator="F01").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"TC1": 8, "TC5": 0}, {"TC1": 11, "TC5": 3}),
        ({"TC4": 10}, {"TC4": 9}),
        ({}, {"TC2": 1}),
    ],
)
def test_two_sets_of_answers_equal_on_what_is_published_give_the_same_bytes(first, second):
    """Who answered what, on which side, how strongly, or not at all: the release does not move by a byte."""
    one = frame_world.favourable(dict.fromkeys(ITEMS, 0) | first, 11)
    exercice = surveyed(9, one)
    before = establish(exercice)
    data, sha = before.data, before.sha256
    pages = everything(before)
    for table in (before.figures, before.reports, ClosedAnswer.objects):
        table.all().delete()
    before.delete()
    wave = Wave.objects.get()
    for rank, (_, answers) in enumerate(reversed(frame_world.favourable(dict.fromkeys(ITEMS, 0) | second, 11))):
        kept = {code: 4 if value == 5 else 1 for code, value in answers.items() if value == 5 or rank % 2}
        side = "helped" if rank % 3 else "helper"
        ClosedAnswer(wave=wave, side=side, payload=json.dumps({**kept, "REC": rank})).save()
    after = establish(exercice)
    assert (after.data, after.sha256) == (data, sha)
    assert everything(after) == pages


def everything(release):
    return [render_document(ANNUAL, reports.content_of(release, audience)).html for audience in Audience]


@pytest.mark.django_db
def test_under_the_threshold_no_answer_changes_a_byte():
    exercice = surveyed(4, frame_world.favourable({"TC1": 6}, 6, NEG=["tired"]), invited=8, pairs=4)
    before = establish(exercice)
    data = before.data
    before.figures.all().delete()
    before.reports.all().delete()
    before.delete()
    ClosedAnswer.objects.all().delete()
    for _, answers in frame_world.favourable({"TC1": 0}, 6):
        ClosedAnswer(wave=Wave.objects.get(), side="helped", payload=json.dumps(answers)).save()
    assert establish(exercice).data == data


@pytest.mark.django_db
def test_an_open_wave_and_one_closed_after_the_last_day_are_not_in_the_report():
    exercice = brumeval()
    Wave.objects.filter(moment="end").update(closed_at=world.clock.noon(dt.date(2026, 1, 2), world.PARIS))
    start = Wave.objects.get(moment="t0")
    start.delete()
    start.pk, start.state, start.closed_at, start.key = None, "open", None, "k"
    start.save(force_insert=True)
    release = establish(exercice)
    assert json.loads(release.data)["waves"] == []
    assert release.figures.get(indicator="F01").label == "not_collected"


@pytest.mark.django_db
def test_what_stands_for_a_survey_is_said_with_its_date():
    made, exercice = world.programme()
    world.pairs(made, 3)
    cycle = frame_world.cycle(made)
    CollectiveTalk.objects.create(cycle=cycle, moment="t0", on=dt.date(2025, 3, 4))
    release = establish(exercice)
    document = render_document(ANNUAL, reports.content_of(release, Audience.HR))
    assert french("Temps collectif d’échange au départ, le 4 mars 2025 : il a tenu lieu d’enquête.") in document.shell
    assert "Aucune enquête n’a été close" not in document.shell
    CollectiveTalk.objects.create(cycle=frame_world.cycle(made, 2), moment="t0", on=dt.date(2025, 11, 4))
    again = render_document(ANNUAL, reports.content_of(establish(exercice), Audience.HR)).document
    assert [line.split(",")[0] for line in again.perceived.talks] == [
        "Temps collectif d’échange au départ (cycle 1)",
        "Temps collectif d’échange au départ (cycle 2)",
    ]


@pytest.mark.django_db
def test_a_dimension_asked_of_one_side_is_a_band_of_its_mean_and_its_items_are_not_published():
    start = [("helped", {"CAP1": 5, "CAP2": 4, "CAP3": 4, "CAP4": 5, "TC1": 4})] * 8
    start += frame_world.favourable({"TC1": 1}, 4)
    plan = dict.fromkeys((*ITEMS, "CAP1", "CAP2", "CAP3", "CAP4"), "whole")
    made, exercice = world.programme()
    world.pairs(made, 9)
    frame_world.wave(made, start, moment="t0", plan=plan)
    release = establish(exercice)
    document = render_document(ANNUAL, reports.content_of(release, Audience.HR)).document
    assert document.perceived.means == [("Capacité d’agir au travail", "au départ", "63 à 100 sur 100")]
    assert not release.figures.filter(indicator__startswith="CAP").exists()


@pytest.mark.django_db
def test_an_erasure_after_the_wave_leaves_its_figures_as_they_were():
    """How many were asked is the larger of two counts: one of them must not fall with the people."""
    exercice = brumeval(counted=12)
    before = [wave.content for wave in survey_figures.collect(exercice)]
    figures = [
        [(one.code, one.stratum, one.figure, one.of) for one in w.figures] for w in survey_figures.collect(exercice)
    ]
    for invitation in WaveInvitation.objects.filter(side="helped").select_related("person")[:3]:
        erasure.erase(person=invitation.person)
    after = survey_figures.collect(exercice)
    assert [wave.content for wave in after] == before
    assert [[(one.code, one.stratum, one.figure, one.of) for one in w.figures] for w in after] == figures
    assert after[-1].participation.of == 13
