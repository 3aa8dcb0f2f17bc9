"""Editions of one exercice together: what a reader who kept them all may subtract (decisions 21 and 23)."""

import datetime as dt

import pytest

from evaluation.models import PublishedFigure, Release
from evaluation.services import ledger, releases
from pairing.enums import EndCode, PairState
from pairing.models import Meeting
from portal.services import erasure
from programmes.enums import Form, LetterState, Side
from programmes.models import Letter, Membership
from tests.evaluation import frame_world, world

pytestmark = pytest.mark.django_db


def figures(release, *codes):
    rows = PublishedFigure.objects.filter(release=release, stratum="", indicator__in=codes)
    return {row.indicator: row.lo if row.label == "value" else row.label for row in rows}


def spans(release):
    rows = PublishedFigure.objects.filter(release=release, stratum__startswith="s").order_by("pk")
    return list(rows.values_list("lo", flat=True))


def everything(release):
    rows = PublishedFigure.objects.filter(release=release)
    return {(row.indicator, row.stratum): (row.label, row.lo, row.hi) for row in rows}


def establish(exercice, day=dt.date(2026, 1, 15)):
    with world.after(day):
        return releases.establish(exercice=exercice)


@pytest.fixture
def year():
    """(programme, exercice, pairs): six pairs that met twice, and a first edition that says so."""
    made, exercice = world.programme()
    pairs = world.pairs(made, 6)
    for pair in pairs:
        world.meet(pair, 2)
    first = establish(exercice)
    assert figures(first, "B06", "E01", "E02", "B03") == {"B06": 6, "E01": 6, "E02": 12, "B03": 6}
    assert spans(first) == [0, 12, 0, 0]
    return made, exercice, pairs


def add(made, number):
    for pair in world.pairs(made, number):
        world.meet(pair, 1)


def test_a_second_edition_with_one_pair_more_does_not_say_what_that_pair_did(year):
    made, exercice, _ = year
    add(made, 1)
    second = establish(exercice)
    assert second.edition == 2
    assert set(figures(second, "B06", "E01", "E02", "E06R", "B01", "B03").values()) == {"withheld"}
    assert spans(second) == []


def test_the_refusal_is_the_same_whatever_the_new_pair_did(year):
    made, exercice, _ = year
    world.pairs(made, 1)
    quiet = establish(exercice)
    world.meet(quiet.programme.pairs.order_by("-pk")[0], 30)
    assert establish(exercice).pk == quiet.pk


def test_a_third_edition_with_enough_more_is_shown_again(year):
    made, exercice, _ = year
    add(made, 1)
    establish(exercice)
    add(made, 5)
    third = establish(exercice)
    assert figures(third, "B06", "E01", "E02") == {"B06": 12, "E01": 12, "E02": 18}


def test_three_pairs_of_one_helper_are_four_people_and_not_enough(year):
    made, exercice, _ = year
    helper = world.participation(made, world.person(), "helper")
    for slot in (1, 2, 3):
        helped = world.participation(made, world.person(), "helped")
        world.meet(world.pair(made, helper, helped, slot=slot), 1)
    assert figures(establish(exercice), "E02") == {"E02": "withheld"}


def test_a_corrected_meeting_makes_an_edition_that_says_so(year):
    _, exercice, pairs = year
    Meeting.objects.filter(pair=pairs[0]).first().delete()
    second = establish(exercice)
    assert figures(second, "E02") == {"E02": 11}


def test_an_erased_person_leaves_the_figures_as_they_were(year):
    _, exercice, pairs = year
    person = pairs[0].members.get(part="helper").person
    erasure.erase(person=person)
    latest = establish(exercice)
    assert figures(latest, "B06", "E01", "E02") == {"B06": 6, "E01": 6, "E02": 12}


@pytest.fixture
def framed():
    """(exercice, helpers, first edition): 13 pairs, two of one helper; everybody bound and trained, seven of 12 ready."""
    made, exercice = world.programme(forms=[Form.PAIR, Form.COMMUNITY])
    pairs = world.pairs(made, 12)
    helpers = frame_world.taking_part(pairs, Side.HELPER)
    world.pair(made, helpers[0], world.participation(made, world.person(), Side.HELPED), slot=2)
    for rank, helper in enumerate(helpers):
        frame_world.letter(helper, hours=4)
        for form in (Form.COMMUNITY, Form.OPEN_GROUP) if rank < 6 else ():
            at = helper.received_at
            Membership.objects.create(programme=made, person=helper.person, form=form, rules=1, joined_at=at)
    frame_world.charter(made, frame_world.taking_part(made.pairs.all()))
    frame_world.trained(made, helpers[:7])
    frame_world.trained(made, helpers[7:], ready=False)
    frame_world.supervised(made, helpers, sessions=2, excused=3)
    first = establish(exercice)
    told = {"C01": 1, "C02": 1, "P01": 25, "B06": 12, "D02": 7, "P02": 6}
    assert figures(first, *told) == told
    return exercice, helpers, first


@pytest.mark.parametrize("who", [[0], [1], [7], [1, 2], [0, 7, 8]])
def test_an_erasure_makes_no_new_edition(framed, who):
    """Neither who was ready, nor on which side or in how many pairs somebody was, is told by their leaving."""
    exercice, helpers, first = framed
    for rank in who:
        erasure.erase(person=helpers[rank].person)
    assert everything(establish(exercice)) == everything(first)
    assert Release.objects.count() == 1


def test_who_had_no_letter_is_not_told_by_their_erasure(framed):
    exercice, helpers, _ = framed
    over = {"state": LetterState.ENDED, "ended_on": dt.date(2025, 6, 30)}
    Letter.objects.filter(participation=helpers[3]).update(**over)
    second = establish(exercice)
    assert figures(second, "C01") == {"C01": 0}
    erasure.erase(person=helpers[3].person)
    assert everything(establish(exercice)) == everything(second)


def test_one_pair_known_late_does_not_tell_whether_it_has_a_letter(framed):
    exercice, _, first = framed
    pair = world.pairs(first.programme, 1)[0]
    assert figures(establish(exercice), "C01", "C02") == {"C01": "withheld", "C02": "withheld"}
    frame_world.letter(pair.members.get(part="helper").participation, hours=4)
    assert figures(establish(exercice), "C01") == {"C01": "withheld"}


def test_the_last_of_one_or_two_pairs_known_late_to_have_ended_is_not_told():
    made, exercice = world.programme()
    *over, left = world.pairs(made, 4)
    ended = {"state": PairState.ENDED, "end_code": EndCode.UNSPECIFIED, "ended_on": dt.date(2025, 12, 2)}
    made.pairs.filter(pk__in=[pair.pk for pair in over]).update(**ended)
    frame_world.charter(made, [])
    assert figures(establish(exercice), "C01", "C02") == {"C01": "withheld", "C02": "withheld"}
    made.pairs.filter(pk=left.pk).update(**ended)
    assert figures(establish(exercice), "C01", "C02") == {"C01": "withheld", "C02": "withheld"}


def test_what_is_not_proved_in_time_is_withheld(year, monkeypatch):
    made, exercice, _ = year
    add(made, 6)
    monkeypatch.setattr(ledger, "SECONDS", -1)
    shown = figures(establish(exercice), "B06", "E01", "E02")
    assert set(shown.values()) == {"withheld"}
