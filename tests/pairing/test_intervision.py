"""Intervision: helpers announce, say that they come, give a number; the référent reads the number, never a name."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from pairing import my_data
from pairing.models import IntervisionSeat, SupervisionSession
from pairing.services import erasure, intervision, retention
from portal import clock
from portal.errors import Refused
from portal.models import OutgoingMail
from portal.typography import french
from programmes.enums import Channel, Side
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def helpers(programme):
    return [make_pair(programme).members.get(part="helper").person for _ in range(3)]


def announced(programme, by, days=9):
    starts = clock.now() + dt.timedelta(days=days)
    intervision.announce(programme=programme, by=by, starts=starts, channel="video", receipt=uuid.uuid4())
    return SupervisionSession.objects.filter(kind="intervision").latest("pk")


def test_a_helper_announces_a_date_once_and_the_others_are_told(programme, helpers):
    client, url = client_of(helpers[0]), reverse("pairing:announce_intervision", args=[programme.slug])
    day = (clock.today(programme.time_zone) + dt.timedelta(days=9)).isoformat()
    data = {"day": day, "hour": "12:30", "channel": "video", "receipt": uuid.uuid4()}
    assert client.post(url, {**data, "day": "2020-01-02"}).status_code == 200
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    session = SupervisionSession.objects.get(kind="intervision")
    assert (session.minutes, session.place, session.supervisor) == (60, Channel.VIDEO.label, None)
    told = OutgoingMail.objects.filter(key__startswith=f"supervision:{session.ref}")
    assert {row.person for row in told} == set(helpers)


def test_who_comes_is_read_by_helpers_alone_and_the_number_by_the_referent(programme, helpers):
    session = announced(programme, helpers[0])
    client, url = client_of(helpers[1]), reverse("pairing:answer_intervision", args=[session.ref])
    for _ in range(2):
        client.post(url, {"vient": "oui"})
    assert IntervisionSeat.objects.count() == 1
    mine = client_of(helpers[2]).get(reverse("pairing:my_supervision")).content.decode()
    assert french(f"Viennent : {helpers[1].short_name}") in mine
    pages = [reverse("pairing:supervision", args=[programme.slug]), reverse("programmes:home", args=[programme.slug])]
    helped = programme.pairs.first().members.get(part="helped").person
    rh = make_person(programme.lead_employer, roles=("hr_signatory",))
    for person in (referent_of(programme), rh, helped):
        text = " ".join(client_of(person).get(page).content.decode() for page in pages)
        assert helpers[1].short_name not in text
    with clock.at(session.starts_at):
        client = client_of(helpers[2])
        for number in ("x", "99", "", "2", "3"):
            client.post(url, {"nombre": number})
        session.refresh_from_db()
        assert session.came == 3
        assert "3 personnes venues" in client_of(referent_of(programme)).get(pages[0]).content.decode()
    client_of(helpers[1]).post(url, {"vient": "non"})
    assert not IntervisionSeat.objects.exists()


def test_nobody_else_announces_comes_nor_counts(programme, helpers):
    session = announced(programme, helpers[0])
    waiting = make_participation(programme, Side.HELPER).person
    helped = programme.pairs.first().members.get(part="helped").person
    for person in (waiting, helped, referent_of(programme)):
        client = client_of(person)
        assert client.get(reverse("pairing:announce_intervision", args=[programme.slug])).status_code == 404
        assert (
            client.post(reverse("pairing:answer_intervision", args=[session.ref]), {"vient": "oui"}).status_code == 404
        )
        with pytest.raises(Refused):
            intervision.come(session=session, by=person, comes=True)
    assert not IntervisionSeat.objects.exists()


def test_names_go_a_month_later_with_erasure_and_are_in_ones_own_file(programme, helpers):
    session = announced(programme, helpers[0])
    for person in helpers[:2]:
        intervision.come(session=session, by=person, comes=True)
    (mine,) = [one for one in my_data.records(helpers[0]) if one.label == "pairing.IntervisionSeat"]
    assert mine.rows.count() == 1
    erasure.erase(person=helpers[0])
    assert IntervisionSeat.objects.get().participation.person == helpers[1]
    for days, gone in ((30, 0), (31, 1), (31, 0)):
        with clock.at(session.starts_at + dt.timedelta(days=days, minutes=1) - dt.timedelta(minutes=2 * (days == 30))):
            assert retention.seats() == gone, days


def test_the_page_costs_the_same_with_one_date_and_with_many(programme, helpers):
    client, days = client_of(helpers[0]), iter(range(3, 30))

    def more() -> None:
        session = announced(programme, helpers[0], next(days))
        for person in helpers:
            intervision.come(session=session, by=person, comes=True)

    assert_same_queries(lambda: client.get(reverse("pairing:my_supervision")), more)
