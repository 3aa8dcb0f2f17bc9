"""Scene 4: eight volunteers meet in seven turns of eight minutes, rank three names in secret, and make four pairs.

Alex and Billie each have a window, the référent too; the six others do the same through the services. What comes before
(charter, engagement, training) and after (the survey, the report) is test_reciprocal_path.py.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from tests.browser import follow
from tests.journeys.test_reciprocal_path import PAIRS, PILOT, say_yes
from tests.worlds import PEERS, REFERENT

SERVER = {"prepare": "tests.worlds:eight_peers"}
pytestmark = pytest.mark.browser
SEALED = "SELECT choices FROM pairing_wishseat WHERE choices <> ''"


def plan(referent: Page) -> None:
    """Tomorrow, everybody who looks for a pair."""
    tomorrow = clock.today("Europe/Paris") + dt.timedelta(days=1)
    referent.goto(f"{PILOT}/rencontres-croisees/")
    follow(referent.get_by_role("link", name="Une séance entre pairs"))
    expect(referent.get_by_role("checkbox", checked=True)).to_have_count(8)
    referent.get_by_label("Date").fill(f"{tomorrow}")
    referent.get_by_label("Lieu ou lien").fill("Salle des platanes")
    referent.get_by_label("Vœux jusqu’au").fill(f"{tomorrow + dt.timedelta(days=7)}")
    follow(referent.get_by_role("button", name="Inviter"))
    expect(referent.get_by_text("C’est prévu")).to_be_visible()


def come(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire et répondre"))
    follow(page.get_by_role("button", name="Je viens"))
    expect(page.get_by_text("vous venez")).to_be_visible()
    for given in PEERS:
        if given not in page.locator("header").inner_text():
            expect(page.get_by_role("main")).not_to_contain_text(given)


def read_the_wall(referent: Page) -> None:
    """Seven turns of four tables, all eight on each, in large print."""
    follow(referent.get_by_role("link", name="Afficher en grand"))
    for turn in range(1, 8):
        expect(referent.get_by_role("heading", level=1)).to_have_text(f"Tour {turn} sur 7 · 8 minutes")
        expect(referent.locator(".room-tables li")).to_have_count(4)
        names = referent.locator(".room-name")
        assert sorted(name.split()[0] for name in names.all_inner_texts()) == sorted(PEERS)
        assert float(names.first.evaluate("one => getComputedStyle(one).fontSize").removesuffix("px")) >= 36
        follow(referent.get_by_role("link", name=re.compile("Tour suivant|dernier tour")))
    follow(referent.get_by_role("link", name="Imprimer les feuilles"))
    expect(referent.locator(".room-sheet")).to_have_count(8 + 4)
    referent.go_back()


def wish(page: Page, *names: str) -> None:
    page.goto("/mon-espace/")
    follow(page.locator(".card-r", has_text="Vos vœux après les rencontres").get_by_role("link"))
    follow(page.get_by_role("link", name="Écrire ou changer mes vœux"))
    for label, given in zip(("Premier vœu", "Deuxième vœu", "Troisième vœu"), names, strict=True):
        choice = page.get_by_label(label)
        choice.select_option(choice.get_by_text(re.compile(f"^{given} ")).get_attribute("value"))
    follow(page.get_by_role("button", name="Enregistrer mes vœux"))
    expect(page.get_by_text("Vos vœux sont enregistrés et scellés")).to_be_visible()


def publish_and_agree(referent: Page, *members: Page) -> None:
    """Four pairs, each said in the same words whatever was written; two of the eight answer in the browser."""
    follow(referent.get_by_role("link", name="Voir les rapprochements"))
    follow(referent.get_by_role("main").get_by_role("link", name=re.compile(", ")).first)
    proposals = referent.locator(".cards .card-r")
    expect(proposals).to_have_count(4)
    said = {proposal.locator("p").first.inner_text() for proposal in proposals.all()}
    assert said == {"Proposés à la suite des rencontres croisées."}
    for one, other in PAIRS:
        expect(referent.get_by_role("region", name=re.compile(f"{one} .* et {other} "))).to_be_visible()
    expect(referent.get_by_role("button", name=re.compile("Relancer|Rejouer"))).to_have_count(0)
    follow(referent.get_by_role("link", name="Publier ces 4 propositions"))
    follow(referent.get_by_role("button", name="Publier"))
    expect(referent.get_by_text("4 propositions sont envoyées")).to_be_visible()
    for page in members:
        say_yes(page)


def expect_pairs(referent: Page) -> None:
    """All have said yes; what is left is the frame, which test_reciprocal_path.py goes through."""
    referent.goto(f"{PILOT}/binomes/")
    for one, other in PAIRS:
        row = referent.get_by_role("row").filter(has_text=one).filter(has_text=other)
        expect(row.get_by_role("cell", name="accepté", exact=True)).to_be_visible()


def main_text(page: Page) -> str:
    page.reload()
    return page.get_by_role("main").inner_text()


def test_eight_volunteers_meet_write_in_secret_and_make_four_pairs(new_page, server):
    referent, alex, billie = (new_page(given=given) for given in (REFERENT, *PEERS[:2]))

    def others(*what: str) -> None:
        server.manage("shell", "-c", f"from tests import worlds; {'; '.join(f'worlds.{one}()' for one in what)}")

    plan(referent)
    come(alex)
    come(billie)
    others("others_come", "the_session_begins")
    referent.reload()
    follow(referent.get_by_role("button", name="Faire le plan"))
    expect(referent.get_by_text("Le plan est prêt : 7 tours de 8 minutes")).to_be_visible()
    read_the_wall(referent)

    before = main_text(referent)
    wish(alex, "Billie", "Charly", "Dany")
    wish(billie, "Alex", "Dany", "Hilary")
    others("others_wish")
    # The référent reads the same page: neither who wrote, nor what.
    assert main_text(referent) == before
    sealed = [token for (token,) in server.rows(SEALED)]
    assert len(sealed) == 8
    assert len({len(token) for token in sealed}) == 1
    assert billie.goto(referent.url).status == 404

    follow(referent.get_by_role("link", name="Clore les vœux"))
    follow(referent.get_by_role("button", name="Clore les vœux"))
    expect(referent.get_by_text("Les vœux sont clos et effacés")).to_be_visible()
    assert server.rows(SEALED) == []
    publish_and_agree(referent, alex, billie)
    others("others_agree")
    expect_pairs(referent)
    others("a_month_later")
    assert server.rows("SELECT COUNT(*) FROM pairing_wishseat") == [(0,)]
    assert server.rows("SELECT COUNT(*) FROM pairing_encounter") == [(0,)]
