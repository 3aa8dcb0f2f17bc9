"""The whole path of the frame with five people, each in a window of their own; the encadrant has only a link.

Claude conducts the programme, Eden offers support, Camille waits for it, Dominique validates for RH. The pair says yes
first and starts by itself when the last condition is met.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from programmes import letter_text
from tests.browser import follow
from tests.programmes.letter_world import HEALTH_WORDS

SERVER = {"prepare": "build_demo", "workers": True}
pytestmark = pytest.mark.browser
PARIS = "Europe/Paris"
MANAGER = "encadrement.culture@brumeval.invalid"
LETTER_MISSING = "La mission se met en place sur le papier."
CHARTER_MISSING = "La charte est lue et acceptée par chacun."


def accept_application(claude: Page, name: str) -> None:
    claude.goto("/pilotage/brumeval/demandes/")
    follow(claude.get_by_role("link", name=name))
    follow(claude.get_by_role("button", name="Accepter"))
    expect(claude.get_by_text("Réponse enregistrée")).to_be_visible()


def accept_charter(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire la charte"))
    follow(page.get_by_role("button", name="J’accepte la charte"))
    # Nobody accepts without having ticked.
    expect(page.get_by_role("alert")).to_contain_text("Cochez cette case")
    page.get_by_label("J’ai lu la charte et je l’accepte").check()
    follow(page.get_by_role("button", name="J’accepte la charte"))
    expect(page.get_by_text("Votre acceptation est enregistrée")).to_be_visible()
    expect(page.get_by_text("Vous avez accepté cette version")).to_be_visible()


def train(claude: Page, name: str) -> None:
    """A session of today, its sheet, then the decision."""
    claude.goto("/pilotage/brumeval/formations/")
    follow(claude.get_by_role("link", name="Prévoir une séance"))
    for module in ("M3", "M4", "M6"):
        claude.get_by_label(re.compile(f"^{module}")).check()
    claude.locator("#id_on").fill(f"{clock.today(PARIS)}")
    claude.get_by_label(name).check()
    follow(claude.get_by_role("button", name="Prévoir la séance"))
    expect(claude.get_by_text("La séance est prévue")).to_be_visible()
    claude.get_by_role("group", name=name).get_by_label("Présent·e").check()
    follow(claude.get_by_role("button", name="Enregistrer les présences"))
    expect(claude.get_by_text("Les présences sont enregistrées")).to_be_visible()
    row = claude.get_by_role("row", name=name)
    expect(row).to_contain_text("rien")
    follow(row.get_by_role("link", name="À décider"))
    claude.get_by_label("Prêt·e à accompagner").check()
    follow(claude.get_by_role("button", name="Enregistrer la décision"))
    expect(claude.get_by_text("La décision est enregistrée")).to_be_visible()


def propose(claude: Page, helped: str, helper: str) -> None:
    claude.goto("/pilotage/brumeval/binomes/proposer/")
    claude.get_by_label("Agent accompagné").select_option(label=helped)
    claude.get_by_label("Pair-aidant·e").select_option(label=helper)
    follow(claude.get_by_role("button", name="Envoyer la proposition"))
    expect(claude.get_by_text("La proposition est envoyée")).to_be_visible()


def say_yes(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire et répondre"))
    follow(page.get_by_role("button", name="Oui, d’accord"))
    expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()


def draft_letter(claude: Page, name: str) -> None:
    claude.goto("/pilotage/brumeval/lettres/")
    follow(claude.get_by_role("link", name=f"Préparer la lettre de {name}"))
    follow(claude.get_by_role("button", name="Enregistrer et relire"))
    follow(claude.get_by_role("button", name="Envoyer à l’agent"))
    expect(claude.get_by_text("La lettre est partie chez l’agent")).to_be_visible()


def agree(eden: Page) -> None:
    """Both pages are there to read; the yes asks for both ticks and for the manager's professional address."""
    eden.goto("/mon-espace/")
    follow(eden.locator(".card-r", has_text="Ma lettre de mission").get_by_role("link", name="Lire"))
    expect(eden.get_by_role("heading", name="Ce que verra la personne qui donne le temps")).to_be_visible()
    visa_page = eden.locator("section", has=eden.locator("#page-visa"))
    expect(visa_page).to_contain_text("Eden Marchal")
    letter = eden.locator("section", has=eden.locator("#page-lettre"))
    for title in letter_text.section_titles():
        expect(letter).to_contain_text(title)
        expect(visa_page).not_to_contain_text(title)
    eden.get_by_label("Mon encadrant·e").check()
    address = eden.get_by_label("Adresse professionnelle")
    address.fill("quelquun@ailleurs.invalid")
    follow(eden.get_by_role("button", name="Oui, je suis d’accord"))
    expect(eden.get_by_role("alert").first).to_contain_text("à corriger")
    eden.get_by_label("J’ai lu la page que verra").check()
    eden.get_by_label("J’ai lu ma lettre de mission").check()
    follow(eden.get_by_role("button", name="Oui, je suis d’accord"))
    expect(eden.get_by_text("une adresse professionnelle de votre employeur").first).to_be_visible()
    address.fill(MANAGER)
    follow(eden.get_by_role("button", name="Oui, je suis d’accord"))
    expect(eden.get_by_text("Les deux textes ne changeront plus")).to_be_visible()


