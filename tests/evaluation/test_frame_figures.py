"""Figures of the frame: letters, charter, training, supervision, deviations, delays."""

import datetime as dt
import json

import pytest
from django.db import transaction

from evaluation.models import PublishedFigure, Release
from evaluation.services import releases
from pairing.enums import Part, SupervisionKind
from pairing.models import Pair, SupervisionAttendance
from portal.models import Transition
from programmes.enums import Form, LetterKind, Side
from programmes.models import CharterAcceptance, Deviation, Letter, Participation, Readiness
from tests.evaluation import frame_world, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def six():
    """A programme of six pairs."""
    made, exercice = world.programme()
    return made, exercice, world.pairs(made, 6)


def shown(exercice):
    """What a reader reads, by indicator, with what it is a share of."""
    with world.after():
        release = releases.establish(exercice=exercice)
    rows = json.loads(release.data)["figures"]
    return {
        row["code"]: (row["label"] if row["label"] != "value" else (row["lo"], row["hi"], row["of"])) for row in rows
    }


def helpers(pairs):
    return frame_world.taking_part(pairs, "helper")


def test_letters_are_up_to_date_or_under_way_never_counted(six):
    made, exercice, pairs = six
    for participation in helpers(pairs):
        frame_world.letter(participation, hours=4)
    assert shown(exercice)["C01"] == (1, 1, None)
    late = Letter.objects.first()
    Letter.objects.filter(pk=late.pk).update(ends=dt.date(2025, 11, 30))
    assert shown(exercice)["C01"] == (0, 0, None)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("bound", [0, 1, 2])
def test_of_two_pairs_letters_say_nothing_not_even_that_there_is_none(number, bound):
    made, exercice = world.programme()
    for participation in helpers(world.pairs(made, number))[:bound]:
        frame_world.letter(participation, hours=4)
    figures = shown(exercice)
    assert (figures["C01"], figures["C03"]) == ("withheld", "withheld")


@pytest.mark.parametrize("bound", [1, 4])
def test_no_letter_reads_as_a_few(six, bound):
    made, exercice, pairs = six
    with transaction.atomic():
        none = shown(exercice)
        transaction.set_rollback(True)
    for participation in helpers(pairs)[:bound]:
        frame_world.letter(participation, hours=4)
    assert shown(exercice) == none
    assert (none["C01"], none["C03"]) == ((0, 0, None), "withheld")


def test_the_letter_of_one_helper_of_three_pairs_is_not_told():
    made, exercice = world.programme()
    helper = world.participation(made, world.person(), Side.HELPER)
    for slot in (1, 2, 3):
        world.pair(made, helper, world.participation(made, world.person(), Side.HELPED), slot=slot)
    frame_world.letter(helper, hours=4)
    assert shown(exercice)["C01"] == "withheld"


def test_a_letter_signed_after_the_last_day_is_not_of_this_period(six):
    made, exercice, pairs = six
    for participation in helpers(pairs):
        frame_world.letter(participation, hours=4)
    Letter.objects.filter(pk=Letter.objects.first().pk).update(in_force_at=world.clock.noon(dt.date(2026, 1, 5), "UTC"))
    assert shown(exercice)["C01"] == (0, 0, None)


def test_planned_hours_are_those_of_the_months_in_force_to_ten_hours(six):
    """Brumeval: 5 + 5 + 4 + 4 + 4 + 2 hours a month, seven months: 168 h, read 170."""
    made, exercice, pairs = six
    for participation, hours in zip(helpers(pairs), (5, 5, 4, 4, 4, 2), strict=True):
        frame_world.letter(participation, hours=hours, starts=dt.date(2025, 6, 1), ends=dt.date(2026, 5, 31))
    assert shown(exercice)["C03"] == (170, 170, None)


def test_a_letter_ended_early_and_a_part_of_a_month_count_by_their_days(six):
    made, exercice, pairs = six
    for participation in helpers(pairs):
        frame_world.letter(participation, hours=10, starts=dt.date(2025, 4, 16))
    Letter.objects.update(ended_on=dt.date(2025, 5, 31))
    assert shown(exercice)["C03"] == (90, 90, None)  # 6 × 10 h × 1.5 month


def test_planned_hours_of_four_helpers_are_not_given():
    made, exercice = world.programme()
    for participation in helpers(world.pairs(made, 4)):
        frame_world.letter(participation, hours=4)
    assert shown(exercice)["C03"] == "withheld"


def test_engagements_between_peers_do_not_lift_the_threshold_of_one_helpers_hours(six):
    made, exercice, pairs = six
    first, *others = frame_world.taking_part(pairs)
    frame_world.letter(first, hours=10)
    for participation in others:
        frame_world.letter(participation, hours=0, kind=LetterKind.ENGAGEMENT)
    assert shown(exercice)["C03"] == "withheld"


def test_between_peers_there_are_engagements_and_no_hours_to_plan():
    made, exercice = world.programme(forms=[Form.RECIPROCAL])
    for _ in range(4):
        peers = [world.participation(made, world.person(), Side.PEER) for _ in range(2)]
        world.pair(made, *peers, parts=(Part.PEER, Part.PEER))
        for participation in peers:
            frame_world.letter(participation, hours=0, kind=LetterKind.ENGAGEMENT)
    figures = shown(exercice)
    assert (figures["C01"], figures["C03"]) == ((1, 1, None), "not_applicable")
    title = next(row["title"] for row in json.loads(Release.objects.get().data)["figures"] if row["code"] == "C01")
    assert title == "Engagements réciproques"


