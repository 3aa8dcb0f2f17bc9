"""All pages that each demo person can reach by links, on the whole demonstration."""

import pytest
from django.test import Client

from portal import demo
from tests.crawler import report, walk

PEOPLE = [person.personne for employer in demo.people() for person in employer.people]


class TestDemoPages:
    @pytest.mark.parametrize("personne", PEOPLE)
    def test_every_page_of_a_demo_person_is_sound(self, personne, demonstration):
        client = Client()
        entered = client.post("/demo/entrer/", {"personne": personne})
        assert entered.status_code == 302
        found = dict(walk(client, entered.headers["Location"], "/", "/compte/"))
        assert len(found) > 3
        assert not report(found), f"{personne}\n{report(found)}"


def test_the_demonstration_has_people():
    assert len(PEOPLE) > 10
