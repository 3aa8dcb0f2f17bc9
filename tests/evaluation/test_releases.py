"""A release is whole, numbered, hashed, and says nothing of a small group."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import transaction

from evaluation.models import FigureBasis, ImportedFigure, PublishedFigure, Release, Report, StatLink, StatUnit
from evaluation.services import releases
from evaluation.services.exercices import choose
from pairing.enums import PairState, Part
from pairing.models import Meeting, Pair, PairMember
from portal import registry
from portal.errors import DomainError
from portal.models import Job
from programmes.enums import Form, Side
from programmes.models import Exercice, Participation, StepDefinition
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def figures(release):
    rows = PublishedFigure.objects.filter(release=release, stratum="")
    return {row.indicator: row.lo if row.label == "value" else row.label for row in rows}


def test_a_programme_of_six_pairs_has_its_volumes():
    made, exercice = world.programme()
    pairs = world.pairs(made, 6)
    for pair, times in zip(pairs, (13, 12, 10, 9, 6, 0), strict=True):
        world.meet(pair, times)
    with world.after():
        release = releases.establish(exercice=exercice)
    assert figures(release) == {
        "B01": 6,
        "B03": 6,
        "P01": "withheld",
        "B06": 6,
        "E01": 5,
        "E02": 50,
        "E06R": 40,
        "E06": 40,
        "C01": 0,
        "C03": "withheld",
        "B04": "withheld",
        "B05": "withheld",
        **dict.fromkeys(
            [
                *(
                    "A01",
                    "A02",
                    "A03",
                    "A04",
                    "A05",
                    "C02",
                    "D01",
                    "D02",
                    "E08",
                    "F01",
                    "H01",
                    "H02",
                    "H03",
                ),
                *("E10", "E11", "E12", "E13", "H04", "G04"),
            ],
            "not_collected",
        ),
    }


def test_the_whole_is_given_beside_a_side_only_when_both_sides_are_eleven():
    assert figures(world.established(number=11))["P01"] == 22
    assert figures(world.established(number=10, slug="plus-petit"))["P01"] == "withheld"


def test_reciprocal_pairs_have_no_side_to_count():
    made, exercice = world.programme(forms=[Form.RECIPROCAL])
    for _ in range(4):
        one, other = (world.participation(made, world.person(), Side.PEER) for _ in range(2))
        world.meet(world.pair(made, one, other, parts=(Part.PEER, Part.PEER)), 2)
    with world.after():
        shown = figures(releases.establish(exercice=exercice))
    assert (shown["P01"], shown["E01"], shown["B03"]) == (8, 4, 8)
    assert shown["B06"] == shown["B01"] == "not_applicable"


@pytest.mark.parametrize(
    "change",
    [
        "another meeting",
        "a long meeting",
        "no meeting at all",
        "a pair that ended",
        "one pair less",
    ],
)
def test_under_the_threshold_no_value_changes_a_byte(change):
    made, exercice = world.programme()
    pairs = world.pairs(made, 2)
    for pair in pairs:
        world.meet(pair, 3)
    with transaction.atomic():
        with world.after():
            before = releases.establish(exercice=exercice)
        before_data, before_hash = before.data, before.sha256
        transaction.set_rollback(True)
    match change:
        case "another meeting":
            world.meet(pairs[0], 7, first=dt.date(2025, 9, 1))
        case "a long meeting":
            Meeting.objects.filter(pair=pairs[0]).update(minutes=480)
        case "no meeting at all":
            Meeting.objects.all().delete()
        case "a pair that ended":
            Pair.objects.filter(pk=pairs[0].pk).update(
                state=PairState.ENDED, ended_on=dt.date(2025, 8, 1), end_code="unspecified"
            )
        case "one pair less":
            pairs[0].delete()
            Participation.objects.filter(memberships__isnull=True).delete()
    with world.after():
        after = releases.establish(exercice=exercice)
    assert (after.data, after.sha256) == (before_data, before_hash)


def test_what_a_reader_is_told_is_the_same_with_and_without_durations():
    """Equal published figures, different rows behind: the same bytes."""
    made, exercice = world.programme()
    pairs = world.pairs(made, 6)
    for pair in pairs:
        world.meet(pair, 2, minutes=50)
    with transaction.atomic(), world.after():
        exact = releases.establish(exercice=exercice).data
        transaction.set_rollback(True)
    Meeting.objects.update(minutes=None)
    with world.after():
        assert releases.establish(exercice=exercice).data == exact


def test_people_nobody_vouched_for_lift_no_threshold():
    made, exercice = world.programme()
    for pair in world.pairs(made, 8, account=False):
        world.meet(pair, 3)
    with world.after():
        shown = figures(releases.establish(exercice=exercice))
    assert {shown[code] for code in ("B01", "B03", "B06", "E01", "E02", "E06R", "P01")} == {"withheld"}


def test_only_the_days_of_the_exercice_count():
    made, exercice = world.programme()
    early, late, lapsed, *others = world.pairs(made, 6)
    for pair in others:
        world.meet(pair, 2)
    world.meet(early, 3, first=dt.date(2024, 12, 30))
    Pair.objects.filter(pk=late.pk).update(all_yes_at=world.clock.noon(dt.date(2026, 1, 1), world.PARIS))
    Pair.objects.filter(pk=lapsed.pk).update(state=PairState.LAPSED)
    with world.after():
        shown = figures(releases.establish(exercice=exercice))
    assert (shown["E01"], shown["E02"]) == (4, 3 * 2 + 2)


def test_the_last_evening_of_the_exercice_is_in_it_where_the_employer_lives():
    lead = world.employer("reunion", time_zone="Indian/Reunion")
    made, exercice = world.programme(lead=lead)
    *_, last = world.pairs(made, 5)
    for pair in Pair.objects.all():
        world.meet(pair, 1)
    evening = dt.datetime(2025, 12, 31, 21, 0, tzinfo=dt.UTC)  # already 2026 in Réunion
    Pair.objects.filter(pk=last.pk).update(all_yes_at=evening)
    with world.after():
        assert figures(releases.establish(exercice=exercice))["E02"] == 4


def test_a_running_exercice_is_refused():
    _, exercice = world.programme()
    with world.after(dt.date(2025, 12, 31)), pytest.raises(DomainError, match="se termine le 31 décembre 2025"):
        releases.establish(exercice=exercice)
    assert not Release.objects.exists()


def test_the_hash_is_that_of_the_canonical_text():
    release = world.established()
    assert release.sha256 == hashlib.sha256(release.data.encode()).hexdigest()
    data = json.loads(release.data)
    assert release.data == json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert (data["edition"], data["rules"]["version"]) == (1, 1)


def test_nothing_changed_gives_the_same_edition_and_a_change_gives_the_next():
    release = world.established()
    exercice = release.exercice
    with world.after():
        assert releases.establish(exercice=exercice) == release
        world.meet(Pair.objects.first(), 1, first=dt.date(2025, 11, 1))
        second = releases.establish(exercice=exercice)
    assert (second.edition, json.loads(second.data)["edition"]) == (2, 2)
    assert releases.changes(release, second) == ["Rencontres : 18, puis 19"]
    release.refresh_from_db()
    assert release.sha256 == hashlib.sha256(release.data.encode()).hexdigest()


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch):
    made, exercice = world.programme()
    world.pairs(made, 6)

    def broken(*args, **kwargs):
        raise RuntimeError("the disk went away")

    monkeypatch.setattr(FigureBasis.objects, "bulk_create", broken)
    with world.after(), pytest.raises(RuntimeError):
        releases.establish(exercice=exercice)
    for table in (Release, PublishedFigure, FigureBasis, StatUnit, StatLink, Report, Job):
        assert not table.objects.exists()


def test_units_stand_behind_numbers_only_and_without_names():
    release = world.established()
    basis = FigureBasis.objects.filter(figure__release=release)
    assert basis.filter(figure__indicator="B06").count() == 6
    assert basis.filter(figure__indicator="E01").count() == 6
    assert not basis.filter(figure__indicator="P01").exists()
    refs = set(StatUnit.objects.values_list("ref", flat=True))
    assert not refs & set(StatLink.objects.values_list("subject_ref", flat=True))
    assert not any(str(ref) in release.data for ref in StatLink.objects.values_list("subject_ref", flat=True))


def test_a_subject_keeps_its_unit_from_one_edition_to_the_next():
    release = world.established()
    units = StatUnit.objects.count()
    with world.after():
        world.meet(Pair.objects.first(), 1, first=dt.date(2025, 11, 1))
        assert releases.establish(exercice=release.exercice).edition == 2
    assert StatUnit.objects.count() == units


def test_erasing_a_person_cuts_the_link_and_leaves_the_figures():
    release = world.established()
    who = PairMember.objects.first().person
    assert StatLink.objects.filter(subject_ref=who.ref).exists()
    links, basis = StatLink.objects.count(), FigureBasis.objects.count()
    for hook in registry.hooks(registry.ERASURE):
        hook(who)
    assert not StatLink.objects.filter(subject_ref=who.ref).exists()
    assert (StatLink.objects.count(), FigureBasis.objects.count()) == (links - 1, basis)
    release.refresh_from_db()
    assert release.sha256 == hashlib.sha256(release.data.encode()).hexdigest()


def test_figures_taken_up_from_before_follow_the_rules_unless_their_source_published_them():
    made, exercice = world.programme()
    for code, value, published in (("P01", 8, True), ("E01", 4, True), ("B06", 4, False), ("E02", 30, False)):
        ImportedFigure.objects.create(
            exercice=exercice, indicator=code, value=value, source="Bilan 2025", published=published
        )
    with world.after():
        release = releases.establish(exercice=exercice)
    shown = figures(release)
    assert (shown["P01"], shown["E01"], shown["B06"], shown["E02"]) == (8, 4, "few", 30)
    assert '"source":"Bilan 2025"' in release.data


def test_the_steps_are_those_of_the_last_day():
    made, exercice = world.programme()
    definitions = list(StepDefinition.objects.order_by("number"))
    dates = [(dt.date(2024, 1, 1), dt.date(2024, 6, 1)), (dt.date(2025, 2, 1), dt.date(2026, 1, 5)), (None, None)]
    for definition, (started, passed) in zip(definitions, dates, strict=False):
        state = "passed" if passed else "to_come"
        made.steps.create(definition=definition, state=state, started_on=started, passed_on=passed)
    with world.after():
        data = json.loads(releases.establish(exercice=exercice).data)
    assert [step["state"] for step in data["steps"]] == ["passed", "current", "to_come"]


def test_restitution_is_dated_once_after_the_period_and_never_ahead():
    release = world.established()
    with world.after():
        for on, words in ((dt.date(2026, 2, 1), "à venir"), (dt.date(2025, 12, 31), "après la fin")):
            with pytest.raises(DomainError, match=words):
                releases.restitute(release=release, on=on)
        assert releases.restitute(release=release, on=dt.date(2026, 1, 12)).restituted_on == dt.date(2026, 1, 12)
        with pytest.raises(DomainError, match="déjà été restituée"):
            releases.restitute(release=release, on=dt.date(2026, 1, 13))


def test_earlier_periods_stand_beside_once_restituted():
    release = world.established(restituted=True)
    made = release.programme
    later = Exercice.objects.create(
        programme=made, name="Année 2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31)
    )
    with world.after(dt.date(2027, 1, 10)):
        data = json.loads(releases.establish(exercice=later).data)
    assert data["history"] == [
        {
            "name": "Année 2025",
            "figures": {"E01": {"label": "value", "lo": 6, "hi": 6}, "E02": {"label": "value", "lo": 18, "hi": 18}},
        }
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "Année 2025"),
        ({"year": 2024}, "Pilote"),
        ({"starts": dt.date(2025, 1, 1), "ends": dt.date(2025, 12, 31)}, "Année 2025"),
        ({"year": 2026}, "Année 2026"),
    ],
)
def test_the_exercice_meant_is_found(wanted, found):
    made, _ = world.programme()
    for name, starts, ends in (
        ("Pilote", dt.date(2024, 9, 1), dt.date(2024, 12, 31)),
        ("Année 2026", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ):
        Exercice.objects.create(programme=made, name=name, starts=starts, ends=ends)
    with world.after():
        assert choose(programme=made, **wanted).name == found


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"year": 2019}, "Aucune période déclarée ne commence en 2019"),
        ({"starts": dt.date(2025, 2, 1), "ends": dt.date(2025, 12, 31)}, "ne sont celles d’aucune période"),
        ({"starts": dt.date(2025, 1, 1)}, "Donnez les deux dates"),
    ],
)
def test_other_dates_are_refused_with_the_declared_ones(wanted, sentence):
    made, _ = world.programme()
    with world.after(), pytest.raises(DomainError, match=sentence):
        choose(programme=made, **wanted)
