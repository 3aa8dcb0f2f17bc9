"""Hours planned and used, and the load that grows: the helper first and exactly, the référent a week later and in bands."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing import my_data, supervision_hooks
from pairing.models import HoursTally
from pairing.services import hours, load, meetings, retention
from portal import clock
from portal.errors import DomainError, Refused
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Participation
from programmes.services import letter_life, rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import outside
from tests.pairing.test_supervision_signals import held

pytestmark = pytest.mark.django_db
DAY, PARIS = dt.timedelta(days=1), "Europe/Paris"
BORN = dt.datetime(2027, 8, 20, 9, tzinfo=dt.UTC)
CARD = "Votre mission prend plus de place"


def at(text):
    """An instant as lived in Paris."""
    return clock.at(dt.datetime.fromisoformat(text).replace(tzinfo=clock.ZoneInfo(PARIS)))


@pytest.fixture
def born():
    """Everything is built on 20 August 2027; a letter of four hours a month runs from then on."""
    with clock.at(BORN):
        yield


@pytest.fixture
def programme(born):
    return make_programme()


@pytest.fixture
def helper(programme):
    return make_pair(programme).members.get(part="helper").participation


def note(row, month, minutes, on):
    with at(on):
        hours.note(participation=row, month=dt.date.fromisoformat(month), minutes=minutes, by=row.person)


def told(row):
    return CARD in [card.title for card in supervision_hooks.cards(row.person)]


def invited(programme, by=None):
    todos = supervision_hooks.todo(by or referent_of(programme), programme)
    return [todo.sentence for todo in todos if todo.sentence.startswith("Proposer un point")]


# --- Over the letter ------------------------------------------------------------------------------------------------------
def test_two_months_over_are_said_to_the_helper_then_a_week_later_to_the_referent(programme, helper):
    """September and October 2027, four hours planned: 301 minutes are more than 120 %."""
    note(helper, "2027-09-01", 301, "2027-09-30T12:00")
    note(helper, "2027-10-01", 301, "2027-10-31T12:00")
    name = f"Proposer un point à {helper.person.short_name}"
    for moment, own, then in (
        ("2027-10-31T23:59", False, []),  # clocks changed that night; October is not over
        ("2027-11-01T00:00", True, []),
        ("2027-11-07T23:59", True, []),
        ("2027-11-08T00:00", True, [name]),
    ):
        with at(moment):
            assert (told(helper), invited(programme)) == (own, then), moment


@pytest.mark.parametrize(("september", "october"), [(288, 301), (301, 288), (301, 0), (0, 301), (0, 0)])
def test_exactly_120_per_cent_or_one_month_alone_says_nothing(programme, helper, september, october):
    note(helper, "2027-09-01", september, "2027-09-30T12:00")
    note(helper, "2027-10-01", october, "2027-10-31T12:00")
    with at("2027-11-20T12:00"):
        assert not told(helper) and not invited(programme)


def test_what_is_noted_late_gives_the_helper_a_whole_week_all_the_same(programme, helper):
    note(helper, "2027-09-01", 301, "2027-09-30T12:00")
    note(helper, "2027-10-01", 301, "2027-11-20T12:00")
    for moment, own, then in (
        ("2027-11-20T12:01", True, 0),
        ("2027-11-27T11:59", True, 0),
        ("2027-11-27T12:00", True, 1),
    ):
        with at(moment):
            assert (told(helper), len(invited(programme))) == (own, then), moment


def test_it_goes_when_it_is_over_before_the_referent_ever_read_it(programme, helper):
    note(helper, "2027-09-01", 301, "2027-09-30T12:00")
    note(helper, "2027-10-01", 301, "2027-10-31T12:00")
    note(helper, "2027-10-01", 200, "2027-11-03T12:00")  # corrected
    with at("2027-11-20T12:00"):
        assert not told(helper) and not invited(programme)


def test_an_invitation_lasts_a_month_and_does_not_come_back_while_nothing_changes(programme, helper):
    for month in range(9, 13):
        note(helper, f"2027-{month:02}-01", 400, f"2027-{month:02}-28T12:00")
    with at("2027-12-07T12:00"):
        assert invited(programme)
    for moment in ("2027-12-10T12:00", "2028-01-05T12:00"):
        with at(moment):
            assert told(helper) and not invited(programme), moment


def test_february_of_a_leap_year_and_the_clock_change_of_march(programme, helper):
    note(helper, "2028-01-01", 301, "2028-01-31T12:00")
    note(helper, "2028-02-01", 301, "2028-02-29T23:00")
    with at("2028-02-29T23:59"):
        assert not told(helper)
    with at("2028-03-01T00:00"):
        assert told(helper)
    with at("2028-03-31T23:59"):  # an hour less than seven days ago would be another day
        assert told(helper) and load.own(helper.person) == [load.Signal.HOURS]
    with at("2028-04-01T00:00"):
        assert not told(helper)


def test_a_month_without_a_letter_all_along_is_no_measure(programme, helper):
    with at("2027-10-15T12:00"):
        letter_life.end(letter=helper.letters.get(), by=helper.person, on=dt.date(2027, 10, 31) - 16 * DAY)
    note(helper, "2027-09-01", 900, "2027-09-30T12:00")
    note(helper, "2027-10-01", 900, "2027-10-31T12:00")
    with at("2027-11-20T12:00"):
        assert not told(helper) and not invited(programme)


def test_meetings_count_with_their_minutes_or_fifty(programme, helper):
    pair = helper.memberships.get().pair
    with at("2027-10-20T12:00"):
        for day, minutes in ((3, 45), (10, None)):
            on = dt.date(2027, 10, day)
            meetings.log(pair=pair, by=helper.person, key=uuid.uuid4(), on=on, minutes=minutes)
    note(helper, "2027-10-01", 30, "2027-10-21T12:00")
    with at("2027-11-02T12:00"):
        october = next(line for line in hours.lines(helper) if line.month == dt.date(2027, 10, 1))
        assert (october.planned, october.met, october.other, october.total, october.share) == (240, 95, 30, 125, 52)


# --- More than two pairs, and a rise --------------------------------------------------------------------------------------
def test_a_third_pair_is_said_to_the_helper_then_to_the_referent_for_a_month(programme, helper):
    Participation.objects.filter(pk=helper.pk).update(places=3)
    helper.refresh_from_db()
    make_pair(programme, helper=helper)
    assert not told(helper)
    make_pair(programme, helper=helper)
    assert load.own(helper.person) == [load.Signal.PAIRS] and not invited(programme)
    for days, number in ((6.9, 0), (7.1, 1), (36.9, 1), (37.1, 0)):
        with clock.at(BORN + days * DAY):
            assert len(invited(programme)) == number, days


def test_meeting_every_week_after_every_month_is_a_rise_and_a_new_pair_is_none(programme, helper):
    pair = helper.memberships.get().pair
    new = make_pair(programme)
    first = BORN.date()
    recent = [112 - back for back in (3, 9, 16, 22)]
    for one, days in ((pair, [2, 30, 58, *recent]), (new, recent)):
        who = one.members.get(part="helper").person
        for day in days:
            with clock.at(BORN + day * DAY):
                meetings.log(pair=one, by=who, key=uuid.uuid4(), on=first + day * DAY)
    with clock.at(BORN + 112 * DAY):
        assert load.own(helper.person) == [load.Signal.RISE]
        assert load.own(new.members.get(part="helper").person) == []
        assert not invited(programme)
    with clock.at(BORN + 117 * DAY):
        assert not invited(programme)


# --- Who reads what -------------------------------------------------------------------------------------------------------
def test_the_referent_reads_one_line_for_each_person_whatever_the_reasons_and_no_reason(programme, helper):
    engagement = outside(programme)
    note(helper, "2027-09-01", 301, "2027-09-30T12:00")
    note(helper, "2027-10-01", 301, "2027-10-31T12:00")
    with at("2027-10-30T12:00"):
        held(engagement, helper.person, hours=-3)
        held(engagement, helper.person, hours=-2)
    with at("2027-11-09T12:00"):
        assert len(invited(programme)) == 1
        assert told(helper)
        page = client_of(referent_of(programme)).get(reverse("programmes:home", args=[programme.slug]))
    text = page.content.decode().lower()
    assert not [word for word in ("120", "dépass", "charge", "heures dépassent", "trop") if word in text]


def test_nobody_but_the_helper_reads_exact_hours(programme, helper):
    note(helper, "2027-09-01", 307, "2027-09-30T12:00")
    note(helper, "2027-10-01", 307, "2027-10-31T12:00")
    employer, by = programme.lead_employer, referent_of(programme)
    rest = [make_person(employer, roles=(role,)) for role in ("hr_signatory", "administrator")]
    deputy = make_person(employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=by)
    helped = helper.memberships.get().pair.members.get(part="helped").person
    other = make_participation(programme, Side.HELPER).person
    url = reverse("pairing:my_hours", args=[helper.ref])
    with at("2027-12-10T12:00"):
        mine = client_of(helper.person).get(url).content.decode()
        assert "5\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}07" in mine and "128" in mine
        bands = client_of(by).get(reverse("pairing:hours", args=[programme.slug])).content.decode()
        assert helper.person.short_name in bands and hours.BANDS[1] in bands
        assert "07" not in bands.partition("<table")[2].partition("</table>")[0]
        for person in (*rest, deputy, helped, other, by):
            assert client_of(person).get(url).status_code == 404
            assert client_of(person).post(url, {"month": "2027-12-01", "hours": 1}).status_code == 404
        for person in (*rest, deputy, helped, other):
            assert client_of(person).get(reverse("pairing:hours", args=[programme.slug])).status_code in (403, 404)
            assert not invited(programme, person)
        with pytest.raises(Refused):
            hours.note(participation=helper, month=dt.date(2027, 12, 1), minutes=60, by=by)


@pytest.mark.parametrize(("used", "band"), [(0, 0), (359, 0), (360, 1), (720, 1), (721, 2)])
def test_a_band_covers_three_whole_months_over_for_a_week(programme, helper, used, band):
    note(helper, "2027-09-01", used, "2027-09-30T12:00")
    with at("2027-12-07T23:59"):  # November is over since the first: not read before the eighth
        assert hours.bands(programme) == []
    with at("2027-12-08T00:00"):
        ((row, planned, read),) = hours.bands(programme)
        assert (row, planned, read) == (helper, 240, hours.BANDS[band])


def test_only_the_last_months_are_noted_by_oneself_and_once_each(programme, helper):
    client, url = client_of(helper.person), reverse("pairing:my_hours", args=[helper.ref])
    with at("2028-01-15T12:00"):
        client = client_of(helper.person)
        for month in ("2028-02-01", "2027-09-01", "hier"):
            assert client.post(url, {"month": month, "hours": 2, "rest": 5}).status_code == 200
        for minutes in (5, 5, 10):
            assert client.post(url, {"month": "2027-10-01", "hours": 2, "rest": minutes}).status_code == 302
        assert "C’est noté" in client.get(url).content.decode()
    tally = HoursTally.objects.get()
    assert (tally.month, tally.minutes) == (dt.date(2027, 10, 1), 130)
    with at("2028-01-15T12:00"), pytest.raises(DomainError):
        hours.note(participation=helper, month=dt.date(2027, 9, 1), minutes=5, by=helper.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        HoursTally.objects.update(minutes=12_001)


def test_ones_hours_are_in_the_file_one_takes_away_and_go_after_a_year(programme, helper):
    note(helper, "2027-09-01", 301, "2027-09-30T12:00")
    (mine,) = [one for one in my_data.records(helper.person) if one.label == "pairing.HoursTally"]
    assert mine.rows.count() == 1
    with at("2028-09-20T12:00"):
        assert retention.tallies() == 0
    with at("2028-10-20T12:00"):
        assert (retention.tallies(), retention.tallies()) == (1, 0)


def test_the_lists_cost_the_same_for_one_helper_and_for_many(programme):
    def more() -> None:
        with clock.at(BORN):
            row = make_pair(programme).members.get(part="helper").participation
        note(row, "2027-09-01", 301, "2027-09-30T12:00")
        note(row, "2027-10-01", 301, "2027-10-31T12:00")

    def read() -> None:
        with at("2027-12-08T12:00"):
            assert hours.bands(programme)
        with at("2027-11-09T12:00"):
            assert load.to_invite(programme, referent_of(programme))

    assert_same_queries(read, more)
