"""Scene 8: the supervision of the semester. Clovis plans, Pascaline marks by her link, the group validates what it says;
Maxence, away twice, reads it before Clovis; Noé asks for a session of his own, which Pascaline alone knows."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from tests import supervision_worlds as world
from tests.browser import NARROW, follow
from tests.server import Server

SERVER = {"prepare": "tests.supervision_worlds:supervision_of_the_semester"}
pytestmark = pytest.mark.browser
PILOT = f"/pilotage/{world.SLUG}/"
SHEET = f"{PILOT}supervision/"
NEED = "Un lieu calme pour se rencontrer, que l’on réserve par téléphone."
MISSED = "Vous avez manqué deux séances"
COLUMNS = (
    "from pairing.models import SupervisionAttendance as Row; "
    "print('columns', *(field.column for field in Row._meta.concrete_fields))"
)
PRESENT = world.HELPERS[:5]


def call(server: Server, name: str) -> str:
    said = server.manage("shell", "-c", f"from tests import supervision_worlds as world; print('said', world.{name}())")
    return said.partition("said ")[2].strip()


def plan_six_dates(clovis: Page) -> None:
    clovis.goto(SHEET)
    follow(clovis.get_by_role("link", name="Prévoir une série de dates"))
    clovis.get_by_label("Groupe, avec la personne qui supervise").check()
    first = clock.today("Europe/Paris") + dt.timedelta(days=9)
    clovis.get_by_label("Première date").fill(first.isoformat())
    follow(clovis.get_by_role("button", name="Voir les dates"))
    expect(clovis.get_by_label("Date 6", exact=True)).to_be_visible()
    clovis.get_by_label("Heure").fill("14:00")
    follow(clovis.get_by_role("button", name="Créer ces dates"))
    expect(clovis.get_by_text("Les dates sont prévues")).to_be_visible()
    expect(clovis.get_by_role("link", name="Annuler la séance")).to_have_count(6)
    # The nearest date is the last of the list.
    follow(clovis.get_by_role("button", name=re.compile("^Envoyer le lien")).last)
    expect(clovis.get_by_text("Le lien est parti.")).to_be_visible()


def mark_the_sheet(pascaline: Page, link: str) -> None:
    """No account: five present, one excused, two themes, what the group wishes to say."""
    pascaline.goto(f"/{link}")
    for given in world.HELPERS:
        row = pascaline.get_by_role("group", name=given)
        row.get_by_label("Excusé·e" if given == world.AWAY else "Présent·e").check()
    pascaline.get_by_label("Charge").check()
    pascaline.get_by_label("Limites").check()
    expect(pascaline.get_by_role("textbox")).to_have_count(1)  # of the group, and nothing else
    pascaline.get_by_label("Besoin collectif à remonter").fill(NEED)
    follow(pascaline.get_by_role("button", name="Enregistrer la feuille"))
    expect(pascaline.get_by_text("La feuille est enregistrée")).to_be_visible()
    pascaline.goto(f"/{link}")
    expect(pascaline.get_by_text("Ce lien a déjà servi")).to_be_visible()


def validate(page: Page) -> None:
    page.goto("/mon-espace/")
    card = page.locator(".card-r", has_text="Votre groupe attend votre avis")
    follow(card.get_by_role("link", name="Lire et répondre"))
    expect(page.get_by_text(NEED)).to_be_visible()
    follow(page.get_by_role("button", name="Je suis d’accord"))
    expect(page.get_by_text("Vous êtes d’accord.")).to_be_visible()


def the_group_validates(new_page, clovis: Page) -> None:
    for given in PRESENT:
        clovis.goto(SHEET)
        expect(clovis.get_by_text(NEED)).to_have_count(0)
        validate(new_page(given=given, size=NARROW))
    clovis.goto(SHEET)
    expect(clovis.get_by_text(NEED)).to_be_visible()


def away_twice(maxence: Page, clovis: Page, server: Server) -> None:
    """He reads it first; a week later Clovis reads a name, and no reason."""
    maxence.goto("/mon-espace/")
    card = maxence.locator(".card-r", has_text=MISSED)
    expect(card).to_contain_text("Besoin d’un autre créneau ?")
    clovis.goto(PILOT)
    expect(clovis.get_by_text("Proposer un point")).to_have_count(0)
    call(server, "a_week_goes_by")
    clovis.goto(PILOT)
    todo = clovis.locator("li", has_text=f"Proposer un point à {world.AWAY}")
    expect(todo).to_be_visible()
    expect(clovis.locator("main")).not_to_contain_text("manqué")
    expect(clovis.locator("main")).not_to_contain_text("excus")


def ask_alone(noe: Page) -> None:
    noe.goto("/ma-supervision/")
    follow(noe.get_by_role("link", name="Demander une séance"))
    noe.get_by_label("Une séance individuelle").check()
    noe.get_by_label("En présence").check()
    noe.get_by_label("Lundi matin").check()
    expect(noe.locator("textarea")).to_have_count(0)
    follow(noe.get_by_role("button", name="Demander", exact=True))
    expect(
        noe.get_by_text("La personne qui supervise est seule à le savoir")
        .or_(noe.get_by_text("Votre demande est envoyée"))
        .first
    ).to_be_visible()


def answer_is_due(pascaline: Page, server: Server) -> None:
    link, due = call(server, "asked_of_the_supervisor").split("|")
    pascaline.goto(f"/{link}")
    main = pascaline.locator("main")
    expect(main).to_contain_text(world.ASKS)
    expect(main).to_contain_text("Une séance individuelle")
    expect(main).to_contain_text(due.partition(",")[0])  # ten working days, to the day
    expect(pascaline.get_by_role("textbox")).to_have_count(0)


def pages_of(page: Page, start: str) -> dict[str, str]:
    """The words of every page reached from this one, link by link, inside its space."""
    seen, waiting = {}, [start]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = page.request.get(path)
        html = answer.text() if "html" in answer.headers["content-type"] else ""
        seen[path] = " ".join(re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", html).split())
        found = re.findall(r'href="(/[^"#?]*)', html)
        waiting += [one for one in found if one.startswith(start)]
    return seen


def test_the_supervision_of_a_semester(new_page, server):
    clovis, pascaline = new_page(given=world.REFERENT), new_page()
    plan_six_dates(clovis)
    mark_the_sheet(pascaline, call(server, "the_day_comes"))
    the_group_validates(new_page, clovis)
    away_twice(new_page(given=world.AWAY, size=NARROW), clovis, server)
    before = pages_of(clovis, PILOT)
    ask_alone(new_page(given=world.ASKS, size=NARROW))
    answer_is_due(pascaline, server)
    # Every page of Clovis's space says the same as before: nothing was asked, as far as he can read.
    after = pages_of(clovis, PILOT)
    assert len(after) > 20 and after == before
    # RH: no presence of anybody, no absence, nothing of what a group said.
    rh = pages_of(new_page(given=world.RH), f"/rh/{world.SLUG}/")
    words = ("excusé", "manqué", "présences en supervision", NEED.lower())
    assert rh and not [path for path, text in rh.items() if any(word in text.lower() for word in words)]
    # Why Maxence was away is nowhere to be written.
    columns = set(server.manage("shell", "-c", COLUMNS).partition("columns ")[2].split())
    assert columns == {"id", "session_id", "participation_id", "presence", "noted_at"}
