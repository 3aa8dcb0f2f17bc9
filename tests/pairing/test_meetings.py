"""Meetings: one tap, one a day, dates that make sense, never a content."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from pairing.enums import EndCode, PairState
from pairing.models import Meeting, Pair
from pairing.services import meetings, pairs
from portal import clock
from portal.errors import Conflict, DomainError, Refused
from tests.builders import client_of, make_pair, make_person, referent_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Pair:
    with clock.at(clock.now() - dt.timedelta(days=30)):
        return make_pair()


def one_of(pair: Pair):
    return pair.members.first().person


def today():
    return clock.today("Europe/Paris")


def test_the_same_tap_twice_is_one_meeting(pair):
    key = uuid.uuid4()
    first = meetings.log(pair=pair, by=one_of(pair), key=key)
    assert meetings.log(pair=pair, by=one_of(pair), key=key) == first
    assert Meeting.objects.get().on == today()


def test_both_members_tapping_the_same_day_is_one_meeting(pair):
    one, other = (member.person for member in pair.members.all())
    meetings.log(pair=pair, by=one, key=uuid.uuid4())
    with pytest.raises(DomainError, match="déjà notée"):
        meetings.log(pair=pair, by=other, key=uuid.uuid4())
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(("days", "sentence"), [(1, "pas encore passée"), (-60, "avant le début")])
def test_a_day_to_come_or_before_the_pair_is_refused(pair, days, sentence):
    with pytest.raises(DomainError, match=sentence):
        meetings.log(pair=pair, by=one_of(pair), key=uuid.uuid4(), on=today() + dt.timedelta(days=days))


def test_nobody_else_notes_a_meeting(pair):
    for somebody in (referent_of(pair.programme), make_person(pair.programme.lead_employer)):
        with pytest.raises(Refused):
            meetings.log(pair=pair, by=somebody, key=uuid.uuid4())


def test_an_ended_or_proposed_pair_takes_no_meeting(pair):
    pairs.end(pair=pair, by=one_of(pair), code=EndCode.TERM)
    for closed in (pair, make_pair(answered=False)):
        with pytest.raises(DomainError, match="pas en cours"):
            meetings.log(pair=closed, by=one_of(closed), key=uuid.uuid4())


def test_first_and_last_dates_follow_corrections_and_removals(pair):
    by = one_of(pair)
    early = meetings.log(pair=pair, by=by, key=uuid.uuid4(), on=today() - dt.timedelta(days=20))
    late = meetings.log(pair=pair, by=by, key=uuid.uuid4())
    assert (pair.first_met_on, pair.last_met_on) == (early.on, late.on)
    meetings.change(meeting=early, by=by, seen=1, on=today() - dt.timedelta(days=10), themes=[])
    assert Pair.objects.get(pk=pair.pk).first_met_on == today() - dt.timedelta(days=10)
    meetings.remove(meeting=late, by=by)
    assert Pair.objects.get(pk=pair.pk).last_met_on == today() - dt.timedelta(days=10)


def test_a_meeting_is_removed_once_confirmed(pair):
    by = one_of(pair)
    row = meetings.log(pair=pair, by=by, key=uuid.uuid4())
    client, url = client_of(by), reverse("pairing:remove_meeting", args=[row.ref])
    assert url in client.get(reverse("pairing:meeting", args=[row.ref])).content.decode()
    page = client.get(url).content.decode()
    assert "Qui le saura" in page and "Effacer la rencontre du" in page
    assert pair.meetings.count() == 1
    assert client.post(url).status_code == 302
    assert pair.meetings.count() == 0


def test_two_windows_correcting_the_same_meeting_conflict(pair):
    by = one_of(pair)
    meeting = meetings.log(pair=pair, by=by, key=uuid.uuid4())
    meetings.change(meeting=meeting, by=by, seen=1, on=meeting.on, themes=[], minutes=45)
    with pytest.raises(Conflict):
        meetings.change(meeting=Meeting.objects.get(), by=by, seen=1, on=meeting.on, themes=[], minutes=60)
    assert Meeting.objects.get().minutes == 45


def test_a_paused_pair_may_still_note_what_took_place(pair):
    pairs.pause(pair=pair, by=one_of(pair))
    meetings.log(pair=pair, by=one_of(pair), key=uuid.uuid4(), on=today() - dt.timedelta(days=2))
    assert Pair.objects.get(pk=pair.pk).state == PairState.PAUSED
