"""Scene 5, its end: Céleste withdraws in two clicks, reads what goes and when; on the day announced nothing is left."""

import pytest
from playwright.sync_api import expect

from tests.worlds import WITHDRAWN

SERVER = {"prepare": "tests.worlds:somebody_who_will_leave"}
pytestmark = pytest.mark.browser
ON_THE_DAY = "from tests.worlds import on_the_day; print('left', on_the_day())"


def test_celeste_leaves_in_two_clicks_and_is_erased_on_the_day(new_page, server):
    celeste, sacha = new_page(given="Céleste"), new_page(given="Sacha")
    sacha.goto("/mon-espace/")
    sacha.locator(".card-r", has_text="Mon binôme avec").get_by_role("link", name="Ouvrir").click()
    pair = sacha.url
    expect(sacha.locator("main")).to_contain_text("Céleste")

    celeste.goto("/mes-donnees/")
    celeste.get_by_role("link", name="Me retirer").click()
    expect(celeste.get_by_role("heading", name="Ce qui part ensuite, et quand")).to_be_visible()
    days = celeste.locator(".confirm strong")
    expect(days).to_have_count(2)
    celeste.get_by_role("button", name="Me retirer").click()
    expect(celeste.get_by_text("C’est fait : votre participation est retirée.")).to_be_visible()
    expect(celeste.get_by_role("textbox")).to_have_count(0)

    celeste.goto("/mes-donnees/")
    celeste.get_by_role("link", name="Effacer mes données").click()
    expect(celeste.get_by_role("heading", name="Ce qui reste")).to_be_visible()
    button = celeste.get_by_role("button", name="Effacer mes données le")
    announced = button.inner_text().removeprefix("Effacer mes données le ")
    button.click()
    expect(celeste.get_by_role("heading", name=f"Vos données seront effacées le {announced}")).to_be_visible()

    said = server.manage("shell", "-c", ON_THE_DAY)
    assert f"left {announced} nothing" in said, said
    for file in (server.folder / "courrier").glob("*.eml"):
        assert WITHDRAWN not in file.read_text()
    assert celeste.goto("/mes-donnees/").url.endswith("/compte/connexion/?next=/mes-donnees/"), "the account is gone"
    # Six days later everybody signs in again.
    (server.folder / "windows.json").unlink()
    sacha = new_page(given="Sacha")
    sacha.goto(pair)
    expect(sacha.locator("main")).to_contain_text("ancien·ne participant·e")
    expect(sacha.locator("main")).not_to_contain_text("Céleste")
    expect(sacha.locator("main")).to_contain_text("45\N{NO-BREAK SPACE}min")
