"""Scene 4 whole, in the browser: a référent creates « Pilote », eight volunteers of one team enter, sign, train, meet in
seven turns, wish in secret, make four pairs, answer the last survey; the report says 8 and 4.

What no journey can wait for (a session tomorrow, the months of a cycle) is moved by tests/worlds.py. The fast core is
test_scene_four.py and test_reciprocal_path.py.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import follow
from tests.journeys import test_reciprocal_path as path
from tests.journeys import test_scene_four as session
from tests.journeys.test_rollout import ASSESSMENT
from tests.worlds import DEPUTY, PEERS, REFERENT

SERVER = {"prepare": "tests.worlds:a_pilot_to_create", "workers": True}
pytestmark = [pytest.mark.browser, pytest.mark.long]
HOME = "/pilotage/saulaie-pilote"
# The sixteen essential lines: ticked, and read by the portal itself.
TICKED = {1: 4, 2: 3, 3: 2, 4: 1, 5: 2, 6: 2}
READ = {3: 1, 5: 1}
ADDRESS = (
    "SELECT login.email FROM portal_user login JOIN portal_person one ON one.user_id = login.id WHERE one.given = "
)


def address(server, given: str) -> str:
    ((found,),) = server.rows(f"{ADDRESS}'{given}'")
    return found


def empty_mailboxes(server) -> None:
    """So that the next message somebody gets is the one that is read."""
    for message in (server.folder / "courrier").glob("*.eml"):
        message.unlink()


def create(referent: Page) -> None:
    """The pilot, between equals, for two publics, with people of one team."""
    referent.goto("/pilotage/nouveau/")
    follow(referent.get_by_role("button", name="Continuer"))
    referent.get_by_label("Nom du programme").fill("Pilote")
    referent.get_by_label("Reclassement ou reconversion").check()
    referent.get_by_label("Binôme", exact=True).uncheck()
    referent.get_by_label("Binôme réciproque").check()
    referent.get_by_label("Date de début").fill(f"{path.today() - dt.timedelta(days=35)}")
    referent.get_by_label("Jamais deux personnes de la même équipe dans un binôme").uncheck()
    follow(referent.get_by_role("button", name="Créer le programme"))
    expect(referent.get_by_text("Le programme est créé")).to_be_visible()
    expect(referent).to_have_url(re.compile(f"{HOME}/$"))


def open_to_all(referent: Page, deputy: str) -> None:
    referent.goto(f"{HOME}/equipe/role/")
    referent.get_by_label("Adresse professionnelle").fill(deputy)
    follow(referent.get_by_role("button", name="Donner"))
    follow(referent.get_by_role("link", name="Analyses d’impact"))
    follow(referent.get_by_role("button", name="Noter").first)
    follow(referent.get_by_role("link", name=re.compile("valid", re.IGNORECASE)).first)
    referent.get_by_label("Analyse validée").set_input_files(files=[ASSESSMENT])
    referent.get_by_role("radio").first.check()
    follow(referent.get_by_role("button", name="Déposer"))
    expect(referent.get_by_text("L’analyse d’impact est validée")).to_be_visible()
    referent.goto(f"{HOME}/ouvrir/")
    follow(referent.get_by_role("button", name="Ouvrir").first)
    expect(referent.get_by_text("Les inscriptions sont ouvertes.")).to_be_visible()
    referent.goto(f"{HOME}/charte/")
    follow(referent.get_by_role("button", name="Préparer la charte"))
    follow(referent.get_by_role("link", name="Mettre cette version en vigueur"))
    follow(referent.get_by_role("button", name="Mettre en vigueur"))
    expect(referent.get_by_text("La date est fixée")).to_be_visible()


def tick(referent: Page, number: int) -> None:
    """The essential lines of a step; then it is passed, and nothing was missing."""
    referent.goto(f"{HOME}/etapes/{number}/")
    follow(referent.get_by_role("button", name="Commencer cette étape"))
    lines = referent.locator("#lignes ~ form > ul").first
    expect(lines.get_by_role("listitem")).to_have_count(TICKED[number] + READ.get(number, 0))
    expect(lines.get_by_role("checkbox")).to_have_count(TICKED[number])
    for box in lines.get_by_role("checkbox").all():
        box.check()
    follow(referent.get_by_role("button", name="Enregistrer les lignes"))
    expect(referent.get_by_text("Plus rien ne manque")).to_be_visible()
    follow(referent.get_by_role("button", name="Étape franchie"))
    expect(referent.get_by_text(f"Étape {number} : franchie")).to_be_visible()


def join(page: Page) -> None:
    page.goto("/participer/saulaie-pilote/")
    follow(page.get_by_role("link", name="M’inscrire entre pairs"))
    go_on = page.get_by_role("button", name="Continuer")
    for _ in range(3):
        follow(go_on)
    page.get_by_label("En présence").check()
    page.get_by_label("Mercredi matin").check()
    for _ in range(3):
        follow(go_on)
    page.get_by_label("J’ai compris qui voit quoi").check()
    follow(go_on)
    follow(page.get_by_role("button", name="Envoyer"))
    expect(page.get_by_text("C’est bien reçu")).to_be_visible()


def accept(referent: Page, given: str) -> None:
    referent.goto(f"{HOME}/demandes/")
    follow(referent.get_by_role("main").get_by_role("link", name=re.compile(f"^{given} ")))
    follow(referent.get_by_role("button", name="Accepter"))
    expect(referent.get_by_text("Réponse enregistrée")).to_be_visible()


def wish(page: Page, place: int) -> None:
    """First the one who stands beside them, then two others."""
    beside = place + 1 if place % 2 == 0 else place - 1
    session.wish(page, *(PEERS[number % 8] for number in (beside, place + 2, place + 4)))


def answer(visitor: Page, link: str) -> None:
    """Rather in agreement with everything, in a window where nobody is signed in."""
    visitor.goto(link)
    for choice in visitor.get_by_label("Plutôt d’accord", exact=True).all():
        choice.check()
    follow(visitor.get_by_role("button", name="Envoyer mes réponses"))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Merci")


def close_survey(referent: Page) -> None:
    referent.goto(f"{HOME}/enquetes/")
    follow(referent.get_by_role("button", name=re.compile("^Clore")))
    expect(referent.get_by_text("à clore")).to_have_count(0)


def read_the_report(referent: Page) -> None:
    """8 and 4; the common core in bands, whole, without a mean."""
    referent.goto(f"{HOME}/rapports/")
    follow(referent.get_by_role("link", name="Établir le rapport"))
    follow(referent.get_by_role("button", name="Établir le rapport"))
    referent.goto(f"{HOME}/rapports/")
    follow(referent.get_by_role("link", name=re.compile("Lire la version")).first)
    report = referent.get_by_role("main")
    for title, figure in (("Participants actifs", "8"), ("Binômes", "4"), ("Rencontres", "4")):
        row = report.get_by_role("row").filter(has=referent.get_by_role("rowheader", name=title, exact=True)).first
        expect(row).to_contain_text(figure)
    answers = report.locator(".doc-answers").first
    expect(answers.get_by_role("row").filter(has_text="quelqu’un à qui parler")).to_contain_text("5 à 8 sur 8")
    expect(answers.locator("thead th")).to_have_count(2)  # the question, and one column: no side, no other moment
    expect(report.get_by_role("columnheader", name="Moyenne")).to_have_count(0)
    for given in PEERS:
        expect(report).not_to_contain_text(given)


def test_a_pilot_from_its_creation_to_its_report(new_page, server, monkeypatch):
    for module in (path, session):
        monkeypatch.setattr(module, "PILOT", HOME)
    referent = new_page(given=REFERENT)
    peers = {given: new_page(given=given) for given in PEERS}

    def world(call: str) -> None:
        server.manage("shell", "-c", f"from tests import worlds; worlds.{call}")

    create(referent)
    open_to_all(referent, address(server, DEPUTY))
    for number in (1, 2, 3):
        tick(referent, number)
    for given, page in peers.items():
        join(page)
        accept(referent, given)
        path.accept_charter_and_engage(page)
    path.train(referent)
    tick(referent, 4)

    session.plan(referent)
    for page in peers.values():
        session.come(page)
    world("the_session_begins()")
    referent.reload()
    follow(referent.get_by_role("button", name="Faire le plan"))
    expect(referent.get_by_text("Le plan est prêt : 7 tours de 8 minutes")).to_be_visible()
    session.read_the_wall(referent)
    round_page = referent.url
    before = session.main_text(referent)
    for place, page in enumerate(peers.values()):
        wish(page, place)
    assert session.main_text(referent) == before
    follow(referent.get_by_role("link", name="Clore les vœux"))
    follow(referent.get_by_role("button", name="Clore les vœux"))
    expect(referent.get_by_text("Les vœux sont clos et effacés")).to_be_visible()
    assert server.rows(session.SEALED) == []
    session.publish_and_agree(referent, *peers.values())
    session.expect_pairs(referent)
    assert peers["Alex"].goto(round_page).status == 404

    path.supervise(referent)
    path.open_survey(referent)
    path.expect_states(referent, *["en vie"] * 4)
    tick(referent, 5)
    for given in PEERS[::2]:
        peers[given].goto("/mon-espace/")
        follow(peers[given].get_by_role("button", name=path.MEET))
        expect(peers[given].get_by_text("C’est noté")).to_be_visible()

    world("time_passes(22)")
    close_survey(referent)
    world("time_passes(90)")
    empty_mailboxes(server)
    referent.goto(f"{HOME}/enquetes/")
    follow(referent.get_by_role("link", name=re.compile("^Ouvrir l’enquête")))
    follow(referent.get_by_role("button", name="Ouvrir l’enquête"))
    expect(referent.get_by_text("L’enquête est ouverte")).to_be_visible()
    visitor = new_page()
    for given in PEERS:
        mail = server.mail_to(address(server, given), "/r/")
        answer(visitor, re.search(r"http\S+/r/\S+", mail)[0])
    world("time_passes(22)")
    close_survey(referent)
    world("time_passes(60)")
    read_the_report(referent)
    tick(referent, 6)

    visitor.goto("/reperes/paris-indicarr/")
    expect(visitor.get_by_role("main")).to_contain_text(re.compile("septembre 2020.*janvier 2021", re.DOTALL))