def test_the_charter_is_that_of_the_last_day_and_one_missing_acceptance_is_under_way(six):
    made, exercice, pairs = six
    everybody = frame_world.taking_part(pairs)
    frame_world.charter(made, everybody)
    assert shown(exercice)["C02"] == (1, 1, None)
    frame_world.charter(made, everybody[1:], on=dt.date(2025, 12, 1), number=2)
    frame_world.charter(made, [], on=dt.date(2026, 1, 2), number=3)
    assert shown(exercice)["C02"] == (0, 0, None)
    data = json.loads(Release.objects.latest("pk").data)
    assert data["charter"] == "version 2, en vigueur depuis le 1er décembre 2025"


def test_of_two_pairs_the_charter_says_nothing():
    made, exercice = world.programme()
    pairs = world.pairs(made, 2)
    frame_world.charter(made, frame_world.taking_part(pairs))
    with transaction.atomic():
        assert shown(exercice)["C02"] == "withheld"
        transaction.set_rollback(True)
    CharterAcceptance.objects.all().delete()
    assert shown(exercice)["C02"] == "withheld"


def test_training_hours_are_presences_by_duration_and_readiness_waits_for_eleven_helpers(six):
    made, exercice, pairs = six
    frame_world.trained(made, helpers(pairs), minutes=14 * 60)
    frame_world.trained(made, helpers(pairs), on=dt.date(2026, 1, 5), ready=False)
    figures = shown(exercice)
    assert (figures["D01"], figures["D02"]) == ((84, 84, None), "withheld")


def test_readiness_of_eleven_helpers_is_a_band_at_both_ends():
    made, exercice = world.programme()
    pairs = world.pairs(made, 12)
    frame_world.trained(made, helpers(pairs))
    assert shown(exercice)["D02"] == (9, 12, 12)
    Readiness.objects.filter(pk__in=list(Readiness.objects.values_list("pk", flat=True)[:5])).delete()
    assert shown(exercice)["D02"] == (7, 7, 12)


def test_supervision_sessions_are_acts_and_presences_a_share_of_those_expected(six):
    made, exercice, pairs = six
    frame_world.supervised(made, helpers(pairs), sessions=7, excused=2)
    figures = shown(exercice)
    assert (figures["H01"], figures["H02"], figures["H03"]) == ((7, 7, None), (1, 1, None), (1, 1, None))
    assert figures["E08"] == (28, 28, 42)
    denominators = PublishedFigure.objects.filter(stratum="/n").values_list("indicator", "lo")
    assert list(denominators) == [("E08", 42)]


def test_full_attendance_is_not_told_from_nearly_full(six):
    made, exercice, pairs = six
    frame_world.supervised(made, helpers(pairs), sessions=5)
    with transaction.atomic():
        full = shown(exercice)["E08"]
        transaction.set_rollback(True)
    SupervisionAttendance.objects.filter(pk=SupervisionAttendance.objects.first().pk).update(presence="excused")
    assert shown(exercice)["E08"] == full == (27, 30, 30)


def test_too_few_sessions_do_not_hold_the_cadence_and_individual_ones_are_not_counted(six):
    made, exercice, pairs = six
    frame_world.supervised(made, helpers(pairs), sessions=0)
    with transaction.atomic():
        assert shown(exercice)["E08"] == "not_applicable"  # said by the number of sessions, which is public
        transaction.set_rollback(True)
    frame_world.supervised(made, helpers(pairs), sessions=3)
    frame_world.supervised(made, helpers(pairs)[:1], sessions=6, kind=SupervisionKind.INDIVIDUAL)
    figures = shown(exercice)
    assert (figures["H01"], figures["H03"], figures["E08"][2]) == ((3, 3, None), (0, 0, None), 18)


def test_presences_of_a_small_group_are_not_given_but_the_sessions_are():
    made, exercice = world.programme()
    frame_world.supervised(made, helpers(world.pairs(made, 4)), sessions=7)
    figures = shown(exercice)
    assert (figures["H01"], figures["E08"]) == ((7, 7, None), "withheld")


def test_deviations_are_listed_with_their_reason_within_the_period(six):
    made, exercice, _ = six
    for what, on in (("Étape 3 franchie", dt.date(2025, 5, 2)), ("Plus tard", dt.date(2026, 1, 3))):
        Deviation.objects.create(
            programme=made, what=what, reason="Avis reçu plus tard", at=world.clock.noon(on, world.PARIS)
        )
    shown(exercice)
    data = json.loads(Release.objects.get().data)
    assert data["deviations"] == [{"on": "2025-05-02", "what": "Étape 3 franchie", "reason": "Avis reçu plus tard"}]


def test_delays_are_classes_from_eleven_requests():
    made, exercice = world.programme()
    world.pairs(made, 11)
    for rank, participation in enumerate(Participation.objects.order_by("pk")):
        days = 3 if rank < 10 else 20
        Transition.objects.create(
            label="participation",
            object_ref=participation.ref,
            move="accept",
            from_state="received",
            to_state="accepted",
            at=participation.received_at + dt.timedelta(days=days),
        )
    figures = shown(exercice)
    assert figures["B04"] == (2, 2, None)  # 15 to 30 days: the median of 22 requests
    assert figures["B05"] == (2, 2, None)  # 28 days, from 1 February to 1 March
    Pair.objects.last().delete()
    assert shown(exercice)["B05"] == "withheld"
