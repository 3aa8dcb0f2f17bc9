"""Scene 5: Céleste notes a meeting in one tap, changes without a reason, withdraws in two clicks; on the day nothing is left."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW, follow
from tests.worlds import REFERENT, TICKED, WITHDRAWN

SERVER = {"prepare": "tests.worlds:somebody_who_will_leave"}
pytestmark = pytest.mark.browser
ON_THE_DAY = "from tests.worlds import on_the_day; print('left', on_the_day())"
MISS = "Non, cela ne me convient pas"


def fits(page: Page) -> None:
    """Nothing wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def one_tap_then_details(celeste: Page) -> None:
    celeste.goto("/mon-espace/")
    fits(celeste)
    follow(celeste.get_by_role("button", name="Nous nous sommes vus aujourd’hui"))
    expect(celeste.get_by_text("C’est noté.")).to_be_visible()
    fits(celeste)
    follow(celeste.get_by_role("region", name="Nos rencontres").locator("ul a").first)
    celeste.get_by_label("Durée en minutes").fill("45")
    celeste.get_by_label(TICKED).check()
    fits(celeste)
    follow(celeste.get_by_role("button", name="Enregistrer"))
    expect(celeste.get_by_role("region", name="Nos rencontres")).to_contain_text(TICKED)


def three_doors_then_change(celeste: Page) -> None:
    follow(celeste.get_by_role("button", name=MISS))
    doors = celeste.get_by_role("region", name="Après cette première rencontre")
    for door in ("En parler à quelqu’un", "Changer", "Arrêter"):
        expect(doors.get_by_role("link", name=door, exact=True)).to_be_visible()
    follow(doors.get_by_role("link", name="Changer", exact=True))
    expect(celeste.get_by_role("textbox")).to_have_count(0)
    expect(celeste.locator("main input[type=radio], main input[type=checkbox], main select")).to_have_count(0)
    fits(celeste)
    follow(celeste.locator("main form button[type=submit]"))
    expect(celeste.get_by_text("C’est noté, sans raison à donner.")).to_be_visible()
    expect(celeste.get_by_role("region", name="Merci pour ce chemin")).to_be_visible()
    fits(celeste)


def what_sacha_reads(sacha: Page) -> str:
    """The helper’s home page, then the pair’s; the address of the pair."""
    sacha.goto("/mon-espace/")
    card = sacha.locator(".card-r", has_text="Votre binôme est terminé")
    expect(card).to_contain_text("Céleste a souhaité changer. Ce n’est pas un jugement.")
    expect(card).to_contain_text("Un temps avec le superviseur est possible.")
    follow(card.get_by_role("link", name="Ouvrir"))
    expect(sacha.get_by_role("link", name="Demander ce temps")).to_be_visible()
    expect(sacha.locator("main")).not_to_contain_text(MISS)
    fits(sacha)
    return sacha.url


def what_the_referent_reads(referent: Page) -> None:
    home = "/pilotage/ormeval/"
    referent.goto(home)
    expect(referent.locator("main")).to_contain_text("1 personne est à proposer à nouveau")
    _says_nothing(referent)
    referent.goto(f"{home}binomes/")
    _says_nothing(referent)
    follow(referent.locator("main").get_by_role("link", name="Céleste").first)
    expect(referent.locator("main")).to_contain_text("souhait de changer")
    _says_nothing(referent)


def _says_nothing(page: Page) -> None:
    for word in (TICKED, MISS, "45\N{NO-BREAK SPACE}min"):
        expect(page.locator("body")).not_to_contain_text(word)


def leave_in_two_clicks(celeste: Page) -> str:
    """The day announced."""
    celeste.goto("/mes-donnees/")
    follow(celeste.get_by_role("link", name="Me retirer"))
    expect(celeste.get_by_role("heading", name="Ce qui part ensuite, et quand")).to_be_visible()
    expect(celeste.locator(".confirm strong")).to_have_count(2)
    follow(celeste.get_by_role("button", name="Me retirer"))
    expect(celeste.get_by_text("C’est fait : votre participation est retirée.")).to_be_visible()
    expect(celeste.get_by_role("textbox")).to_have_count(0)
    celeste.goto("/mes-donnees/")
    follow(celeste.get_by_role("link", name="Effacer mes données"))
    expect(celeste.get_by_role("heading", name="Ce qui reste")).to_be_visible()
    button = celeste.get_by_role("button", name="Effacer mes données le")
    announced = button.inner_text().removeprefix("Effacer mes données le ")
    follow(button)
    expect(celeste.get_by_role("heading", name=f"Vos données seront effacées le {announced}")).to_be_visible()
    return announced


def test_celeste_logs_in_one_tap_changes_then_leaves_and_is_erased_on_the_day(new_page, server):
    celeste, sacha = new_page(given="Céleste", size=NARROW), new_page(given="Sacha", size=NARROW)
    one_tap_then_details(celeste)
    three_doors_then_change(celeste)
    pair = what_sacha_reads(sacha)
    what_the_referent_reads(new_page(given=REFERENT))
    announced = leave_in_two_clicks(celeste)

    said = server.manage("shell", "-c", ON_THE_DAY)
    assert f"left {announced} nothing" in said, said
    for file in (server.folder / "courrier").glob("*.eml"):
        text = file.read_text()
        assert not any(word in text for word in (WITHDRAWN, TICKED, MISS))
    assert celeste.goto("/mes-donnees/").url.endswith("/compte/connexion/?next=/mes-donnees/"), "the account is gone"
    # Six days later everybody signs in again.
    (server.folder / "windows.json").unlink()
    sacha = new_page(given="Sacha", size=NARROW)
    sacha.goto(pair)
    expect(sacha.locator("main")).to_contain_text("ancien·ne participant·e")
    expect(sacha.locator("main")).not_to_contain_text("Céleste")
    expect(sacha.locator("main")).to_contain_text("45\N{NO-BREAK SPACE}min")
