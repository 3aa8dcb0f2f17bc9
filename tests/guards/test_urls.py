"""Closed by default, and docs/access.yml says who may use what: the code and the page agree both ways."""

import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from scripts.registry import Route, listed_routes, routes

AUDIENCES = {
    *("public", "signed-in", "agent", "self", "member", "pair-referee"),
    *("referent", "deputy", "hr", "administrator", "dpo", "supervisor", "network"),
}
# Whoever enters as one of these sees other people.
SEES_PEOPLE = {"pair-referee", "referent", "deputy", "hr", "administrator", "dpo", "supervisor", "network"}
OURS = ("portal.", "programmes.", "pairing.", "evaluation.")
SAMPLES = {
    "slug": "rien",
    "digest": "0" * 12,
    "SlugConverter": "rien",
    "StringConverter": "rien",
    "UUIDConverter": uuid.UUID(int=1),
    "IntConverter": 1,
    "PathConverter": "rien",
    "regex": "rien",
}
ROUTES = routes()


def address(route: Route) -> str:
    """A real address of the route, about an object that does not exist."""
    arguments = {name: SAMPLES.get(name, SAMPLES.get(converter)) for name, converter in route.parameters}
    return reverse(route.name, kwargs=arguments)


def test_every_address_is_in_the_access_page_and_nothing_else_is():
    assert {route.path: route.name for route in ROUTES} == {
        path: entry["name"] for path, entry in listed_routes().items()
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_the_access_page_tells_the_truth(route):
    entry = listed_routes().get(route.path)
    assert entry, "not in docs/access.yml"
    assert set(entry["who"]) <= AUDIENCES and entry["who"]
    assert (entry["who"] == ["public"]) == route.public
    assert isinstance(entry["second_factor"], bool)
    assert entry["second_factor"] == bool(set(entry["who"]) & SEES_PEOPLE)
    if route.view.__module__.startswith(OURS):
        assert route.methods, "the view does not say which methods it accepts"
    if route.methods:
        assert set(entry["methods"]) == route.methods


def test_login_is_required_unless_a_view_says_otherwise():
    middleware = settings.MIDDLEWARE
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in middleware


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ROUTES if not route.public], ids=lambda route: route.path)
def test_a_visitor_is_sent_to_the_sign_in_page(client, route):
    for method in listed_routes()[route.path]["methods"]:
        response = client.generic(method, address(route))
        assert response.status_code in (302, 404), f"{method} {response.status_code}"
        if response.status_code == 302:
            assert response.headers["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ROUTES if route.public], ids=lambda route: route.path)
def test_a_public_page_answers_a_visitor(client, route):
    for method in listed_routes()[route.path]["methods"]:
        response = client.generic(method, address(route))
        expected = (200, 302, 403, 404, 410) if route.parameters or method == "POST" else (200, 302)
        assert response.status_code in expected, f"{method} {response.status_code}"
        assert "/compte/connexion/" not in response.headers.get("Location", "") or "compte" in route.path


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_not_found(client):
    assert client.get("/n-existe-pas/").status_code == 404
