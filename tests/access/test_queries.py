"""Lists cost the same number of queries with one row and with three."""

import pytest
from django.test import Client
from django.urls import reverse

from pairing.services import pairs
from portal.models import Person, User
from programmes.enums import Side
from tests.builders import (
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


def reading(client: Client, url: str):
    def read() -> None:
        assert client.get(url).status_code == 200

    return read


@pytest.mark.parametrize("side", [Side.HELPED, Side.HELPER])
def test_requests(side):
    programme = make_programme()
    url = reverse("programmes:requests", args=[programme.slug])
    read = reading(client_of(referent_of(programme)), url)
    assert_same_queries(read, lambda: make_participation(programme, side))


@pytest.mark.parametrize("page", ["pairing:pairs", "pairing:propose"])
def test_pairs(page):
    programme = make_programme()
    make_participation(programme, Side.HELPER)
    make_participation(programme, Side.HELPED)
    read = reading(client_of(referent_of(programme)), reverse(page, args=[programme.slug]))
    assert_same_queries(read, lambda: make_pair(programme))


def test_pairs_entrusted():
    programme = make_programme()
    referee = make_person(programme.lead_employer)
    read = reading(client_of(referee), reverse("pairing:refereed"))
    assert_same_queries(
        read, lambda: pairs.entrust(pair=make_pair(programme), referee=referee, by=referent_of(programme))
    )


def test_the_agents_home_page_with_pairs_and_programmes():
    employer = make_employer()
    person = make_person(employer)

    def another_pair() -> None:
        programme = make_programme(employer)
        make_pair(programme, helper=make_participation(programme, Side.HELPER, person))

    assert_same_queries(reading(client_of(person), reverse("portal:my_space")), another_pair)


def test_my_programmes():
    employer = make_employer()
    referent = make_person(employer, roles=("referent",))
    read = reading(client_of(referent), reverse("programmes:mine"))
    assert_same_queries(read, lambda: make_programme(employer, referent=referent))


def test_accounts_of_an_employer():
    employer = make_employer()
    admin = make_person(employer, roles=("administrator",))
    read = reading(client_of(admin), reverse("portal:accounts", args=[employer.slug]))
    assert_same_queries(read, lambda: make_person(employer))


def test_my_data_with_readings_by_several_people():
    programme = make_programme()
    row = make_participation(programme)

    def somebody_reads() -> None:
        Person.objects.create(user=User.objects.create_user(f"x{Person.objects.count()}@exemple.invalid"), given="X")
        referent = make_person(programme.lead_employer)
        programme.roles.create(person=referent, role="referent", starts=programme.starts)
        client_of(referent).get(reverse("programmes:participation", args=[programme.slug, row.ref]))

    assert_same_queries(reading(client_of(row.person), reverse("portal:my_data")), somebody_reads)
