"""The pilotage menu: short, and every page of a programme under one of its entries that its reader may open."""

import pytest
from django.test import RequestFactory
from django.urls import get_resolver

from portal.navigation import Space, navigation
from programmes.access import opens
from programmes.enums import ProgrammeRoleKind
from tests import builders

pytestmark = pytest.mark.django_db
HOME = "pilotage/<slug:slug>/"


def menu(path, *, roles=(ProgrammeRoleKind.REFERENT,), programme):
    request = RequestFactory().get(path)
    request.person = None
    request.space = Space("pilotage", "Pilotage", programme, frozenset(roles))
    return navigation(request)


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith(HOME):
            yield route


def sections():
    """The first word after the programme: one part of its space."""
    return sorted({route[len(HOME) :].split("/")[0] for route in routes(get_resolver().url_patterns)} - {""})


def test_every_page_of_a_programme_hangs_under_an_entry_other_than_the_dashboard():
    programme = builders.make_programme()
    home = f"/pilotage/{programme.slug}/"
    lost = [part for part in sections() if menu(f"{home}{part}/", programme=programme).current == home]
    assert len(sections()) > 20
    assert not lost


def test_the_menu_stays_short_and_a_group_holds_its_links_in_order():
    programme = builders.make_programme()
    chrome = menu(f"/pilotage/{programme.slug}/depenses/", programme=programme)
    assert [entry.title for entry in chrome.entries] == [
        "Tableau de bord",
        "Les six étapes",
        "Participants",
        "Évaluer",
        "Le programme",
    ]
    assert chrome.current_group == "Le programme"
    ranks = [link.rank for entry in chrome.entries for link in entry.links]
    assert ranks == sorted(ranks)


def test_past_pairs_hang_under_the_pairs():
    programme = builders.make_programme()
    chrome = menu(f"/pilotage/{programme.slug}/reprise/confirmer/", programme=programme)
    assert chrome.current == f"/pilotage/{programme.slug}/binomes/"


@pytest.mark.parametrize("role", [ProgrammeRoleKind.REFERENT, ProgrammeRoleKind.DEPUTY])
def test_nobody_is_offered_a_page_that_would_answer_nothing(role):
    programme = builders.make_programme()
    chrome = menu(f"/pilotage/{programme.slug}/", roles=(role,), programme=programme)
    assert not [link.label for link in chrome.links if not opens(link.url, {role})]
