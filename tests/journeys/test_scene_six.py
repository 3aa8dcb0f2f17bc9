"""Scene 6: return after a long absence. A day shared by two, recalled on the days ticked, erased by itself."""

import datetime as dt
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from portal.dates import day_in_words
from tests import return_worlds as world
from tests.browser import NARROW, follow

SERVER = {"prepare": "tests.return_worlds:before_the_return"}
pytestmark = pytest.mark.browser
DAY = clock.today("Europe/Paris") + dt.timedelta(days=30)
TWO = (DAY - dt.timedelta(days=15), DAY + dt.timedelta(days=7))
SHARED = "Préparer un retour"


def open_pair(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.locator(".card-r", has_text="Mon binôme avec").get_by_role("link", name="Ouvrir"))


def give_the_day(page: Page) -> str:
    """On a phone, from the home page; two days ticked and no other; the address of the page."""
    open_pair(page)
    follow(page.get_by_role("link", name="Partager un jour"))
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.get_by_label("Jour du retour").fill(DAY.isoformat())
    page.get_by_label("15 jours avant").check()
    page.get_by_label("7 jours après").check()
    page.get_by_label("Par un message neutre").check()
    page.get_by_label("Par téléphone").check()
    follow(page.get_by_role("button", name="Partager ce jour"))
    expect(page.get_by_text("C’est noté, entre vous deux.")).to_be_visible()
    return page.url


def letters(server) -> list:
    files = (server.folder / "courrier").glob("*.eml")
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def come(server, after: int) -> str:
    code = f"from tests.return_worlds import the_day_comes; print('now:', the_day_comes({after}))"
    return server.manage("shell", "-c", code).rpartition("now: ")[2].strip()


def test_swan_prepares_a_return(new_page, server):
    agent = new_page(given=world.AGENT, size=NARROW)
    address = give_the_day(agent)
    # Whom to ask, by branch: no rule of another one.
    follow(agent.get_by_role("link", name="Visite, horaires, poste"))
    expect(agent.locator("main")).to_contain_text("Fonction publique hospitalière")
    expect(agent.locator("main")).to_contain_text("À vérifier auprès du service de santé au travail")
    expect(agent.locator("main")).not_to_contain_text("centre de gestion")

    helper = new_page(given=world.HELPER)
    helper.goto(address)
    for day in (DAY, *TWO):
        expect(helper.get_by_text(day_in_words(day), exact=True)).to_be_visible()
    expect(helper.get_by_text("Aucune mission ne se fait pendant vos propres congés")).to_be_visible()
    expect(helper.get_by_role("button", name="Partager ce jour")).to_have_count(0)

    nobody_else_reads_it(new_page, address)

    # Fifteen days before, a neutral message at the personal address; seven days after, the other one; then nothing.
    assert come(server, -15) == "mails 1 ended False kept True"
    [letter] = letters(server)
    assert letter["To"] == world.ADDRESS
    for word in ("retour", "congé", "reprise", str(DAY.year), day_in_words(DAY)):
        assert word not in f"{letter['Subject']} {letter.get_content()}".lower()
    assert come(server, 7) == "mails 2 ended False kept True"
    assert come(server, 30) == "mails 2 ended False kept True"
    assert come(server, 90) == "mails 2 ended True kept True"
    assert {letter["To"] for letter in letters(server)} == {world.ADDRESS}
    assert come(server, 120) == "mails 2 ended None kept False"
    assert helper.goto(address).status == 404
    agent.goto(address)
    expect(agent.locator("main")).not_to_contain_text(day_in_words(DAY))
    expect(agent.get_by_label("Jour du retour")).to_have_value("")


def nobody_else_reads_it(new_page, address: str) -> None:
    home = f"/pilotage/{world.SLUG}/"
    pages = {
        world.REFERENT: (home, f"{home}binomes/", f"{home}calendrier/", f"{home}supervision/"),
        world.RH: (f"/rh/{world.SLUG}/", "/mon-espace/"),
        world.SUPERVISOR: ("/supervision/", "/mon-espace/"),
    }
    for given, paths in pages.items():
        page = new_page(given=given)
        for path in paths:
            page.goto(path)
            for day in (DAY, *TWO):
                expect(page.locator("body")).not_to_contain_text(day_in_words(day))
            expect(page.locator("main")).not_to_contain_text(SHARED)
        assert page.goto(address).status == 404
    page = new_page(given=world.REFERENT)
    page.goto(f"{home}binomes/")
    follow(page.get_by_role("link", name=world.AGENT).first)
    expect(page.locator("main")).to_contain_text(world.AGENT)
    expect(page.locator("body")).not_to_contain_text("retour au")
    for day in (DAY, *TWO):
        expect(page.locator("body")).not_to_contain_text(day_in_words(day))
