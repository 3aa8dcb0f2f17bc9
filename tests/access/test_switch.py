"""RH and référent in one person: two spaces, one at a time, passed into on purpose and journaled (decision 17)."""

import pytest
from django.urls import reverse

from portal.enums import Verb
from portal.models import JournalEntry
from tests.builders import client_of, make_employer, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def both():
    employer = make_employer()
    person = make_person(employer, "Andrea", roles=("hr_reader",))
    programme = make_programme(employer, referent=person)
    return person, programme, reverse("programmes:home", args=[programme.slug]), f"/rh/{employer.slug}/rapports/"


def test_the_other_space_opens_after_an_explicit_passage_only(both):
    person, programme, pilotage, hr = both
    client = client_of(person)
    assert client.get(pilotage).status_code == 200
    stopped = client.get(hr)
    assert stopped.url.startswith(f"/espaces/{programme.lead_employer.slug}/hr/")
    assert "Passer dans" in client.get(stopped.url).content.decode()
    assert client.get(hr).status_code == 302, "reading the page is no passage"
    assert client.post(stopped.url).url == hr
    assert client.get(hr).status_code == 200
    back = client.get(pilotage)
    assert back.url.startswith(f"/espaces/{programme.lead_employer.slug}/pilotage/")
    client.post(back.url)
    assert client.get(pilotage).status_code == 200
    verbs = JournalEntry.objects.filter(actor_ref=person.ref, verb=Verb.SWITCHED_SPACE)
    assert verbs.count() == 2


def test_the_passage_never_leaves_the_portal(both):
    person, programme, _, _ = both
    url = reverse("portal:switch_space", args=[programme.lead_employer.slug, "hr"])
    assert client_of(person).post(f"{url}?next=https://ailleurs.invalid/").url == f"/rh/{programme.lead_employer.slug}/"


@pytest.mark.parametrize("key", ["hr", "pilotage", "administration"])
def test_nobody_else_has_a_passage(both, key):
    _, programme, _, _ = both
    employer = programme.lead_employer
    only = [
        referent_of(make_programme(employer)),
        make_person(employer, roles=("hr_signatory",)),
        make_person(employer),
    ]
    url = reverse("portal:switch_space", args=[employer.slug, key])
    assert [client_of(person).get(url).status_code for person in only] == [404, 404, 404]


def test_one_role_meets_no_passage():
    programme = make_programme()
    assert client_of(referent_of(programme)).get(programme.get_absolute_url()).status_code == 200
    hr = make_person(programme.lead_employer, roles=("hr_signatory",))
    assert client_of(hr).get(f"/rh/{programme.lead_employer.slug}/rapports/").status_code == 200
