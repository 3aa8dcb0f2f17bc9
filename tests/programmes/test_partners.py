"""A shared programme: agents of partners may join, and no employer learns who."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from portal.models import OutgoingMail
from programmes.access import joinable_by
from programmes.enums import LetterState, ProgrammeRoleKind, Side
from programmes.models import Letter, Partner
from programmes.services import partners, rollout
from tests.builders import (
    bring_letter,
    client_of,
    make_employer,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today("Europe/Paris")


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def partner():
    return make_employer("phares")


def join(programme, partner, joined=TODAY):
    return partners.add(programme=programme, employer=partner, joined=joined, by=referent_of(programme))


def test_agents_of_a_partner_may_join_until_it_leaves(programme, partner):
    agent = make_person(partner)
    assert not joinable_by(agent).exists()
    row = join(programme, partner)
    assert joinable_by(agent).get() == programme
    part = make_participation(programme, person=agent)
    assert part.employer == partner
    partners.end(partner=row, by=referent_of(programme))
    assert not joinable_by(make_person(partner)).exists()
    part.refresh_from_db()
    assert part.state == "accepted", "whoever takes part goes on"


def test_an_employer_is_a_partner_once_and_may_come_back_later(programme, partner):
    row = join(programme, partner, TODAY - dt.timedelta(days=30))
    for again in (partner, programme.lead_employer):
        with pytest.raises(DomainError):
            join(programme, again)
    partners.end(partner=row, by=referent_of(programme))
    with pytest.raises(DomainError, match="déjà terminé"):
        partners.end(partner=row, by=referent_of(programme))
    with pytest.raises(DomainError, match="encore partenaire"):
        join(programme, partner)
    with clock.at(clock.now() + dt.timedelta(days=2)):
        join(programme, partner, TODAY + dt.timedelta(days=2))
    assert Partner.objects.filter(programme=programme).count() == 2


def test_nothing_is_told_to_an_employer_when_its_agent_joins(programme, partner):
    join(programme, partner)
    hr = make_person(partner, roles=("hr_signatory",))
    agent = make_person(partner, manager=make_person(partner))
    make_participation(programme, Side.HELPED, agent)
    assert set(OutgoingMail.objects.values_list("person", flat=True)) <= {agent.pk, referent_of(programme).pk}
    for name in ("evaluation:hr_reports", "programmes:hr_letters", "programmes:hr_expenses"):
        body = client_of(hr).get(reverse(name, args=[partner.slug])).content.decode()
        assert agent.given not in body and agent.family not in body


def test_hr_of_a_partner_reads_no_letter_of_another_employer(programme, partner):
    join(programme, partner)
    theirs = make_participation(programme, Side.HELPER, make_person(programme.lead_employer, "Interdite"))
    own = make_participation(programme, Side.HELPER, make_person(partner, "Permise"))
    for part in (theirs, own):
        bring_letter(part)
    client = client_of(make_person(partner, roles=("hr_signatory",)))
    body = client.get(reverse("programmes:hr_letters", args=[partner.slug])).content.decode()
    assert "Permise" in body and "Interdite" not in body
    letter = Letter.objects.get(participation=theirs, state=LetterState.IN_FORCE)
    assert client.get(reverse("programmes:hr_letter", args=[partner.slug, letter.ref])).status_code == 404
    lead = programme.lead_employer.slug
    assert client.get(reverse("programmes:hr_letters", args=[lead])).status_code == 404


def test_the_page_names_employers_and_nobody_else(programme, partner):
    client, url = client_of(referent_of(programme)), reverse("programmes:partners", args=[programme.slug])
    client.post(url, {"employer": "phares", "joined": TODAY.isoformat()})
    row = programme.partners.get()
    assert row.employer == partner
    make_participation(programme, person=make_person(partner, "Gwenn"))
    body = client.get(url).content.decode()
    assert partner.name in body and "Gwenn" not in body
    end = reverse("programmes:end_partner", args=[programme.slug, "phares"])
    assert client.get(end).status_code == 200 and programme.partners.get().left is None
    client.post(end)
    assert programme.partners.get().left == TODAY
    assert client.get(end).status_code == 404


@pytest.mark.parametrize("typed", ["Ville de phares", " VILLE de pharés ", "phares"])
def test_a_partner_is_found_by_its_exact_name(programme, partner, typed):
    assert partners.named(programme, typed) == partner


@pytest.mark.parametrize("typed", ["Ville", "phare", "%", "Ville de phares de mer"])
def test_nobody_browses_the_employers_of_the_portal(programme, partner, typed):
    url = reverse("programmes:partners", args=[programme.slug])
    client = client_of(referent_of(programme))
    assert partner.name not in client.get(url).content.decode()
    page = client.post(url, {"employer": typed, "joined": TODAY.isoformat()}).content.decode()
    assert "écrit exactement ainsi" in page and partner.name not in page.replace(typed, "")
    assert not programme.partners.exists()


def test_a_fictional_employer_is_no_partner_of_a_real_one(programme):
    make_employer("fictif", fictional=True)
    assert not partners.may_join(programme).filter(slug="fictif").exists()


def test_the_referent_alone_chooses_partners(programme, partner):
    join(programme, partner)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    people = [deputy, make_person(partner, roles=("hr_signatory",)), make_person(programme.lead_employer)]
    for url in (
        reverse("programmes:partners", args=[programme.slug]),
        reverse("programmes:end_partner", args=[programme.slug, partner.slug]),
    ):
        for person in people:
            assert client_of(person).post(url, {}).status_code == 404
    assert programme.partners.get().left is None