def check_neutral(text: str) -> None:
    """What the encadrant reads: no health word, no colleague, nothing of the letter."""
    assert not HEALTH_WORDS.findall(text), HEALTH_WORDS.findall(text)
    for word in ("Camille", "Besson", "Entraide entre agents", "binôme", "charte", "lettre de mission"):
        assert word.lower() not in text.lower(), word
    for title in letter_text.section_titles():
        assert title.lower() not in text.lower(), title


def give_time(mail: str, visitor: Page) -> None:
    """Without an account: the page, the answer, and the link that serves once only."""
    check_neutral(mail)
    assert "Marchal" not in mail and "Eden" not in mail
    link = re.search(r"http\S+/visa/\S+", mail)[0]
    visitor.goto(link)
    check_neutral(visitor.locator("body").inner_text())
    for words in ("Eden Marchal", "4 h par mois"):
        expect(visitor.locator("main")).to_contain_text(words)
    expect(visitor.get_by_role("link", name="Se connecter")).to_have_count(0)
    follow(visitor.get_by_role("button", name="J’accorde ce temps"))
    check_neutral(visitor.locator("body").inner_text())
    follow(visitor.get_by_role("button", name="Oui, j’accorde ce temps"))
    expect(visitor.get_by_role("heading", name="Merci, c’est enregistré")).to_be_visible()
    check_neutral(visitor.locator("body").inner_text())
    assert visitor.goto(link).status == 410
    expect(visitor.get_by_role("heading", name="Ce lien a déjà servi")).to_be_visible()
    assert visitor.context.cookies() == []


def validate_for_hr(dominique: Page) -> None:
    """RH reads the letter, whole, and validates it; RH reaches no pair."""
    dominique.goto("/rh/brumeval/lettres/")
    assert "Camille" not in dominique.content()
    follow(dominique.get_by_role("link", name="Eden Marchal"))
    for title in letter_text.section_titles():
        expect(dominique.locator("main")).to_contain_text(title)
    for word in ("Camille", "Besson"):
        assert word not in dominique.content()
    follow(dominique.get_by_role("link", name="Valider cette lettre"))
    follow(dominique.get_by_role("button", name="Valider", exact=True))
    expect(dominique.get_by_text("Eden M. : la lettre est en vigueur.")).to_be_visible()
    for path in ("/pilotage/brumeval/binomes/", "/pilotage/brumeval/lettres/", "/pilotage/brumeval/formations/"):
        assert dominique.goto(path).status == 404


def expect_missing(page: Page, *sentences: str) -> None:
    """The accepted pair says kindly what is being prepared, and cannot note a meeting."""
    page.goto("/mon-espace/")
    follow(page.locator(".card-r", has_text="Mon binôme avec").get_by_role("link", name="Ouvrir"))
    card = page.locator("section", has=page.locator("#bientot"))
    expect(card.get_by_role("listitem")).to_have_text(list(sentences))
    expect(page.locator("main")).not_to_contain_text("en cours")
    expect(page.get_by_role("button", name="Nous nous sommes vus aujourd’hui")).to_have_count(0)


def expect_state(claude: Page, state: str) -> None:
    claude.goto("/pilotage/brumeval/binomes/")
    expect(claude.get_by_role("row").filter(has_text="Eden M.")).to_contain_text(state)


def test_five_people_walk_the_whole_frame(new_page, server):
    claude, dominique, camille = (new_page(name) for name in ("claude", "dominique", "camille"))
    eden, encadrant = new_page(given="Eden"), new_page()

    accept_application(claude, "Eden M.")
    accept_charter(eden)
    train(claude, "Eden M.")
    propose(claude, "Camille B.", "Eden M.")
    say_yes(eden)
    say_yes(camille)

    # Everybody has said yes, and two conditions are not met: nothing starts.
    for page in (eden, camille):
        expect_missing(page, LETTER_MISSING, CHARTER_MISSING)
    expect_state(claude, "accepté")

    draft_letter(claude, "Eden M.")
    agree(eden)
    give_time(server.mail_to(MANAGER, "/visa/"), encadrant)
    expect_missing(eden, LETTER_MISSING, CHARTER_MISSING)
    validate_for_hr(dominique)
    expect_missing(camille, CHARTER_MISSING)
    expect_state(claude, "accepté")

    accept_charter(camille)
    expect_state(claude, "en vie")
    eden.goto("/mon-espace/")
    follow(eden.get_by_role("button", name="Nous nous sommes vus aujourd’hui"))
    expect(eden.get_by_text("C’est noté")).to_be_visible()
    camille.goto("/mon-espace/")
    expect(camille.get_by_text("Dernière rencontre notée")).to_be_visible()
    # Eden reads who opened the letter.
    eden.goto("/mes-donnees/")
    expect(eden.get_by_role("row", name="Dominique").first).to_be_visible()
