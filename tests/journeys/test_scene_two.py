"""Scene 2: Eden becomes a helper without telling the manager why; the manager refuses, then gives the time.

Eden, Claude and Dominique each have a window; the manager has links only. The days that go by are taken off the dates of
the letter, then the scheduler's own work is done once.
"""

import io
import re
import time
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal import clock
from programmes import letter_text
from tests.browser import follow
from tests.programmes.letter_world import HEALTH_WORDS
from tests.server import PATIENCE, Server
from tests.worlds import COLLEAGUE, MANAGER, MY_WORDS

SERVER = {"prepare": "tests.worlds:a_helper_to_be", "workers": True}
pytestmark = pytest.mark.browser
PILOT, RH = "/pilotage/ormeval", "/rh/ormeval"
PROMISE = "RH et encadrant sauront que vous avez une mission, pas pourquoi"
DAYS = "from tests.worlds import days_go_by; days_go_by({})"


# --- Eden joins ---------------------------------------------------------------------------------------------------------
def read_the_promise_first(eden: Page) -> None:
    """Before the first field, on the page and in the order of reading."""
    eden.goto("/mon-espace/")
    follow(eden.get_by_role("link", name="Découvrir"))
    expect(eden.locator("main")).to_contain_text("Votre encadrement et les RH sauront que vous avez une mission")
    follow(eden.get_by_role("link", name="Proposer d’accompagner"))
    promise = eden.locator("main").get_by_text(PROMISE).bounding_box()
    first_field = eden.get_by_role("radio").first.bounding_box()
    assert promise["y"] + promise["height"] <= first_field["y"]


def go_on(eden: Page) -> None:
    follow(eden.get_by_role("button", name="Continuer"))


def join(eden: Page) -> None:
    read_the_promise_first(eden)
    eden.get_by_label("Accompagner", exact=True).check()
    go_on(eden)
    go_on(eden)
    eden.get_by_label("Quelques mots, si vous le souhaitez").fill(MY_WORDS)
    go_on(eden)
    eden.get_by_label("En présence").check()
    eden.get_by_label("Mardi matin").check()
    for _ in range(3):
        go_on(eden)
    eden.get_by_label("J’ai traversé").check()
    eden.get_by_label("J’ai compris").check()
    go_on(eden)
    expect(eden.get_by_role("heading", level=1)).to_have_text("Récapitulatif")
    expect(eden.locator("main")).to_contain_text(MY_WORDS)
    follow(eden.get_by_role("button", name="Envoyer"))
    expect(eden.get_by_text("C’est bien reçu")).to_be_visible()


def become_ready(claude: Page, eden: Page) -> None:
    """An interview, accepted, charter, a place taken by oneself in the seven hours, then « prêt·e »."""
    claude.goto(f"{PILOT}/demandes/")
    follow(claude.get_by_role("link", name="Eden"))
    request = claude.url
    follow(claude.get_by_role("link", name=re.compile("grille", re.IGNORECASE)).first)
    claude.locator("#id_on").fill(f"{clock.today('Europe/Paris')}")
    claude.get_by_role("checkbox").first.check()
    assert claude.locator("main textarea, main input[type=text]").count() == 0, "nothing of what was said is written"
    follow(claude.get_by_role("button", name="Noter l’entretien"))
    claude.goto(request)
    follow(claude.get_by_role("button", name="Accepter"))
    expect(claude.get_by_text("Réponse enregistrée")).to_be_visible()

    eden.goto("/mon-espace/")
    follow(eden.get_by_role("link", name="Lire la charte"))
    eden.get_by_label("J’ai lu la charte et je l’accepte").check()
    follow(eden.get_by_role("button", name="J’accepte la charte"))
    expect(eden.get_by_text("Votre acceptation est enregistrée")).to_be_visible()

    claude.goto(f"{PILOT}/formations/nouvelle/")
    for module in ("M3", "M4", "M6"):
        claude.get_by_label(re.compile(f"^{module}")).check()
    claude.locator("#id_on").fill(f"{clock.today('Europe/Paris')}")
    claude.get_by_label("Places ouvertes à l’inscription").fill("1")
    follow(claude.get_by_role("button", name="Prévoir la séance"))
    session = claude.url

    eden.goto("/mes-formations/")
    follow(eden.get_by_role("button", name="M’inscrire"))
    expect(eden.get_by_text("Vous êtes inscrit·e")).to_be_visible()

    claude.goto(session)
    claude.get_by_role("group", name="Eden").get_by_label("Présent·e").check()
    follow(claude.get_by_role("button", name="Enregistrer les présences"))
    follow(claude.get_by_role("row", name="Eden").get_by_role("link", name="À décider"))
    claude.get_by_label("Prêt·e à accompagner").check()
    follow(claude.get_by_role("button", name="Enregistrer la décision"))
    expect(claude.get_by_text("La décision est enregistrée")).to_be_visible()


