"""What is followed of a pair: its opening meeting, then a point at 30 days and every 60. Days and states, never contents."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse

from pairing.enums import OpeningWay, PairState
from pairing.life_hooks import calendar, todo
from pairing.models import Opening, Pair, PairPoint
from pairing.services import follow, meetings, pairs
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from programmes.enums import Side
from programmes.models import GateRule
from programmes.services import gates
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
# The day of a point is: the two changes of clock, 29 February, a day like another.
DAYS = [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 2, 29), dt.date(2027, 6, 10)]


def at(day: dt.date, hour: int, minute: int = 0):
    return clock.at(dt.datetime.combine(day, dt.time(hour, minute), PARIS))


def started(day: dt.date, **options) -> Pair:
    with at(day, 23, 50):
        return make_pair(**options)


def people_of(pair: Pair) -> list:
    return [member.person for member in pair.members.order_by("part")]


def points_to_do(pair: Pair) -> bool:
    return any("point de 20 minutes" in item.sentence for item in todo(referent_of(pair.programme), pair.programme))


def fresh(pair: Pair) -> Pair:
    return Pair.objects.select_related("programme__lead_employer").get(pk=pair.pk)


# --- Points ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize(("number", "days"), [(1, 30), (2, 90), (3, 150)])
def test_a_point_is_due_on_the_day_and_not_a_minute_before(day, number, days):
    pair = started(day - dt.timedelta(days=days))
    for earlier in range(1, number):
        PairPoint.objects.create(pair=pair, number=earlier, done_on=day - dt.timedelta(days=60))
    with at(day - dt.timedelta(days=1), 23, 59):
        assert (follow.point_due(fresh(pair)), points_to_do(pair)) == (None, False)
        assert follow.next_point(fresh(pair)) == day
    with at(day, 0, 1):
        assert (follow.point_due(fresh(pair)), points_to_do(pair)) == (number, True)
        follow.hold_point(pair=fresh(pair), by=referent_of(pair.programme))
        assert (follow.point_due(fresh(pair)), points_to_do(pair)) == (None, False)
        assert follow.next_point(fresh(pair)) == day + dt.timedelta(days=60)


def test_of_several_missed_the_last_alone_is_to_hold_and_twice_is_once():
    pair = started(dt.date(2027, 1, 4))
    by = referent_of(pair.programme)
    with at(dt.date(2027, 1, 4) + dt.timedelta(days=200), 9):
        assert follow.point_due(fresh(pair)) == 3
        follow.hold_point(pair=fresh(pair), by=by)
        follow.hold_point(pair=fresh(pair), by=by)
        assert list(PairPoint.objects.values_list("number", flat=True)) == [3]
        assert follow.next_point(fresh(pair)) == dt.date(2027, 1, 4) + dt.timedelta(days=210)


def test_no_point_before_its_day_nor_while_the_pair_is_paused():
    pair = started(dt.date(2027, 1, 4))
    by = referent_of(pair.programme)
    with at(dt.date(2027, 1, 10), 9), pytest.raises(DomainError, match="Aucun point"):
        follow.hold_point(pair=fresh(pair), by=by)
    with at(dt.date(2027, 3, 1), 9):
        pairs.pause(pair=pair, by=people_of(pair)[0])
        assert not points_to_do(pair) and follow.next_point(fresh(pair)) is None


def test_a_point_held_is_news_of_the_pair():
    pair = started(dt.date(2027, 1, 4))
    with at(dt.date(2027, 2, 10), 9):
        follow.hold_point(pair=fresh(pair), by=referent_of(pair.programme))
    assert fresh(pair).alive_on == dt.date(2027, 2, 10)


def test_the_calendar_of_the_team_says_a_day_and_nobody():
    pair = started(dt.date(2027, 1, 4))
    with at(dt.date(2027, 1, 5), 9):
        (event,) = calendar(pair.programme, dt.date(2027, 1, 5), dt.date(2027, 6, 1))
    assert (event.on, event.neutral) == (dt.date(2027, 2, 3), "point")
    assert not any(person.given in event.label for person in people_of(pair))


def test_an_entrusted_pair_is_followed_by_its_referee_and_leaves_the_referents_list():
    pair = started(dt.date(2027, 1, 4))
    referent = referent_of(pair.programme)
    referee = make_person(pair.programme.lead_employer)
    with at(dt.date(2027, 2, 10), 9):
        pairs.entrust(pair=pair, referee=referee, by=referent)
        assert not points_to_do(pair)
        client = client_of(referee)
        page = client.get(reverse("pairing:refereed")).content.decode()
        assert "à faire" in page and "à prévoir" in page
        answer = client.post(reverse("pairing:hold_point", args=[pair.ref]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("pairing:refereed_pair", args=[pair.ref])
        assert PairPoint.objects.get().by_ref == referee.ref


def test_nobody_follows_their_own_pair_and_strangers_see_no_such_page():
    programme = make_programme()
    referent = referent_of(programme)
    pair = make_pair(programme)
    pair.members.filter(part="helper").update(person=referent)
    own = client_of(referent)
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert not points_to_do(pair)
        for name in ("hold_point", "hold_opening"):
            assert own.post(reverse(f"pairing:{name}", args=[pair.ref])).status_code == 404
            with pytest.raises(Refused):
                getattr(follow, name)(pair=fresh(pair), by=referent)
        strangers = (
            make_person(programme.lead_employer, roles=("hr_signatory",)),
            people_of(pair)[0],
            referent_of(make_programme(programme.lead_employer)),
        )
        for stranger in strangers:
            client = client_of(stranger)
            assert client.get(reverse("pairing:opening", args=[pair.ref])).status_code == 404
            for name in ("hold_point", "hold_opening"):
                assert client.post(reverse(f"pairing:{name}", args=[pair.ref])).status_code == 404
    assert not PairPoint.objects.exists()


# --- The opening meeting ----------------------------------------------------------------------------------------------
def plan(pair: Pair, starts_at=None, **changes) -> Opening:
    chosen = {"seen": 1, "way": OpeningWay.REFERENT, "minutes": 60, "channel": "in_person"} | changes
    return follow.plan_opening(pair=fresh(pair), by=referent_of(pair.programme), starts_at=starts_at, **chosen)


def test_the_programme_sets_the_way_and_a_pair_may_have_its_own():
    pair = make_pair()
    assert follow.way(pair) == OpeningWay.REFERENT
    rule = GateRule.objects.get(pk="pair-opening")
    by = referent_of(pair.programme)
    gates.set_value(programme=pair.programme, rule=rule, value=0, reason="Petit service", by=by)
    assert follow.way(pair) == OpeningWay.DUO
    plan(pair, way=OpeningWay.REFEREE)
    assert follow.way(pair) == OpeningWay.REFEREE


def test_planned_told_held_and_no_longer_to_do():
    pair = make_pair()
    referent, (one, other) = referent_of(pair.programme), people_of(pair)
    said = lambda: [item.sentence for item in todo(referent, pair.programme) if "ouverture" in item.sentence]  # noqa: E731
    assert said() == ["1 rencontre d’ouverture à prévoir"]
    when = clock.now() + dt.timedelta(days=3)
    row = plan(pair, when)
    assert not said()
    assert {mail.person for mail in OutgoingMail.objects.filter(key__contains=f"opening:{row.version}")} == {one, other}
    page = client_of(one).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert "À trois, avec le ou la référent·e" in page and "Une autre date" in page
    with clock.at(when + dt.timedelta(days=1)):
        assert said() == ["1 rencontre d’ouverture à prévoir"], "was it held?"
        for _ in range(2):
            follow.hold_opening(pair=fresh(pair), by=referent)
        assert not said()
    row.refresh_from_db()
    assert row.held_on == when.astimezone(PARIS).date()


@pytest.mark.parametrize("choice", ["deux", "date"])
def test_a_member_prefers_another_day_or_to_be_alone_without_a_reason(choice):
    pair = make_pair()
    plan(pair, clock.now() + dt.timedelta(days=3))
    client_of(people_of(pair)[0]).post(reverse("pairing:prefer_opening", args=[pair.ref]), {"choix": choice})
    row = Opening.objects.get()
    assert row.starts_at is None
    assert follow.way(fresh(pair)) == (OpeningWay.DUO if choice == "deux" else OpeningWay.REFERENT)


def test_two_alone_set_their_own_dates_and_nothing_is_to_do():
    pair = make_pair()
    plan(pair, way=OpeningWay.DUO)
    with pytest.raises(DomainError, match="les dates sont les leurs"):
        plan(pair, clock.now() + dt.timedelta(days=2), way=OpeningWay.DUO, seen=2)
    with pytest.raises(DomainError, match="s’ouvre à deux"):
        follow.hold_opening(pair=fresh(pair), by=referent_of(pair.programme))
    assert not follow.of_referent(pair.programme, referent_of(pair.programme))[0].opening


def test_a_pair_that_met_has_opened_already():
    pair = make_pair()
    meetings.log(pair=pair, by=people_of(pair)[0], key=uuid.uuid4())
    assert not [item for item in todo(referent_of(pair.programme), pair.programme) if "ouverture" in item.sentence]


def test_a_page_read_before_a_member_answered_is_not_written():
    pair = make_pair()
    row = plan(pair, clock.now() + dt.timedelta(days=3))
    follow.prefer(pair=fresh(pair), by=people_of(pair)[0], alone=True)
    with pytest.raises(DomainError, match="a changé"):
        plan(pair, clock.now() + dt.timedelta(days=4), seen=row.version)
    assert follow.way(fresh(pair)) == OpeningWay.DUO


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_hour_typed_is_the_hour_in_the_members_diaries(day):
    with at(day - dt.timedelta(days=5), 9):
        pair = make_pair()
        form = {
            "seen": 1,
            "way": "referent",
            "day": day.isoformat(),
            "hour": "14:30",
            "minutes": 60,
            "channel": "video",
        }
        client = client_of(referent_of(pair.programme))
        assert client.post(reverse("pairing:opening", args=[pair.ref]), form).status_code == 302
        uids = set()
        for person in people_of(pair):
            data = client_of(person).get(reverse("pairing:opening_diary", args=[pair.ref])).content
            (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
            assert event["SUMMARY"] == "Rendez-vous professionnel"
            assert event["DTSTART"].dt.astimezone(PARIS) == dt.datetime.combine(day, dt.time(14, 30), PARIS)
            uids.add(str(event["UID"]))
        assert len(uids) == 2


def test_the_opening_of_a_pair_that_does_not_run_is_not_planned():
    pair = make_pair(framed=False)
    assert pair.state == PairState.ACCEPTED
    with pytest.raises(DomainError, match="pas en cours"):
        plan(pair, clock.now() + dt.timedelta(days=3))


def test_a_reciprocal_pair_opens_in_the_same_ways():
    programme = make_programme(forms=["reciprocal"])
    peers = [make_participation(programme, Side.PEER) for _ in range(2)]
    assert follow.way(make_pair(programme, one=peers[0], other=peers[1])) == OpeningWay.REFERENT
