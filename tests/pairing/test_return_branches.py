"""Whom to ask before coming back: a page for each branch of the public service, and no rule of another."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

OWN_WORDS = {
    "fpe": ("votre administration", "ressources humaines de proximité"),
    "fpt": ("médecine préventive", "centre de gestion", "collectivité"),
    "fph": ("code du travail", "établissement"),
}


@pytest.mark.parametrize("branch", OWN_WORDS)
def test_each_branch_says_whom_to_ask_and_no_rule_of_another(client, branch):
    page = client.get(reverse("pairing:whom_to_ask", args=[branch])).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    for other, words in OWN_WORDS.items():
        for word in words:
            assert (word in main) == (other == branch), (branch, word)
    points = main.count("À vérifier auprès")
    assert points >= 3 and not re.search(r"\d+\s*jours", main)


def test_there_is_no_fourth_branch(client):
    assert client.get("/reprendre/autre/").status_code == 404
