"""A dating session: invited, coming or not without a reason, a plan made again, sheets, the turn on the wall."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pairing.enums import RoundState, SeatAnswer
from pairing.models import Encounter, WishRound
from pairing.services import dating, wishes
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from programmes.enums import Form, Side
from tests.builders import client_of, make_participation, make_person, make_programme, name_as_avoided, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.wish_worlds import after, everybody_comes, in_a_week, met, peers, plan, seat_of, two_sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def eight():
    programme, people = peers()
    return plan(programme, people), people


def meetings(row) -> set[frozenset]:
    """Keys of the participations who meet."""
    rows = Encounter.objects.filter(round=row).values_list("one__participation", "other__participation")
    return {frozenset(pair) for pair in rows}


def draw(row, here=None) -> int:
    return dating.draw(row=row, by=referent_of(row.programme), here=here)


# --- Planning -------------------------------------------------------------------------------------------------------
def test_planning_by_the_form_invites_and_tells_everybody():
    programme, people = peers()
    day = clock.today(programme.time_zone) + dt.timedelta(days=7)
    fields = {
        "receipt": uuid.uuid4(),
        "invited": [row.pk for row in people],
        "on": day,
        "hour": "14:00",
        "minutes": 8,
        "place": "Salle des platanes",
        "wishes_until": day + dt.timedelta(days=7),
    }
    client, url = (
        client_of(referent_of(programme)),
        reverse("pairing:plan_dating", args=[programme.slug, "entre-pairs"]),
    )
    for _ in range(2):
        answer = client.post(url, fields)
    row = WishRound.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.minutes, row.place, row.seats.count()) == (8, "Salle des platanes", 8)
    assert OutgoingMail.objects.filter(kind="pairing/dating").count() == 8
    assert client.get(reverse("pairing:plan_dating", args=[programme.slug, "binome"])).status_code == 404


def test_what_planning_refuses():
    programme, people = peers(6)
    start = in_a_week(programme)
    wrong = [
        {"starts_at": clock.now() - dt.timedelta(hours=1)},
        {"minutes": 2},
        {"wishes_until": start.date() - dt.timedelta(days=1)},
        {"wishes_until": start.date() + dt.timedelta(days=15)},
    ]
    for changes in wrong:
        with pytest.raises(DomainError):
            plan(programme, people, **changes)
    with pytest.raises(DomainError, match="six personnes"):
        plan(programme, people[:5])
    stranger = make_participation(make_programme(forms=["reciprocal"]), Side.PEER)
    with pytest.raises(DomainError, match="ne cherche plus"):
        plan(programme, [*people, stranger])
    with pytest.raises(Refused):
        dating.plan(
            programme=programme,
            form=Form.RECIPROCAL,
            receipt=uuid.uuid4(),
            starts_at=start,
            minutes=8,
            wishes_until=start.date(),
            invited=people,
            by=people[0].person,
        )


def test_coming_or_not_is_said_without_a_reason_and_may_change(eight):
    row, people = eight
    client, url = client_of(people[0].person), reverse("pairing:answer_round", args=[row.ref])
    for said, answer in (("oui", SeatAnswer.COMING), ("non", SeatAnswer.NOT_THIS_TIME), ("", SeatAnswer.NOT_THIS_TIME)):
        client.post(url, {"answer": said})
        assert seat_of(row, people[0]).answer == answer
    assert client_of(make_person(row.programme.lead_employer)).post(url, {"answer": "oui"}).status_code == 404
    with after(row), pytest.raises(DomainError, match="commencé"):
        dating.answer(seat=seat_of(row, people[0]), coming=True, by=people[0].person)


def test_before_the_day_the_invitation_names_nobody(eight):
    row, people = eight
    met(row)
    url = reverse("pairing:my_round", args=[row.ref])
    client = client_of(people[0].person)
    others = [one.person.short_name for one in people[1:]]
    before = client.get(url).content.decode()
    assert not any(name in before for name in others)
    with after(row):
        on_the_day = client.get(url).content.decode()
    assert all(name in on_the_day for name in others)


def test_somebody_who_does_not_come_reads_no_name(eight):
    row, people = eight
    met(row)
    dating.answer(seat=seat_of(row, people[0]), coming=False, by=people[0].person)
    with after(row):
        page = client_of(people[0].person).get(reverse("pairing:my_round", args=[row.ref])).content.decode()
    assert not any(one.person.short_name in page for one in people[1:])


# --- The plan -------------------------------------------------------------------------------------------------------
def test_eight_people_meet_in_seven_turns_of_four_tables(eight):
    row, people = eight
    everybody_comes(row)
    assert draw(row) == 7
    assert Encounter.objects.filter(round=row).count() == 28
    assert len(meetings(row)) == 28


def test_an_odd_person_rests_one_turn_kindly():
    programme, people = peers(7)
    row = met(plan(programme, people))
    turns = dating.turns_of(row)
    assert sorted(name for turn in turns for name in turn["resting"]) == sorted(one.person.short_name for one in people)
    sheet = dating.sheet_of(row, seat_of(row, people[0]))
    assert [bool(line["name"]) for line in sheet].count(False) == 1


def test_absent_and_late_people_change_the_plan(eight):
    row, people = eight
    everybody_comes(row)
    draw(row)
    there = [seat_of(row, one) for one in people[:6]]
    assert draw(row, there) == 5
    assert {key for pair in meetings(row) for key in pair} == {one.pk for one in people[:6]}
    with pytest.raises(DomainError, match="plan précédent"):
        draw(row, there[:5])
    assert len(meetings(row)) == 15, "the plan in force stays"
    assert draw(row, [seat_of(row, one) for one in people]) == 7


def test_drawing_again_with_the_same_people_changes_nothing(eight):
    row, _ = eight
    everybody_comes(row)
    plans = []
    for _ in range(3):
        draw(row)
        plans.append(list(row.encounters.values_list("turn", "table", "one", "other")))
    assert plans[0] == plans[1] == plans[2]


@pytest.mark.parametrize("owner", [0, 1])
def test_who_keeps_away_from_whom_cannot_be_read_from_who_did_not_meet(eight, owner):
    """The attack: draw again and again, take people out and back, and keep the pairs that never meet."""
    row, people = eight
    kept = people[:2]
    name_as_avoided(kept[owner].person, person=kept[1 - owner].person)
    everybody_comes(row)
    everybody = [seat_of(row, one) for one in people]
    assert draw(row) == 6
    never = {frozenset((a.pk, b.pk)) for a in people for b in people if a != b} - meetings(row)
    first = set(never)
    assert sorted(key for pair in first for key in pair) == sorted(one.pk for one in people), "each misses exactly one"
    for absent in range(2, 8):
        draw(row, [seat for seat in everybody if seat.participation_id != people[absent].pk])
        never -= meetings(row)
    # Pairs of the first plan that no later plan made meet: all those whose two people were there.
    assert frozenset(one.pk for one in kept) in never
    assert len(never) > 1
    assert never == first


def test_across_two_sides_each_meets_only_the_other_side():
    programme, people = two_sides(3, 4)
    row = met(plan(programme, people, Form.PAIR))
    sides = {one.pk: one.side for one in people}
    assert len(meetings(row)) == 12
    assert all({sides[key] for key in pair} == {Side.HELPED, Side.HELPER} for pair in meetings(row))


# --- The room -------------------------------------------------------------------------------------------------------
def test_the_wall_and_the_sheets_show_the_plan(eight):
    row, people = eight
    client, args = client_of(referent_of(row.programme)), [row.programme.slug, row.ref]
    assert client.get(reverse("pairing:dating_sheets", args=args)).status_code == 404, "no plan yet"
    assert client.get(reverse("pairing:dating_screen", args=[*args, 1])).status_code == 404
    met(row)
    page = client.get(reverse("pairing:dating_screen", args=[*args, 7])).content.decode()
    assert "Tour 7" in page
    assert all(one.person.short_name in page for one in people)
    assert client.get(reverse("pairing:dating_screen", args=[*args, 8])).status_code == 404
    sheets = client.get(reverse("pairing:dating_sheets", args=args)).content.decode()
    assert sheets.count("room-sheet") == 8 + 4


def test_ticking_who_is_there_makes_the_plan_by_the_form(eight):
    row, people = eight
    client, url = (
        client_of(referent_of(row.programme)),
        reverse("pairing:draw_dating", args=[row.programme.slug, row.ref]),
    )
    client.post(url, {"here": [seat_of(row, one).pk for one in people]})
    assert len(meetings(row)) == 28
    client.post(url, {})
    assert len(meetings(row)) == 28


def test_a_cancelled_session_is_told_and_draws_no_more(eight):
    row, people = eight
    wishes.cancel(row=row, by=referent_of(row.programme))
    assert row.state == RoundState.CANCELLED
    assert OutgoingMail.objects.filter(kind="pairing/dating").count() == 16
    with pytest.raises(DomainError, match="plus prévue"):
        draw(row)
    page = client_of(people[0].person).get(reverse("pairing:my_round", args=[row.ref])).content.decode()
    assert "annulé" in page


def test_the_home_page_invites_then_offers_the_wishes(eight):
    row, people = eight
    client, home = client_of(people[0].person), reverse("portal:my_space")
    assert "Une invitation à des rencontres croisées" in client.get(home).content.decode()
    everybody_comes(row)
    assert "Mes rencontres croisées" in client.get(home).content.decode()
    with after(row):
        before = client.get(home).content.decode()
        assert "Vos vœux après les rencontres" in before


def test_the_page_of_a_session_costs_the_same_for_few_and_for_many():
    programme, people = peers(9)
    rows = [plan(programme, people[:6]), plan(programme, people)]
    for row in rows:
        met(row)
    client = client_of(referent_of(programme))
    first, second = iter(rows), None

    def read():
        assert client.get((second or rows[0]).get_absolute_url()).status_code == 200

    def more():
        nonlocal second
        second = rows[1]

    assert first
    assert_same_queries(read, more)


@pytest.mark.parametrize("what", ["draw", "close"])
def test_a_plan_and_a_closing_read_the_rules_as_often_for_few_and_for_many(what):
    counts = []
    for count in (6, 10):
        programme, people = peers(count)
        name_as_avoided(people[0].person, person=people[1].person)
        row = plan(programme, people)
        everybody_comes(row)
        if what == "close":
            draw(row)
        with after(row), CaptureQueriesContext(connection) as queries:
            draw(row) if what == "draw" else wishes.close(row=row, by=referent_of(programme))
        counts.append(len(queries))
    assert counts[0] == counts[1]