# --- The letter ---------------------------------------------------------------------------------------------------------
def draft(claude: Page) -> str:
    """The address of Eden's letter in the pilotage."""
    claude.goto(f"{PILOT}/lettres/")
    follow(claude.get_by_role("link", name=re.compile("Préparer la lettre de Eden")))
    follow(claude.get_by_role("button", name="Enregistrer et relire"))
    follow(claude.get_by_role("button", name="Envoyer à l’agent"))
    expect(claude.get_by_text("La lettre est partie chez l’agent")).to_be_visible()
    return claude.url


def preview_and_agree(eden: Page) -> str:
    """« Ce que verra… » is one page with a neutral title; the yes freezes both texts. Returns the hash on screen."""
    eden.goto("/mon-espace/")
    follow(eden.locator(".card-r", has_text="Ma lettre de mission").get_by_role("link", name="Lire"))
    preview = eden.locator("section", has=eden.locator("#page-visa"))
    expect(preview).to_contain_text(letter_text.PROPOSED_TITLE)
    check_neutral(preview.inner_text())
    eden.get_by_label("Mon encadrant·e").check()
    eden.get_by_label("Adresse professionnelle").fill(MANAGER)
    eden.get_by_label("J’ai lu la page que verra").check()
    eden.get_by_label("J’ai lu ma lettre de mission").check()
    follow(eden.get_by_role("button", name="Oui, je suis d’accord"))
    expect(eden.get_by_text("Les deux textes ne changeront plus")).to_be_visible()
    return hash_on(eden)


def hash_on(page: Page) -> str:
    return re.search(r"[0-9a-f]{64}", page.locator("section", has=page.locator("#page-lettre")).inner_text())[0]


def check_neutral(text: str) -> None:
    """What the manager reads: no health word, no colleague, nothing of the letter, none of its twenty sections."""
    assert not HEALTH_WORDS.findall(text), HEALTH_WORDS.findall(text)
    for word in (
        COLLEAGUE,
        "Entre collègues",
        "binôme",
        "charte",
        "lettre de mission",
        MY_WORDS,
        *letter_text.section_titles(),
    ):
        assert word.lower() not in text.lower(), word


