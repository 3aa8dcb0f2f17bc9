"""Eight volunteers, four reciprocal pairs: no letter, an engagement of one page each, and a first survey of everybody.

Alex and Billie each have a window, the référent too; the six others do the same through the services.
"""

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import clock, workdays
from tests.browser import follow
from tests.worlds import PEERS, REFERENT

SERVER = {"prepare": "tests.worlds:eight_peers", "workers": True}
pytestmark = pytest.mark.browser
PILOT = "/pilotage/saulaie"
PAIRS = list(zip(PEERS[::2], PEERS[1::2], strict=True))
ADDRESS = """SELECT login.email FROM portal_user login JOIN portal_person person ON person.user_id = login.id
WHERE person.given = 'Alex'"""
MEET = "Nous nous sommes vus aujourd’hui"


def today() -> dt.date:
    return clock.today("Europe/Paris")


def accept_charter_and_engage(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire la charte"))
    page.get_by_label("J’ai lu la charte et je l’accepte").check()
    follow(page.get_by_role("button", name="J’accepte la charte"))
    expect(page.get_by_text("Votre acceptation est enregistrée")).to_be_visible()
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire l’engagement"))
    follow(page.get_by_role("button", name="Je valide mon engagement"))
    expect(page.get_by_text("Votre engagement est validé")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon engagement")


def train(referent: Page) -> None:
    """Three hours and a half together, today, and the sheet: the hours are enough between peers."""
    referent.goto(f"{PILOT}/formations/nouvelle/")
    for module in ("M3", "M4", "M6"):
        referent.get_by_label(re.compile(f"^{module}")).check()
    referent.locator("#id_on").fill(f"{today()}")
    referent.get_by_label("Durée en minutes").fill("210")
    for given in PEERS:
        referent.get_by_label(re.compile(f"^{given} ")).check()
    follow(referent.get_by_role("button", name="Prévoir la séance"))
    for given in PEERS:
        referent.get_by_role("group", name=re.compile(f"^{given} ")).get_by_label("Présent·e").check()
    follow(referent.get_by_role("button", name="Enregistrer les présences"))
    expect(referent.get_by_text("Les présences sont enregistrées")).to_be_visible()
    expect(referent.get_by_text("les heures suffisent")).to_have_count(8)


def propose(referent: Page, one: str, other: str) -> None:
    referent.goto(f"{PILOT}/binomes/proposer/")
    for label, given in (("Une personne", one), ("Une autre personne", other)):
        choice = referent.get_by_label(label)
        choice.select_option(choice.get_by_text(re.compile(f"^{given} ")).get_attribute("value"))
    follow(referent.get_by_role("button", name="Envoyer la proposition"))
    expect(referent.get_by_text("La proposition est envoyée")).to_be_visible()


def say_yes(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.get_by_role("link", name="Lire et répondre"))
    follow(page.get_by_role("button", name="Oui, d’accord"))
    expect(page.get_by_text("Votre accord est enregistré")).to_be_visible()


def supervise(referent: Page) -> None:
    """Somebody from outside, and a first date."""
    referent.goto(f"{PILOT}/supervision/")
    referent.get_by_text("Engager quelqu’un").click()
    referent.get_by_label("Ou nom d’une personne extérieure").fill("Pascale V.")
    referent.get_by_label("Son adresse électronique").fill("pascale@cabinet.invalid")
    referent.get_by_label("Engagement de confidentialité signé le").fill(f"{today()}")
    follow(referent.get_by_role("button", name="Engager", exact=True))
    expect(referent.get_by_text("La personne est engagée")).to_be_visible()
    follow(referent.get_by_role("link", name="Prévoir une série de dates"))
    first = workdays.after(clock.now() + dt.timedelta(days=14), 1, "Europe/Paris").date()
    referent.get_by_label("Groupe, avec la personne qui supervise").check()
    referent.get_by_label("Première date").fill(f"{first}")
    referent.get_by_label("Combien de dates").fill("1")
    follow(referent.get_by_role("button", name="Voir les dates"))
    # Nothing is planned yet: the date is there to be checked, and the person engaged leads.
    expect(referent.get_by_role("heading", level=1)).to_have_text("Vérifier les dates")
    expect(referent.get_by_label("Date 1")).to_have_value(f"{first}")
    expect(referent.get_by_label("Qui anime").locator("option:checked")).to_contain_text("Pascale V.")
    referent.get_by_label("Heure").fill("14:00")
    follow(referent.get_by_role("button", name="Créer ces dates"))
    expect(referent.get_by_text("Les dates sont prévues")).to_be_visible()


def open_survey(referent: Page) -> None:
    referent.goto(f"{PILOT}/enquetes/")
    follow(referent.get_by_role("link", name="Ouvrir l’enquête : Enquête de départ"))
    expect(referent.locator("main")).to_contain_text("8 personnes reçoivent un lien")
    follow(referent.get_by_role("button", name="Ouvrir l’enquête"))
    expect(referent.get_by_text("L’enquête est ouverte")).to_be_visible()


def survey_page(referent: Page) -> str:
    referent.goto(f"{PILOT}/enquetes/")
    return referent.locator("main").inner_text()


def answer(mail: str, visitor: Page) -> None:
    """By the link of the mail, in a window where nobody is signed in; the link serves once."""
    link = re.search(r"http\S+/r/\S+", mail)[0]
    visitor.goto(link)
    questions = visitor.get_by_role("group", name=re.compile("je trouve quelqu’un à qui parler"))
    questions.get_by_label("Plutôt d’accord", exact=True).check()
    follow(visitor.get_by_role("button", name="Envoyer mes réponses"))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Merci")
    assert visitor.goto(link).status == 410
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Ce lien a déjà servi")
    expect(visitor.get_by_role("button", name="Envoyer mes réponses")).to_have_count(0)
    assert visitor.context.cookies() == []


def expect_states(referent: Page, *states: str) -> None:
    """One state by pair, in the order of PAIRS."""
    referent.goto(f"{PILOT}/binomes/")
    for (one, other), state in zip(PAIRS, states, strict=True):
        row = referent.get_by_role("row").filter(has_text=one).filter(has_text=other)
        expect(row.get_by_role("cell", name=state, exact=True)).to_be_visible()


def check_report(text: str) -> None:
    """Exactly eight people and four pairs: enough to be said, and nobody's name."""
    rows = dict(re.findall(r'<th scope="row"[^>]*>([^<]+)</th>\s*<td class="doc-num"[^>]*>([^<]*)</td>', text))
    assert {title: rows[title].strip() for title in ("Participants actifs", "Binômes", "Rencontres")} == {
        "Participants actifs": "8",
        "Binômes": "4",
        "Rencontres": "4",
    }
    for given in PEERS:
        assert given not in text


def test_eight_volunteers_make_four_reciprocal_pairs_and_one_of_them_answers_the_survey(new_page, server, tmp_path):
    referent, alex, billie = (new_page(given=given) for given in (REFERENT, *PEERS[:2]))

    for page in (alex, billie):
        accept_charter_and_engage(page)
    train(referent)
    for one, other in PAIRS:
        propose(referent, one, other)
    for page in (alex, billie):
        say_yes(page)
    # Their own part is done; what is left is the team's.
    missing = alex.locator("section", has=alex.locator("#bientot")).get_by_role("listitem")
    alex.reload()
    expect(missing).to_have_text(
        [
            "L’équipe prévoit un temps de recul pour les binômes.",
            "L’équipe prépare un premier point, avant de commencer.",
        ]
    )
    expect(alex.get_by_role("button", name=MEET)).to_have_count(0)
    expect_states(referent, "accepté", "proposé", "proposé", "proposé")

    supervise(referent)
    expect_states(referent, "accepté", "proposé", "proposé", "proposé")
    open_survey(referent)
    expect_states(referent, "en vie", "proposé", "proposé", "proposé")
    server.manage("shell", "-c", "from tests import worlds; worlds.others_agree()")
    expect_states(referent, "en vie", "en vie", "en vie", "en vie")

    before = survey_page(referent)
    assert "à 8 personnes" in before
    ((address,),) = server.rows(ADDRESS)
    answer(server.mail_to(address, "/r/"), new_page())
    # The référent reads the same page as before: neither who answered, nor how many.
    assert survey_page(referent) == before

    alex.goto("/mon-espace/")
    follow(alex.get_by_role("button", name=MEET))
    expect(alex.get_by_text("C’est noté")).to_be_visible()
    server.manage("shell", "-c", "from tests import worlds; worlds.others_meet()")

    server.manage("shell", "-c", f"from tests import worlds; worlds.write_reports({str(tmp_path)!r})")
    for audience in ("referent", "hr"):
        check_report(Path(tmp_path, f"{audience}.html").read_text())
