"""Dated collective times: announced, entered in one click, counted as a number; nobody reads who registered."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock
from portal.errors import Conflict, DomainError
from portal.models import OutgoingMail
from portal.registry import CALENDAR, CARD, TODO, gather
from programmes.enums import ProgrammeRoleKind, SessionState
from programmes.models import Gathering, Registration
from programmes.services import agenda, community, gatherings, rollout
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme(forms=["community", "pair"])


def member(programme):
    person = make_person(programme.lead_employer)
    community.join(programme=programme, person=person, form="community", rules_read=True)
    return person


def plan(programme, *, days=3, **fields):
    fields = {"kind": "workshop", "title": "Atelier du mois", "minutes": 90, "place": "Salle 12", **fields}
    starts_at = clock.now() + dt.timedelta(days=days)
    return gatherings.plan(programme=programme, starts_at=starts_at, by=referent_of(programme), **fields)


# --- Announced ------------------------------------------------------------------------------------------------------
def test_a_date_is_announced_to_members_and_participants_and_to_nobody_else(programme):
    plan(programme)
    readers = [member(programme), make_participation(programme).person]
    other = make_person(programme.lead_employer)
    for person in readers:
        client = client_of(person)
        for url in (reverse("portal:my_space"), reverse("programmes:my_gatherings")):
            assert "Atelier du mois" in client.get(url).content.decode()
        assert "Atelier du mois" in client.get(reverse("programmes:join", args=[programme.slug])).content.decode()
    for url in (reverse("portal:my_space"), reverse("programmes:join", args=[programme.slug])):
        assert "Atelier du mois" not in client_of(other).get(url).content.decode()
    assert not OutgoingMail.objects.filter(kind=gatherings.MAIL).exists()


@pytest.mark.parametrize("field", ["title", "place"])
def test_a_title_is_neutral(programme, field):
    with pytest.raises(DomainError, match="neutre"):
        plan(programme, **{field: "Atelier handicap psychique"})


def test_from_the_form_to_the_number_in_the_browser(programme):
    client = client_of(referent_of(programme))
    day = clock.today(programme.time_zone)
    sent = {"kind": "welcome", "title": "Temps d’accueil", "day": f"{day}", "hour": "00:00", "minutes": "60"}
    there = client.post(reverse("programmes:plan_gathering", args=[programme.slug]), {**sent, "place": "Salle A"})
    row = Gathering.objects.get()
    assert row.starts_at.astimezone(clock.ZoneInfo(programme.time_zone)).hour == 0
    assert [one.action for one in gather(TODO, referent_of(programme), programme)].count("Noter le nombre") == 1
    change = reverse("programmes:change_gathering", args=[programme.slug, row.ref])
    client.post(change, {**sent, "place": "Salle B", "seen": row.version})
    row.refresh_from_db()
    client.post(there.url, {"attended": "24", "seen": row.version})
    row.refresh_from_db()
    assert (row.place, row.state, row.attended) == ("Salle B", SessionState.HELD, 24)
    assert "24" in client.get(reverse("programmes:gatherings", args=[programme.slug])).content.decode()


# --- Registering ----------------------------------------------------------------------------------------------------
def test_one_click_to_come_and_one_not_to(programme):
    person, row = member(programme), plan(programme)
    client, url = client_of(person), reverse("programmes:register_gathering", args=[row.ref])
    for _ in range(2):
        assert "Vous êtes inscrit·e" in client.post(url, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.taken, row.registrations.count()) == (1, 1)
    card = next(one for one in gather(CARD, person) if one.title == "Mon prochain temps collectif")
    assert "inscrit·e" in card.text
    for _ in range(2):
        client.post(url, {"leave": "1"})
    row.refresh_from_db()
    assert (row.taken, row.registrations.count()) == (0, 0)


def test_a_stranger_cannot_register_and_learns_nothing(programme):
    row = plan(programme)
    url = reverse("programmes:register_gathering", args=[row.ref])
    assert client_of(make_person(programme.lead_employer)).post(url).status_code == 404
    assert not row.registrations.exists()


def test_the_last_seat_is_taken_once(programme):
    row = plan(programme, seats=1)
    first, second = member(programme), member(programme)
    gatherings.register(gathering=row, person=first)
    with pytest.raises(DomainError, match="plus de place"):
        gatherings.register(gathering=row, person=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=row.pk).update(taken=2)
    assert "complet" in client_of(second).get(reverse("programmes:my_gatherings")).content.decode()
    gatherings.unregister(gathering=row, person=first)
    gatherings.register(gathering=row, person=second)
    assert row.registrations.get().person == second


def test_seats_are_never_fewer_than_registrations(programme):
    row = plan(programme, seats=5)
    for _ in range(2):
        gatherings.register(gathering=row, person=member(programme))
    row.refresh_from_db()
    fields = {name: getattr(row, name) for name in ("kind", "title", "starts_at", "minutes", "place")}
    with pytest.raises(DomainError, match="plus d’inscriptions"):
        gatherings.change(gathering=row, seen=row.version, by=referent_of(programme), **fields, seats=1)
    row.refresh_from_db()
    assert row.seats == 5


def test_once_begun_for_an_hour_nobody_registers(programme):
    person, row = member(programme), plan(programme)
    with clock.at(row.starts_at + dt.timedelta(minutes=59)):
        gatherings.register(gathering=row, person=person)
        gatherings.unregister(gathering=row, person=person)
    with clock.at(row.starts_at + dt.timedelta(minutes=61)), pytest.raises(DomainError, match="closes"):
        gatherings.register(gathering=row, person=person)


def test_nobody_else_reads_who_registered_nor_how_many(programme):
    row, people = plan(programme), [member(programme) for _ in range(3)]
    client = client_of(referent_of(programme))
    url = reverse("programmes:gathering", args=[programme.slug, row.ref])

    def read():
        return [line for line in client.get(url).content.decode().split("\n") if "csrf" not in line]

    before = read()
    for person in people:
        gatherings.register(gathering=row, person=person)
    assert read() == before
    other = client_of(people[0]).get(reverse("programmes:my_gatherings")).content.decode()
    assert people[1].given not in other


# --- Changing, cancelling, counting -------------------------------------------------------------------------------------
def test_whoever_registered_is_told_of_a_change_of_moment_and_nobody_else(programme):
    row, comes = plan(programme), member(programme)
    member(programme)
    gatherings.register(gathering=row, person=comes)
    row.refresh_from_db()
    fields = {name: getattr(row, name) for name in ("kind", "title", "starts_at", "minutes", "place", "seats")}
    gatherings.change(gathering=row, seen=row.version, by=referent_of(programme), **{**fields, "title": "Autre titre"})
    assert not OutgoingMail.objects.filter(kind=gatherings.MAIL).exists()
    fields["starts_at"] += dt.timedelta(days=1)
    gatherings.change(gathering=row, seen=row.version, by=referent_of(programme), **fields)
    assert [mail.person for mail in OutgoingMail.objects.filter(kind=gatherings.MAIL)] == [comes]
    gatherings.cancel(gathering=row, by=referent_of(programme))
    assert OutgoingMail.objects.filter(kind=gatherings.MAIL, person=comes).count() == 2
    assert not Registration.objects.exists()
    with pytest.raises(DomainError, match="annulé"):
        gatherings.record_held(gathering=row, attended=3, seen=row.version, by=referent_of(programme))


def test_the_number_comes_after_and_takes_the_registrations_away(programme):
    row, by = plan(programme), referent_of(programme)
    gatherings.register(gathering=row, person=member(programme))
    row.refresh_from_db()
    with pytest.raises(DomainError, match="pas encore eu lieu"):
        gatherings.record_held(gathering=row, attended=4, seen=row.version, by=by)
    with clock.at(row.starts_at + dt.timedelta(hours=1)):
        seen = row.version
        gatherings.record_held(gathering=row, attended=4, seen=seen, by=by)
        with pytest.raises(Conflict):
            gatherings.record_held(gathering=row, attended=9, seen=seen, by=by)
        row.refresh_from_db()
        gatherings.record_held(gathering=row, attended=5, seen=row.version, by=by)
    row.refresh_from_db()
    assert (row.attended, row.taken, Registration.objects.count()) == (5, 0, 0)


def test_the_facilitator_types_the_number_and_reads_no_page_of_the_team(programme):
    person = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=person, role=ProgrammeRoleKind.FACILITATOR, by=referent_of(programme))
    row = plan(programme, days=-1)
    client, url = client_of(person), reverse("programmes:count_gathering", args=[row.ref])
    assert "Combien de personnes" in client.get(reverse("portal:my_space")).content.decode()
    client.post(url, {"attended": "12", "seen": row.version})
    row.refresh_from_db()
    assert row.attended == 12
    assert client.get(reverse("programmes:gatherings", args=[programme.slug])).status_code == 404
    assert client_of(make_person(programme.lead_employer)).get(url).status_code == 404


def test_registrations_that_nobody_counted_go_after_a_month(programme):
    row = plan(programme)
    gatherings.register(gathering=row, person=member(programme))
    with clock.at(row.starts_at + dt.timedelta(days=29)):
        assert gatherings.forget_old() == 0
    with clock.at(row.starts_at + dt.timedelta(days=31)):
        assert gatherings.forget_old() == 1
    row.refresh_from_db()
    assert row.taken == 0


# --- Dates ----------------------------------------------------------------------------------------------------------
def test_the_private_calendar_says_neither_title_nor_place(programme):
    row = plan(programme)
    today = clock.today(programme.time_zone)
    events = gather(CALENDAR, programme, today, today + dt.timedelta(days=30))
    assert [event.label for event in events if event.key == f"gathering-{row.ref}"] == ["Atelier : Atelier du mois"]
    file = agenda.write(programme.ref, events).decode()
    assert "temps collectif" in file and "mois" not in file and "Salle" not in file


def test_lists_make_as_many_queries_with_many_dates(programme):
    person = member(programme)
    for client, url in (
        (client_of(referent_of(programme)), reverse("programmes:gatherings", args=[programme.slug])),
        (client_of(person), reverse("programmes:my_gatherings")),
    ):
        assert_same_queries(lambda c=client, u=url: c.get(u), lambda: plan(programme))
