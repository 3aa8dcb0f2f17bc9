"""Open community and groups: entered after reading the rules, left in two clicks; nobody reads who is in."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail
from portal.registry import AGREEMENT, CARD, PERSONAL_DATA, gather
from portal.services import my_data
from programmes.models import Membership
from programmes.services import community, erasure, gatherings, participation, partners, retention
from tests.builders import (
    client_of,
    make_employer,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme(forms=["community", "pair"])


def join(programme, person=None, form="community"):
    person = person or make_person(programme.lead_employer)
    return community.join(programme=programme, person=person, form=form, rules_read=True)


def share(programme, name="Office des Phares"):
    partner = make_employer(name=name)
    today = clock.today(programme.time_zone)
    partners.add(programme=programme, employer=partner, joined=today, by=referent_of(programme))
    return partner


# --- Entering -------------------------------------------------------------------------------------------------------
def test_an_agent_of_the_lead_or_of_a_partner_reads_the_rules_and_enters(programme):
    partner = share(programme)
    for employer in (programme.lead_employer, partner):
        client = client_of(make_person(employer))
        url = reverse("programmes:join_group", args=[programme.slug, "communaute"])
        page = client.get(url).content.decode()
        assert all(rule in page for rule in community.rules())
        refused = client.post(url, {})
        assert refused.status_code == 200 and "error" in refused.content.decode()
        there = client.post(url, {"rules_read": "on"}, follow=True)
        assert "Bienvenue" in there.content.decode() and "Partir" in there.content.decode()
    assert Membership.objects.filter(left_on=None, rules=community.version()).count() == 2


def test_nobody_enters_from_elsewhere_nor_by_a_door_that_is_closed(programme):
    stranger = client_of(make_person(make_employer()))
    url = reverse("programmes:join_group", args=[programme.slug, "communaute"])
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {"rules_read": "on"}).status_code == 404
    agent = client_of(make_person(programme.lead_employer))
    for door in ("groupe", "autre"):
        assert agent.get(reverse("programmes:join_group", args=[programme.slug, door])).status_code == 404
    with pytest.raises(DomainError, match="forme de soutien"):
        join(programme, form="open_group")
    with pytest.raises(DomainError, match="règles"):
        community.join(
            programme=programme, person=make_person(programme.lead_employer), form="community", rules_read=False
        )
    assert not Membership.objects.exists()


def test_sent_twice_is_one_membership_and_coming_back_finds_it_again(programme):
    person = make_person(programme.lead_employer)
    row = join(programme, person)
    assert join(programme, person) == row
    community.leave(membership=row, by=person)
    assert join(programme, person) == row
    assert community.mine(person).count() == Membership.objects.count() == 1


def test_an_open_group_is_a_door_of_its_own():
    programme = make_programme(forms=["community", "open_group"])
    person = make_person(programme.lead_employer)
    join(programme, person), join(programme, person, "open_group")
    page = client_of(person).get(reverse("programmes:join", args=[programme.slug])).content.decode()
    assert page.count("Ouvrir") == 2


# --- Leaving --------------------------------------------------------------------------------------------------------
def test_leaving_takes_two_clicks_and_gives_the_seats_back(programme):
    person = make_person(programme.lead_employer)
    row = join(programme, person)
    soon = clock.now() + dt.timedelta(days=3)
    workshop = gatherings.plan(
        programme=programme, kind="workshop", title="Atelier", starts_at=soon, minutes=60, place="Salle 1", seats=1,
        by=referent_of(programme),
    )  # fmt: skip
    gatherings.register(gathering=workshop, person=person)
    client, url = client_of(person), reverse("programmes:leave_group", args=[row.ref])
    assert "Qui le saura" in client.get(url).content.decode()
    assert "plus membre" in client.post(url, follow=True).content.decode()
    workshop.refresh_from_db()
    assert (workshop.taken, workshop.registrations.count()) == (0, 0)
    assert client.get(url).status_code == 404
    with pytest.raises(DomainError, match="plus membre"):
        community.leave(membership=row, by=person)


def test_whoever_also_takes_part_otherwise_keeps_their_seat(programme):
    person = make_person(programme.lead_employer)
    row = join(programme, person)
    part = make_participation(programme, person=person)
    soon = clock.now() + dt.timedelta(days=3)
    workshop = gatherings.plan(
        programme=programme, kind="workshop", title="Atelier", starts_at=soon, minutes=60, place="Salle 1",
        by=referent_of(programme),
    )  # fmt: skip
    gatherings.register(gathering=workshop, person=person)
    community.leave(membership=row, by=person)
    assert workshop.registrations.count() == 1
    participation.withdraw(participation=part, by=person)
    assert workshop.registrations.count() == 0


def test_only_the_member_leaves_for_the_member(programme):
    row = join(programme)
    with pytest.raises(Refused):
        community.leave(membership=row, by=referent_of(programme))
    other = client_of(make_person(programme.lead_employer))
    for name in ("membership", "leave_group"):
        assert other.get(reverse(f"programmes:{name}", args=[row.ref])).status_code == 404


# --- Who sees -------------------------------------------------------------------------------------------------------
def test_nobody_of_the_team_nor_of_rh_meets_a_members_name(programme):
    partner = share(programme)
    members = [make_person(employer, "Zéphyrine") for employer in (programme.lead_employer, partner)]
    hr = [make_person(employer, roles=("hr_signatory",)) for employer in (programme.lead_employer, partner)]
    referent = client_of(referent_of(programme))
    pages = ["home", "requests", "partners", "gatherings", "team", "outreach"]
    urls = [reverse(f"programmes:{name}", args=[programme.slug]) for name in pages]
    readers = [(referent, url) for url in urls]
    for person, employer in zip(hr, (programme.lead_employer, partner), strict=True):
        for name in ("portal:hr_home", "evaluation:hr_reports"):
            readers.append((client_of(person), reverse(name, args=[employer.slug])))
    before = [client.get(url, follow=True).content.decode() for client, url in readers]
    mails = OutgoingMail.objects.count()
    for member in members:
        join(programme, member)
    after = [client.get(url, follow=True).content.decode() for client, url in readers]
    assert [body(page) for page in after] == [body(page) for page in before]
    assert not any("Zéphyrine" in page for page in after)
    assert OutgoingMail.objects.count() == mails


def body(page):
    """Without what a page draws anew each time."""
    return "\n".join(line for line in page.split("\n") if "csrf" not in line and "receipt" not in line)


def test_no_employer_is_written_with_a_membership(programme):
    partner = share(programme)
    member = make_person(partner)
    join(programme, member)
    assert "employer" not in {field.name for field in Membership._meta.fields}
    entry = JournalEntry.objects.get(label="programmes.Membership")
    assert entry.employer_ref is None and entry.actor_ref == member.ref


# --- One's own data -------------------------------------------------------------------------------------------------
def test_the_member_reads_takes_away_and_takes_back(programme):
    person = make_person(programme.lead_employer)
    row = join(programme, person)
    assert any("communauté" in name for one in gather(PERSONAL_DATA, person) for name, _ in one.rows)
    assert my_data.export(person=person)["donnees"]["programmes.Membership"][0]["form"] == "communauté"
    urls = [one.url for one in gather(AGREEMENT, person)]
    assert reverse("programmes:leave_group", args=[row.ref]) in urls
    assert [card.url for card in gather(CARD, person)].count(row.get_absolute_url()) == 1


def test_erasure_keeps_a_count_and_no_person(programme):
    person = make_person(programme.lead_employer)
    row = join(programme, person)
    erasure.erase(person=person)
    row.refresh_from_db()
    assert (row.person, row.left_on) == (None, clock.today("Europe/Paris"))


def test_six_months_after_leaving_nothing_says_who(programme):
    here, gone = join(programme), join(programme)
    community.leave(membership=gone, by=gone.person)
    with clock.at(clock.now() + dt.timedelta(days=182)):
        assert retention.memberships() == 0
    with clock.at(clock.now() + dt.timedelta(days=185)):
        assert retention.memberships() == 1
    here.refresh_from_db(), gone.refresh_from_db()
    assert here.person and not gone.person
