"""From an agent who joins to the PDF that RH opens, in a browser, each person in a window of their own."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import follow

SERVER = {"prepare": "build_demo", "workers": True}
pytestmark = pytest.mark.browser
WORDS = "Je voudrais changer de métier sans me presser."


def go_on(page: Page, title: str) -> None:
    """To the next step of the inscription, which is the one named."""
    follow(page.get_by_role("button", name="Continuer"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def join(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Découvrir"))
    follow(page.get_by_role("link", name="Demander un accompagnement"))
    go_on(page, "Vos sujets")
    page.get_by_label("Mobilité, concours, formation").check()
    go_on(page, "Vous")
    page.get_by_label("Quelques mots, si vous le souhaitez").fill(WORDS)
    go_on(page, "Quand et comment")
    page.get_by_label("Mercredi matin").check()
    follow(page.get_by_role("button", name="Continuer"))
    # A page that misses something: the summary links to the field, and the page keeps what is typed.
    expect(page.get_by_role("alert")).to_contain_text("Un point est à corriger")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Mercredi matin")).to_be_checked()
    page.get_by_label("En présence").check()
    go_on(page, "Où vous voir")
    page.get_by_label("N’importe lequel de ces sites").check()
    go_on(page, "Pas avec")
    go_on(page, "Ce que chacun verra")
    go_on(page, "Avant d’envoyer")
    follow(page.get_by_role("button", name="Continuer"))
    expect(page.get_by_role("alert")).to_contain_text("Un point est à corriger")
    page.get_by_label("J’ai compris qui voit quoi").check()
    go_on(page, "Récapitulatif")
    # Nothing typed on the way is lost.
    for said in ("Mobilité, concours, formation", WORDS, "En présence", "Mercredi matin"):
        expect(page.locator("main")).to_contain_text(said)
    follow(page.get_by_role("button", name="Envoyer"))
    expect(page.get_by_text("C’est bien reçu")).to_be_visible()


def accept_request(page: Page, name: str) -> None:
    page.goto("/pilotage/brumeval/")
    expect(page.get_by_text("1 demande attend une réponse")).to_be_visible()
    follow(page.get_by_role("link", name="Répondre", exact=True))
    follow(page.get_by_role("link", name=name))
    follow(page.get_by_role("button", name="Accepter"))
    expect(page.get_by_text("Réponse enregistrée")).to_be_visible()


def propose(page: Page, helped: str, helper: str) -> None:
    page.goto("/pilotage/brumeval/binomes/")
    follow(page.get_by_role("link", name="Proposer un binôme"))
    page.get_by_label("Agent accompagné").select_option(label=helped)
    page.get_by_label("Pair-aidant·e").select_option(label=helper)
    follow(page.get_by_role("button", name="Envoyer la proposition"))
    expect(page.get_by_text("La proposition est envoyée")).to_be_visible()


def say_yes(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire et répondre"))
    follow(page.get_by_role("button", name="Oui, d’accord"))
    expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()


def accept_charter(page: Page) -> None:
    page.goto("/ma-charte/brumeval/")
    page.get_by_label("J’ai lu la charte").check()
    follow(page.get_by_role("button", name="J’accepte la charte"))
    expect(page.get_by_role("button", name="J’accepte la charte")).to_have_count(0)


def test_an_agent_joins_is_paired_meets_and_rh_opens_the_report(new_page):
    ines, claude, lou, dominique = (new_page(name) for name in ("ines", "claude", "lou", "dominique"))

    join(ines)
    accept_request(claude, "Inès G.")
    propose(claude, "Inès G.", "Lou P.")
    say_yes(ines)
    say_yes(lou)
    # Everything else is met: the pair waits for the last condition, then starts by itself.
    claude.reload()
    expect(claude.get_by_text("acceptation de la charte en attente")).to_be_visible()
    accept_charter(ines)

    ines.goto("/mon-espace/")
    follow(ines.get_by_role("button", name="Nous nous sommes vus aujourd’hui"))
    expect(ines.get_by_text("C’est noté")).to_be_visible()
    follow(ines.get_by_role("button", name="Nous nous sommes vus aujourd’hui"))
    expect(ines.get_by_text("déjà notée ce jour-là")).to_be_visible()

    # The référent reads the last date, not what is between the two.
    claude.goto("/pilotage/brumeval/binomes/")
    expect(claude.get_by_role("row", name="Inès G. et Lou P.")).to_contain_text("en vie")
    assert "changer de métier" not in claude.content()
    # The agent reads who opened the file.
    ines.goto("/mes-donnees/")
    expect(ines.get_by_role("row", name="Claude").first).to_be_visible()

    dominique.goto("/rh/brumeval/rapports/")
    follow(dominique.get_by_role("link", name="Lire le rapport").first)
    for figure in ("71", "9", "6"):
        expect(dominique.get_by_text(figure, exact=True).first).to_be_visible()
    with dominique.expect_download() as download:
        dominique.get_by_role("link", name="Télécharger le PDF").first.click()
    check_pdf(download.value.path().read_bytes())
    # RH never reaches a pair, a request, or the référent's pages.
    for path in ("/pilotage/brumeval/", "/pilotage/brumeval/binomes/", "/pilotage/brumeval/demandes/"):
        assert dominique.goto(path).status == 404


def check_pdf(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "Rapport" in str(pdf.docinfo["/Title"])
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    for words in ("71", "60 h", "Brumeval", "Ce que ce rapport ne dit pas"):
        assert words in text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for name in ("Alix", "Lou", "Camille", "Inès"):
        assert name not in text


def test_a_referent_creates_a_programme_and_passes_its_first_step(new_page):
    page = new_page("claude")
    page.goto("/pilotage/nouveau/")
    follow(page.get_by_role("button", name="Continuer"))
    page.get_by_label("Nom du programme").fill("Deuxième programme")
    follow(page.get_by_role("button", name="Créer le programme"))
    home = page.url
    # Not open yet, and the page says what is missing.
    page.goto(f"{home}ouvrir/")
    expect(page.locator("main")).to_contain_text("L’analyse d’impact (AIPD) n’est pas validée")
    expect(page.get_by_role("button", name="Ouvrir")).to_have_count(0)
    page.goto(f"{home}etapes/1/")
    follow(page.get_by_role("button", name="Commencer cette étape"))
    page.get_by_label("Note de la direction signée").check()
    follow(page.get_by_role("button", name="Enregistrer les lignes"))
    follow(page.get_by_role("button", name="Étape franchie"))
    expect(page.get_by_text("Écrivez en une phrase pourquoi").first).to_be_visible()
    page.get_by_label("Pourquoi franchir").fill("Le calendrier est arrêté par le COPIL de janvier.")
    follow(page.get_by_role("button", name="Étape franchie"))
    expect(page.get_by_text("Étape 1 : franchie")).to_be_visible()
