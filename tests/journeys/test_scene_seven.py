"""Scene 7: a worrying sentence while the référent is away; the deputy receives, relays, closes. Then level 4."""

import pytest
from playwright.sync_api import Page, expect

from tests import support_worlds as world
from tests.browser import NARROW, follow

SERVER = {"prepare": "tests.support_worlds:while_the_referent_is_away"}
pytestmark = pytest.mark.browser
HOME = f"/pilotage/{world.SLUG}/"
NUMBERS = ("15", "112", "114", "3114")
# What stands on the page in the order a reader meets it: numbers to call, boxes to fill.
ORDER = """() => [...document.querySelectorAll("main a[href^='tel:'], main a[href^='sms:'], main input, main select")]
    .filter(one => one.type !== "hidden" && one.checkVisibility())
    .map(one => one.tagName === "A" ? one.querySelector("strong")?.innerText ?? "contact" : "asks")"""


def met(page: Page) -> list[str]:
    return page.evaluate(ORDER)


def write(page: Page) -> str:
    """From the home page of a phone to a message sent; the address of the message."""
    page.goto("/mon-espace/")
    card = page.locator("section.card-r", has_text="Besoin d’un appui ?")
    follow(card.get_by_role("link", name="Ouvrir"))
    follow(page.get_by_role("link", name="Une situation m’inquiète"))
    expect(page.locator("main")).to_contain_text("Ce n’est pas un service d’urgence")
    assert met(page)[:4] == list(NUMBERS)
    expect(page.get_by_text(f"{world.DEPUTY} N., qui prend le relais")).to_be_visible()
    follow(page.get_by_role("link", name="Écrire pour ce risque"))
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    assert met(page)[:5] == [*NUMBERS, "asks"]
    page.get_by_label("La confidentialité rompue").check()
    follow(page.get_by_role("button", name="Envoyer"))
    expect(page.get_by_text("Votre message est bien arrivé")).to_be_visible()
    return page.url


def take_over(page: Page) -> None:
    """The deputy learns that something waits, and reads it once the relay is taken."""
    page.goto(HOME)
    follow(page.get_by_role("link", name="Ouvrir").first)
    expect(page.get_by_text("Prenez le relais pour lire ce qui attend")).to_be_visible()
    expect(page.get_by_text(world.SENDER)).to_have_count(0)
    follow(page.get_by_role("link", name="Prendre le relais"))
    follow(page.get_by_role("button", name="Prendre le relais"))
    page.goto(f"{HOME}appuis/")
    expect(page.get_by_text(f"Écrit par {world.SENDER} N.")).to_be_visible()


def relay_and_close(page: Page) -> None:
    follow(page.get_by_role("link", name="Ouvrir le message de niveau 3"))
    expect(page.get_by_text("Délai visé")).to_be_visible()
    page.get_by_label("Dispositif de signalement").check()
    follow(page.get_by_role("button", name="Noter le relais"))
    expect(page.get_by_text("C’est noté")).to_be_visible()
    follow(page.get_by_role("button", name="Clore le message"))
    expect(page.get_by_text("La personne en est prévenue")).to_be_visible()
    expect(page.get_by_text(world.HELPED)).to_have_count(0)


def test_a_worrying_sentence_while_the_referent_is_away(new_page, server):
    sender = new_page(given=world.SENDER, size=NARROW)
    message = write(sender)
    deputy = new_page(given=world.DEPUTY)
    take_over(deputy)
    relay_and_close(deputy)
    sender.goto(message)
    expect(sender.get_by_text("Votre message est clos, un débriefing vous est proposé.")).to_be_visible()
    # The deputy's access was opened, and the sender reads it.
    sender.goto("/mes-donnees/")
    sender.locator("summary", has_text="Qui a ouvert ma fiche").click()  # folded on a phone
    expect(sender.get_by_text("a pris le relais").first).to_be_visible()
    # Level 4: the numbers, and nothing asked.
    sender.goto(f"/appui/{world.SLUG}/inquietude/4/")
    assert met(sender)[:4] == list(NUMBERS) and "asks" not in met(sender)
    expect(sender.get_by_text("Ne restez pas seul·e").first).to_be_visible()
    # Of the person concerned, nothing: neither in a row of the messages, nor in a mail that left.
    kept = server.rows("select * from pairing_alert")
    assert len(kept) == 1 and world.HELPED not in str(kept)
