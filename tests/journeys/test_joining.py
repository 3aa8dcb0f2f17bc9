"""Joining at 320 px with the keyboard alone; a session that ends at the third page and comes back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW, follow

SERVER = {"prepare": "build_demo"}
pytestmark = pytest.mark.browser
WORDS = "CANARI repris après un changement"
OTHER = "camille"


def press(page: Page, target, key: str = "Enter") -> None:
    """Reached by Tab from where the keyboard is, then pressed: never a pointer."""
    handle = target.element_handle()
    for _ in range(120):
        if handle.evaluate("one => one === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def go_on(page: Page) -> None:
    here = page.locator(".page-over").inner_text()
    with page.expect_navigation(wait_until="domcontentloaded"):
        press(page, page.get_by_role("button", name="Continuer"))
    expect(page.locator(".page-over")).not_to_have_text(here)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_an_agent_joins_at_320_px_with_the_keyboard_alone(new_page):
    page = new_page("ines", size=NARROW)
    page.goto("/participer/brumeval/accompagner/")
    before = page.locator("main").inner_text()
    assert before.index("pas pourquoi") < before.index("Que souhaitez-vous")
    go_on(page)
    press(page, page.get_by_label("Motivation et confiance"), "Space")
    go_on(page)
    press(page, page.get_by_label("Quelques mots, si vous le souhaitez"), "End")
    page.keyboard.type(WORDS)
    go_on(page)
    press(page, page.get_by_label("Par téléphone"), "Space")
    press(page, page.get_by_label("Mardi matin"), "Space")
    go_on(page)
    go_on(page)
    preview = page.locator("#apercu section").first
    expect(preview).not_to_contain_text(WORDS)
    press(page, page.get_by_label("La personne avec qui je serai"), "Space")
    expect(preview).to_contain_text(WORDS)
    go_on(page)
    press(page, page.get_by_label("J’ai traversé moi-même"), "Space")
    press(page, page.get_by_label("J’ai compris qui voit quoi"), "Space")
    go_on(page)
    press(page, page.get_by_role("button", name="Envoyer"))
    expect(page.locator("main")).to_contain_text("C’est bien reçu")
    page.goto("/mon-espace/")
    expect(page.locator("main")).to_contain_text("Ma proposition d’accompagner")


def test_a_session_that_ends_at_the_third_page_loses_nothing_and_shows_nothing(new_page):
    page = new_page("ines")
    page.goto("/participer/brumeval/etre-accompagne/")
    for _ in range(2):
        follow(page.get_by_role("button", name="Continuer"))
    page.get_by_label("Quelques mots, si vous le souhaitez").fill(WORDS)
    page.context.clear_cookies(name="resonance")
    follow(page.get_by_role("button", name="Continuer"))
    expect(page).to_have_url(re.compile("/compte/connexion/"))
    expect(page.locator("body")).to_contain_text("Ce que vous aviez saisi est gardé")
    expect(page.locator("body")).not_to_contain_text(WORDS)
    # Somebody else signs in on this browser, and goes where the first one was.
    page.goto("/")
    follow(page.locator(f'button[value="{OTHER}"]').first)
    for address in ("moi/", "", "qui-voit-quoi/"):
        page.goto(f"/participer/brumeval/inscription/{address}")
        assert WORDS not in page.content()
    # The author comes back, on another browser.
    back = new_page("ines")
    back.goto("/mon-espace/")
    follow(back.get_by_role("link", name="Reprendre"))
    expect(back.locator("main")).to_contain_text("Rien n’est perdu")
    expect(back.get_by_label("Quelques mots, si vous le souhaitez")).to_have_value(WORDS)


def test_the_warning_that_the_session_ends_never_hides_the_page_at_400_percent(new_page):
    page = new_page("ines", size={"width": 320, "height": 256})
    page.clock.install()
    page.goto("/participer/brumeval/etre-accompagne/")
    page.clock.fast_forward("07:57:00")
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("se termine bientôt")
    top = warning.bounding_box()["y"]
    assert top > 256 / 3
    field = page.get_by_label("Je ne sais pas encore")
    field.focus()
    assert field.bounding_box()["y"] + field.bounding_box()["height"] <= top
