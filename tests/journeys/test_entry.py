"""From the home page into the portal, in a real browser, on a real server."""

import re

import pytest
from playwright.sync_api import expect

SERVER = {"prepare": "build_demo"}
pytestmark = pytest.mark.browser


def test_a_visitor_reads_the_home_page_and_enters_as_a_demo_person(new_page):
    page = new_page("claude")
    expect(page.locator("h1")).to_have_count(1)
    assert "/pilotage/" in page.url or "/mon-espace/" in page.url
    page.goto("/compte/")
    expect(page.locator("main")).to_be_visible()


def test_two_people_stay_apart_in_two_windows(new_page):
    claude, camille = new_page("claude"), new_page("camille")
    for page, own, other in ((claude, "Rivoire", "Besson"), (camille, "Besson", "Rivoire")):
        page.goto("/mes-donnees/")
        expect(page.locator("main")).to_contain_text(own)
        expect(page.locator("main")).not_to_contain_text(other)


def test_the_home_page_has_no_sideways_scroll_on_a_small_screen(new_page):
    page = new_page(size={"width": 320, "height": 640})
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page).to_have_title(re.compile("Résonance"))
