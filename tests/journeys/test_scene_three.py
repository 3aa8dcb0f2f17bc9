"""field.md, scene 3: Louison does not want that person; the référent pairs. And two browsers for the last place."""

import re

import pytest
from playwright.sync_api import Page, expect

from pairing.run_words import INCOMPATIBLE
from pairing.services.rules import REFUSAL
from tests.browser import follow
from tests.worlds import REFERENT

SERVER = {"prepare": "tests.worlds:scene_three"}
pytestmark = pytest.mark.browser
BENCH = "/pilotage/brumelle/rapprochements/"
# Nowhere but in Louison's own pages.
NEVER = re.compile(r"exclusion|à éviter|pas avec|équipe que|hiérarchi", re.IGNORECASE)


def choose(page: Page, label: str, given: str) -> None:
    choice = page.get_by_label(label)
    choice.select_option(choice.get_by_text(re.compile(f"^{given} ")).get_attribute("value"))


def words_of(page: Page) -> str:
    return page.locator("main").inner_text()


def test_the_referent_pairs_and_nobody_learns_what_louison_wished(new_page, server):
    referent, camille, lou, louison = (new_page(given=given) for given in (REFERENT, "Camille", "Lou", "Louison"))

    referent.goto(BENCH)
    expect(referent.locator("main")).to_contain_text("5 attendent")
    follow(referent.get_by_role("button", name="Préparer", exact=True))
    expect(referent.get_by_role("heading", level=1)).to_have_text("Binômes préparés")
    proposal = referent.get_by_role("region", name=re.compile("Camille .* et Lou"))
    expect(proposal.locator("> ul > li")).to_have_count(3)
    row = referent.locator("dl.facts > div")
    expect(row.filter(has_text="Candide")).to_contain_text("Aucune place par téléphone")
    expect(row.filter(has_text="Candide")).to_contain_text("Ce qui débloquerait : une place par téléphone")
    expect(row.filter(has_text="Louison")).to_contain_text(INCOMPATIBLE, ignore_case=True)
    assert not NEVER.search(words_of(referent))

    # By hand, with select boxes and a button, by keyboard: one sentence, and nothing has moved.
    choose(referent, "Agent accompagné", "Louison")
    choose(referent, "Pair-aidant·e", "Lou")
    follow(referent.get_by_role("button", name="Rapprocher"), "Enter")
    expect(referent.get_by_text(REFUSAL)).to_be_visible()
    assert not NEVER.search(words_of(referent))
    follow(proposal.get_by_role("button", name="Garder"))
    expect(proposal.get_by_text("gardé", exact=True)).to_be_visible()
    follow(referent.get_by_role("button", name="Garder 1 et relancer le reste"))
    expect(proposal.get_by_text("gardé", exact=True)).to_be_visible()

    follow(referent.get_by_role("link", name="Publier cette proposition"))
    follow(referent.get_by_role("button", name="Publier"))
    expect(referent.get_by_text("La proposition est envoyée")).to_be_visible()

    for page in (camille, lou):
        page.goto("/mon-espace/")
        follow(page.get_by_role("link", name="Lire et répondre"))
        assert not re.search(r"score|point|rang|critère|algorithme", words_of(page), re.IGNORECASE)
        follow(page.get_by_role("button", name="Oui, d’accord"))
        expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()
    expect(lou.locator("main")).to_contain_text("accepté")
    louison.goto("/mon-espace/")
    for page in (camille, lou, louison, referent):
        assert not re.search(INCOMPATIBLE, words_of(page), re.IGNORECASE) or page is referent
    journal = str(server.rows("SELECT verb, label FROM portal_journalentry")).lower()
    assert "avoid" not in journal
    assert "avoid" not in server.log("web").lower() and "incompatib" not in server.log("web").lower()


def test_two_browsers_for_the_last_place_one_pair_and_the_other_stays_first(new_page, server):
    server.manage("shell", "-c", "from tests import worlds; worlds.noa_is_back()")
    pages = [new_page(given=given) for given in ("Ambre", "Basile")]
    for page in pages:
        page.goto("/mon-espace/")
        follow(page.get_by_role("link", name="Lire et répondre"))
        expect(page.get_by_role("heading", name="Le délai est passé, rien n’est perdu")).to_be_visible()
    # Sent together: neither page waits for the other's answer.
    for page in pages:
        page.get_by_role("button", name="Oui, je le souhaite toujours").evaluate("button => button.click()")
    said = [page.get_by_text(re.compile("Votre accord est enregistré|Vous restez en tête\\.$")) for page in pages]
    for one in said:
        expect(one).to_be_visible()
    texts = sorted(one.inner_text() for one in said)
    assert "Cette place vient d’être prise. Vous restez en tête." in texts[0]
    assert "Votre accord est enregistré" in texts[1]
    live = "SELECT COUNT(*) FROM pairing_pairmember m JOIN portal_person p ON p.id = m.person_id WHERE m.live AND p.given = 'Noa'"
    assert server.rows(live) == [(1,)]
