"""From the home page into the portal, in a real browser, on a real server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import NARROW, SIZE, follow

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
    page = new_page(size=NARROW)
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    expect(page).to_have_title(re.compile("Résonance"))


def test_the_menu_of_a_small_screen_unfolds_without_a_script_nor_a_pointer(new_page):
    page = new_page("celeste", size=NARROW, java_script_enabled=False)
    page.goto("/mon-espace/")
    menu = page.get_by_role("navigation", name="Mon espace")
    opener, link = menu.locator("summary").first, menu.get_by_role("link", name="Mes données")
    expect(link).to_be_hidden()
    assert page.locator("header").bounding_box()["height"] < NARROW["height"] / 3
    opener.press("Enter")
    expect(link).to_be_visible()
    assert min(target.bounding_box()["height"] for target in (opener, link)) >= 44
    follow(link, "Enter")
    expect(link).to_be_hidden()
    expect(opener).to_contain_text("Vous êtes dans : Mes données")
    page.set_viewport_size(SIZE)
    expect(link).to_be_visible()
    expect(link).to_have_attribute("aria-current", "page")
    expect(opener).to_be_hidden()


def test_the_account_is_never_laid_over_the_name_of_the_product(new_page):
    page = new_page("celeste", size=NARROW)
    brand, account = page.locator(".brand"), page.locator(".tools > .menu")
    # 160 px stand for a text twice as large on the narrowest screen.
    for width in (160, 250, 320, 400, 640):
        page.set_viewport_size({"width": width, "height": 640})
        one, other = brand.bounding_box(), account.bounding_box()
        beside = one["x"] + one["width"] <= other["x"]
        assert beside or one["y"] + one["height"] <= other["y"], width


def test_a_long_page_is_folded_on_a_small_screen_and_whole_on_paper(new_page):
    page = new_page(size=NARROW, java_script_enabled=False)
    page.goto("/qui-voit-quoi/")
    follow(page.get_by_role("navigation", name="Dans cette page").get_by_role("link", name="Rôle par rôle"), "Enter")
    role = page.locator(".card-r", has=page.get_by_role("heading", name="Les ressources humaines"))
    said, opener = role.locator("p").first, role.locator("summary")
    expect(said).to_be_hidden()
    opener.press("Enter")
    expect(said).to_be_visible()
    opener.press("Enter")
    expect(said).to_be_hidden()
    # A4 between its margins, printed from a dark screen: all is there, up to the last column, in ink.
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 718, "height": 1000})
    expect(said).to_be_visible()
    table = page.get_by_role("table").bounding_box()
    assert table["x"] + table["width"] <= 718
    expect(page.locator("h1")).to_have_css("color", "rgb(29, 37, 48)")
