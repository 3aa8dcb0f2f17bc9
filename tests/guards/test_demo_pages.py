"""All pages that each demo person can reach by links, on the whole demonstration."""

import pytest
from django.test import Client

from portal import demo
from tests.crawler import SAME_ROUTE, report, walk

PEOPLE = [person.personne for employer in demo.people() for person in employer.people]


class TestDemoPages:
    @pytest.mark.parametrize("personne", PEOPLE)
    def test_every_page_of_a_demo_person_is_sound(self, personne, demonstration):
        every_page_is_sound(personne, same_route=SAME_ROUTE)

    @pytest.mark.long
    @pytest.mark.parametrize("personne", PEOPLE)
    def test_every_page_is_sound_whatever_the_row_of_a_list(self, personne, demonstration):
        every_page_is_sound(personne, same_route=500)


def every_page_is_sound(personne: str, *, same_route: int) -> None:
    client = Client()
    entered = client.post("/demo/entrer/", {"personne": personne})
    assert entered.status_code == 302
    found = dict(walk(client, entered.headers["Location"], "/", "/compte/", same_route=same_route))
    assert len(found) > 3
    assert not report(found), f"{personne}\n{report(found)}"


def test_the_demonstration_has_people():
    assert len(PEOPLE) > 10
