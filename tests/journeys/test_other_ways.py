"""The other ways of putting people together: a controlled draw, secret wishes on published presentations, three peers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW, follow
from tests.way_worlds import DRAW, HELPERS, PAPER, PEERS, READ, READERS, THREE, WAITING, WORDS
from tests.worlds import REFERENT

SERVER = {"prepare": "tests.way_worlds:other_ways"}
pytestmark = pytest.mark.browser
SEALED = "SELECT choices FROM pairing_wishseat"


def publish(referent: Page, said: re.Pattern) -> None:
    follow(referent.get_by_role("link", name=re.compile("^Publier")))
    follow(referent.get_by_role("button", name="Publier"))
    expect(referent.get_by_text(said)).to_be_visible()


def say_yes(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire et répondre"))
    follow(page.get_by_role("button", name="Oui, d’accord"))
    expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()


def expect_accepted(referent: Page, slug: str, one: str, other: str) -> None:
    referent.goto(f"/pilotage/{slug}/binomes/")
    row = referent.get_by_role("row").filter(has_text=one).filter(has_text=other)
    expect(row.get_by_role("cell", name="accepté", exact=True)).to_be_visible()


def words_of(page: Page) -> str:
    return page.get_by_role("main").inner_text()


def test_a_controlled_draw_is_staged_replayed_published_and_accepted(new_page, server):
    referent = new_page(given=REFERENT)
    bench = f"/pilotage/{DRAW}/rapprochements/"
    referent.goto(bench)
    expect(referent.get_by_role("main")).to_contain_text("3 attendent")
    referent.get_by_label(re.compile("^Au hasard, contrôlé")).check()
    follow(referent.get_by_role("button", name="Préparer", exact=True))
    expect(referent.get_by_role("heading", level=1)).to_have_text("Binômes préparés")
    expect(referent.get_by_text("2 personnes ont une proposition ; 1 attend encore")).to_be_visible()
    proposals = referent.locator(".cards .card-r")
    expect(proposals).to_have_count(2)
    for proposal in proposals.all():
        expect(proposal).to_contain_text("Tirés au sort parmi les rapprochements possibles.")
        expect(proposal.get_by_role("group")).to_have_count(0)  # no criterion decided: none is told
    names = proposals.first.get_by_role("heading").inner_text()
    drawn = [given for given in (*HELPERS, *WAITING) if given in names]
    left = next(given for given in WAITING if given in referent.locator("dl.facts").first.inner_text())

    referent.get_by_text("Détails techniques", exact=True).last.click()
    follow(referent.get_by_role("button", name="Rejouer ce calcul"))
    referent.get_by_text("Détails techniques", exact=True).last.click()
    expect(referent.get_by_text("même entrée, même méthode, même résultat")).to_be_visible()
    assert names in words_of(referent)

    # Until then, nobody knows of it.
    members = [new_page(given=given) for given in drawn]
    for page in members:
        page.goto("/mon-espace/")
        expect(page.get_by_role("link", name="Lire et répondre")).to_have_count(0)
    publish(referent, re.compile("2 propositions sont envoyées"))
    for page in members:
        say_yes(page)
        assert not re.search(r"\bsort\b|hasard|score|\brang\b|critère", words_of(page))
    expect_accepted(referent, DRAW, *drawn)
    waits = new_page(given=left)
    waits.goto("/mon-espace/")
    expect(waits.get_by_text("Vous gardez votre place dans l’attente.")).to_be_visible()


def open_wishes(referent: Page) -> None:
    referent.goto(f"/pilotage/{READ}/rencontres-croisees/")
    follow(referent.get_by_role("link", name="Des vœux sur les présentations des pairs-aidants"))
    expect(referent.get_by_text("3 présentations sont publiées")).to_be_visible()
    follow(referent.get_by_role("button", name="Ouvrir les vœux"))
    expect(referent.get_by_text("Les vœux sont ouverts")).to_be_visible()


def rank(page: Page, *names: str) -> None:
    page.goto("/mon-espace/")
    follow(page.locator(".card-r", has_text="Des présentations à lire").get_by_role("link"))
    follow(page.get_by_role("link", name="Lire et choisir"))
    for given, words in WORDS.items():
        expect(page.get_by_role("article").filter(has_text=given)).to_contain_text(words)
    for label, given in zip(("Premier vœu", "Deuxième vœu", "Troisième vœu"), names, strict=True):
        choice = page.get_by_label(label)
        choice.select_option(choice.get_by_text(re.compile(f"^{given} ")).get_attribute("value"))
    follow(page.get_by_role("button", name="Enregistrer mes vœux"))
    expect(page.get_by_text("Vos vœux sont enregistrés et scellés")).to_be_visible()


def make_card(referent: Page) -> str:
    """For the one person without an account; its code is shown this once."""
    expect(referent.get_by_role("region", name="Sans compte : une carte de vœux")).to_contain_text(PAPER)
    follow(referent.get_by_role("button", name="Faire les cartes et montrer les codes"))
    expect(referent.locator(".entry-card")).to_have_count(1)
    return referent.locator(".entry-code").inner_text()


def write_with_card(visitor: Page, code: str, *names: str) -> None:
    """On any device, at 320 px; the page never says whose card it is, nor what was written with it."""
    for _ in range(2):
        visitor.goto("/voeux/")
        visitor.get_by_label("Le code de votre carte").fill(code.lower())
        follow(visitor.get_by_role("button", name="Continuer"))
        expect(visitor.get_by_role("article")).to_have_count(len(WORDS))
        expect(visitor.get_by_role("main")).not_to_contain_text(PAPER)
        expect(visitor.get_by_label("Premier vœu")).to_have_value("")
        for label, given in zip(("Premier vœu", "Deuxième vœu"), names, strict=True):
            choice = visitor.get_by_label(label)
            choice.select_option(choice.get_by_text(re.compile(f"^{given} ")).get_attribute("value"))
        follow(visitor.get_by_role("button", name="Enregistrer mes vœux"))
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Vos vœux sont scellés")


def test_wishes_on_presentations_stay_secret_and_make_a_pair(new_page, server):
    referent, ariane, chems = (new_page(given=given) for given in (REFERENT, READERS[0], "Chems"))
    open_wishes(referent)
    page_of_the_round = referent.url
    referent.goto(page_of_the_round)
    code = make_card(referent)
    referent.goto(page_of_the_round)
    before, sealed = words_of(referent), server.rows(SEALED)
    write_with_card(new_page(size=NARROW), code, "Morgane", "Alba")
    rank(ariane, "Chems", "Morgane", "Alba")
    # Neither who wrote nor what: the same page, the same rows but for one sealed text of the same length.
    referent.goto(page_of_the_round)
    assert words_of(referent) == before
    assert len({len(token) for (token,) in [*sealed, *server.rows(SEALED)]}) == 1
    assert "Chems" not in before
    assert ariane.goto(page_of_the_round).status == 404
    assert (
        referent.goto(page_of_the_round.replace(f"/pilotage/{READ}/rencontres-croisees", "/mes-rencontres")).status
        == 404
    )

    referent.goto(page_of_the_round)
    follow(referent.get_by_role("link", name="Clore les vœux"))
    follow(referent.get_by_role("button", name="Clore les vœux"))
    expect(referent.get_by_text("Les vœux sont clos et effacés")).to_be_visible()
    assert {token for (token,) in server.rows(SEALED)} == {""}
    follow(referent.get_by_role("link", name="Voir les rapprochements"))
    follow(referent.get_by_role("main").get_by_role("link", name=re.compile(", ")).first)
    proposals = referent.locator(".cards .card-r")
    expect(proposals).to_have_count(3)
    said = {proposal.locator("p").first.inner_text() for proposal in proposals.all()}
    assert said == {"Proposés à la suite des vœux sur présentations."}
    for one, other in (("Ariane", "Chems"), (PAPER, "Morgane")):
        expect(referent.get_by_role("region", name=re.compile(f"{one} .* et {other} "))).to_be_visible()
    expect(referent.get_by_role("button", name=re.compile("Relancer|Rejouer"))).to_have_count(0)

    # Staged: the référent alone sees it.
    for page in (ariane, chems):
        page.goto("/mon-espace/")
        expect(page.get_by_role("link", name="Lire et répondre")).to_have_count(0)
    publish(referent, re.compile("3 propositions sont envoyées"))
    for page in (ariane, chems):
        say_yes(page)
        assert not re.search("vœu", words_of(page))
    expect_accepted(referent, READ, "Ariane", "Chems")
    journal = str(server.rows("SELECT verb, label FROM portal_journalentry")).lower()
    assert "chems" not in journal and "wishseat" not in journal
    assert "voeux/" not in server.log("web")


def test_the_one_left_alone_joins_two_others_and_all_three_accept(new_page, server):
    referent = new_page(given=REFERENT)
    referent.goto(f"/pilotage/{THREE}/rapprochements/")
    follow(referent.get_by_role("button", name="Préparer", exact=True))
    expect(referent.get_by_text("2 personnes ont une proposition ; 1 attend encore")).to_be_visible()
    follow(referent.get_by_role("button", name=re.compile("^Former un trio")), "Enter")
    expect(referent.get_by_text("ce trio est gardé")).to_be_visible()
    names = referent.locator(".cards .card-r").get_by_role("heading").inner_text()
    assert all(given in names for given in PEERS)
    publish(referent, re.compile("La proposition est envoyée"))
    for given in PEERS:
        page = new_page(given=given)
        say_yes(page)
        for other in set(PEERS) - {given}:
            expect(page.get_by_role("main")).to_contain_text(other)
    expect_accepted(referent, THREE, *PEERS[:2])
