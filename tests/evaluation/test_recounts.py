"""A correction never empties a report: once links are being destroyed, what was counted stays as it was published."""

import datetime as dt

import pytest
from django.urls import reverse

from evaluation.services import recounts, releases
from pairing.enums import EndCode, PairState
from pairing.models import Meeting, PairMember
from pairing.services import retention
from portal import clock
from programmes.models import Outreach, OutreachNumber
from tests.evaluation import world
from tests.evaluation.test_releases import figures

pytestmark = pytest.mark.django_db
WATCHED = ("B06", "E01", "E02", "E06")


@pytest.fixture
def year():
    """Ten pairs that met every month; all ended on the last of June. Its first edition, in January."""
    made, exercice = world.programme()
    pairs = world.pairs(made, 10)
    for pair in pairs:
        world.meet(pair, 12, first=dt.date(2025, 3, 2))
        pair.state, pair.end_code, pair.ended_on = PairState.ENDED, EndCode.TERM, dt.date(2025, 6, 30)
        pair.save()
    PairMember.objects.update(live=False)
    with world.after():
        return releases.establish(exercice=exercice)


def establish(first, day):
    with clock.at(clock.noon(day, world.PARIS)):
        retention.links()
        return releases.establish(exercice=first.exercice)


def act(programme):
    """Something that the organisation had forgotten to note."""
    action = Outreach.objects.create(
        programme=programme, kind="meeting", on=dt.date(2025, 5, 5), minutes=60, state="held"
    )
    OutreachNumber.objects.create(outreach=action, audience="agents", people=40)


def test_until_the_links_go_a_correction_is_counted(year):
    Meeting.objects.filter(pair__in=year.programme.pairs.all()[:6], on=dt.date(2025, 3, 2)).delete()
    second = establish(year, dt.date(2026, 1, 30))
    assert (figures(year)["E02"], figures(second)["E02"]) == (120, 114)


def test_once_links_are_gone_nothing_is_withheld_that_was_published(year):
    assert recounts.last_day(year) == dt.date(2026, 1, 30)
    assert establish(year, dt.date(2026, 2, 10)) == year, "nothing has changed: the same edition"
    assert not PairMember.objects.filter(person__isnull=False).exists()
    act(year.programme)
    second = establish(year, dt.date(2026, 2, 11))
    assert (second.edition, figures(second)["A02"]) == (2, 1)
    assert {code: figures(second)[code] for code in WATCHED} == {code: figures(year)[code] for code in WATCHED}
    assert all(isinstance(figures(second)[code], int) for code in WATCHED)
    spans = [
        list(one.figures.exclude(stratum="").values_list("indicator", "stratum", "lo", "hi")) for one in (year, second)
    ]
    assert len(spans[0]) > 3 and spans[0] == spans[1]
    assert establish(year, dt.date(2026, 2, 12)) == second, "kept once, kept for good"


def test_a_first_edition_is_counted_whatever_its_day(year):
    other, exercice = world.programme("autre")
    for pair in world.pairs(other, 6):
        world.meet(pair, 2)
    with world.after(dt.date(2026, 9, 1)):
        assert figures(releases.establish(exercice=exercice))["E02"] == 12


def test_the_page_says_until_when_and_then_that_they_are_kept(client, year):
    url = reverse("evaluation:establish", args=[year.programme.slug, year.exercice.ref])
    for day, said in (
        (dt.date(2026, 1, 20), "se recomptent jusqu’au 30 janvier"),
        (dt.date(2026, 2, 1), "restent ceux"),
    ):
        with clock.at(clock.noon(day, world.PARIS)):
            world.enter(client, world.referent(year.programme))
            assert said in client.get(url).text