def links_sent(server: Server, count: int) -> list[str]:
    """The links of the messages to the manager, oldest first, once there are `count`; nothing in them says anything."""
    deadline = time.monotonic() + PATIENCE
    while True:
        files = sorted((server.folder / "courrier").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        messages = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        texts = [f"{one['Subject']}\n{one.get_content()}" for one in messages if one["To"] == MANAGER]
        if len(texts) >= count:
            break
        assert time.monotonic() < deadline, server.log("worker")
        time.sleep(0.05)
    for text in texts:
        check_neutral(text)
        assert "Eden" not in text
    return [re.search(r"http\S+/visa/\S+", text)[0] for text in texts]


def answer(visitor: Page, link: str, button: str, heading: str) -> None:
    """Without an account or a cookie; a second use says that the link has served."""
    visitor.goto(link)
    check_neutral(visitor.locator("body").inner_text())
    expect(visitor.locator("main")).to_contain_text("Eden")
    expect(visitor.locator("main")).to_contain_text(letter_text.PROPOSED_TITLE)
    follow(visitor.get_by_role("button", name=button))
    check_neutral(visitor.locator("body").inner_text())
    follow(visitor.get_by_role("button", name=re.compile("^Oui,")))
    expect(visitor.get_by_role("heading", name=heading)).to_be_visible()
    check_neutral(visitor.locator("body").inner_text())
    assert visitor.goto(link).status == 410
    expect(visitor.get_by_role("heading", name="Ce lien a déjà servi")).to_be_visible()
    assert visitor.context.cookies() == []


def validate_two(dominique: Page) -> None:
    """A batch of two letters; nothing of what Eden answered is in RH's pages."""
    dominique.goto(f"{RH}/lettres/")
    pages = [dominique.content()]
    follow(dominique.get_by_role("link", name=re.compile("^Eden")))
    pages.append(dominique.content())
    dominique.go_back()
    boxes = dominique.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    follow(dominique.get_by_role("button", name="Valider les lettres choisies"))
    expect(dominique.get_by_role("heading", name="Valider 2 lettres")).to_be_visible()
    pages.append(dominique.content())
    follow(dominique.get_by_role("button", name="Valider", exact=True))
    for name in ("Eden", COLLEAGUE):
        expect(dominique.get_by_text(re.compile(f"{name}.*: la lettre est en vigueur"))).to_be_visible()
    pages.append(dominique.content())
    for page in pages:
        assert MY_WORDS not in page
    for path in ("demandes", "formations", "binomes"):
        assert dominique.goto(f"{PILOT}/{path}/").status == 404


def text_of_pdf(eden: Page, which: str) -> str:
    """The file as Eden downloads it, once the worker has made it."""
    link = eden.get_by_role("link", name=which).get_attribute("href")
    eden.goto(link)
    make = eden.get_by_role("button", name="Préparer")
    if make.count():
        follow(make)
    file = eden.get_by_role("link", name=re.compile("Télécharger"))
    expect(file).to_be_visible(timeout=PATIENCE * 1000)
    data = eden.request.get(file.get_attribute("href")).body()
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_eden_becomes_a_helper_and_the_manager_never_reads_why(new_page, server):
    eden, claude, dominique = (new_page(given=name) for name in ("Eden", "Claude", "Dominique"))
    manager = new_page()

    join(eden)
    become_ready(claude, eden)
    letter = draft(claude)
    frozen = preview_and_agree(eden)

    [first] = links_sent(server, 1)
    answer(manager, first, "Pas maintenant : nécessité de service", "C’est noté")
    claude.goto(letter)
    expect(claude.locator("main")).to_contain_text("Le temps n’est pas accordé pour l’instant : nécessité de service")
    follow(claude.get_by_role("button", name="Envoyer un nouveau lien"))
    links_sent(server, 2)
    server.manage("shell", "-c", DAYS.format(7))
    *_, unanswered, reminder = links_sent(server, 3)
    server.manage("shell", "-c", DAYS.format(4))
    assert manager.goto(unanswered).status == 410
    answer(manager, reminder, "J’accorde ce temps", "Merci, c’est enregistré")
    assert len(links_sent(server, 3)) == 3, "one reminder only"

    validate_two(dominique)
    eden.goto("/mes-lettres/")
    follow(eden.get_by_role("main").get_by_role("link", name=re.compile("lettre", re.IGNORECASE)).first)
    expect(eden.locator("main")).to_contain_text("en vigueur")
    assert hash_on(eden) == frozen
    page = eden.url
    assert frozen in text_of_pdf(eden, re.compile(r"lettre.*\(PDF\)", re.IGNORECASE)).replace(" ", "").replace("\n", "")
    eden.goto(page)
    check_neutral(text_of_pdf(eden, "Page « temps de mission » (PDF)"))
