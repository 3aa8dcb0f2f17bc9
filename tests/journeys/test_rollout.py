"""The rollout, run by référents in the browser: a pilot, a handover, a programme of three employers, a past taken over.

What counts as a page: an address shown; the same one shown again in a row is not another. What counts as an input:
each required control of a form that is sent, filled in beforehand or not, and each box ticked.
"""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from portal import clock
from tests import rollout_worlds as world
from tests.browser import follow
from tests.builders import SCAN

SERVER = {"prepare": "tests.rollout_worlds:three_programmes", "workers": True}
pytestmark = pytest.mark.browser
ASSESSMENT = {"name": "aipd.pdf", "mimeType": "application/pdf", "buffer": SCAN}
ESSENTIAL = {1: 4, 2: 3, 3: 2}
# Names of the required controls of a form, a choice already proposed included, and among them what only a person can word.
REQUIRED = """form => {
    const wanted = [...form.elements].filter(one => one.type !== "hidden" && one.name);
    const proposed = one => one.type === "radio" ? one.defaultChecked : one.tagName === "SELECT" && one.value;
    const marked = one => one.required || proposed(one) || one.closest(".field")?.querySelector(".field-required");
    const free = one => one.type === "textarea" || (one.type === "text" && !one.defaultValue);
    const names = rows => [...new Set(rows.map(one => one.name))];
    const needed = wanted.filter(marked);
    return {required: names(needed), free: names(needed.filter(free))};
}"""


class Trail:
    """The pages that somebody was shown, and what their forms asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: list[str] = []
        self.forms: set[str] = set()
        self.inputs = 0
        self.free: list[str] = []
        page.on("framenavigated", lambda frame: self._shown(frame.url))

    def _shown(self, url: str) -> None:
        path = urlsplit(url).path
        if self.pages[-1:] != [path]:
            self.pages.append(path)

    def send(self, button: str, ticked: int = 0) -> None:
        """Press the button of a form; `ticked`: boxes ticked in it that are not required by themselves."""
        found = self.page.get_by_role("button", name=button).first
        asked = found.evaluate(f"button => ({REQUIRED})(button.form)")
        self.inputs += len(asked["required"]) + ticked
        self.free += asked["free"]
        self.forms.add(self.pages[-1])
        follow(found)


def address(server, given: str) -> str:
    return server.manage("shell", "-c", f"from tests import rollout_worlds as w; print(w.address('{given}'))").split()[
        -1
    ]


def row_of(page: Page, words: str) -> Locator:
    return page.get_by_role("row").filter(has_text=words)


# --- From a template to step 4 ----------------------------------------------------------------------------------------
def create(page: Page, trail: Trail) -> str:
    """The pilot as it is proposed; its address."""
    page.goto("/pilotage/nouveau/")
    trail.send("Continuer")
    trail.send("Créer le programme")
    expect(page.get_by_text("Le programme est créé")).to_be_visible()
    return page.url


def meet_the_gate(page: Page, trail: Trail, home: str, deputy: str) -> None:
    """What opening asks for: a deputy, and a validated assessment."""
    page.goto(f"{home}equipe/role/")
    page.get_by_label("Adresse professionnelle").fill(deputy)
    trail.send("Donner")
    follow(page.get_by_role("link", name="Analyses d’impact"))
    trail.send("Noter")
    follow(page.get_by_role("link", name=re.compile("valid", re.IGNORECASE)).first)
    page.get_by_label("Analyse validée").set_input_files(files=[ASSESSMENT])
    page.get_by_role("radio").first.check()
    trail.send("Déposer")
    expect(page.get_by_text("L’analyse d’impact est validée")).to_be_visible()


def walk_step(page: Page, trail: Trail, home: str, number: int) -> None:
    page.goto(f"{home}etapes/{number}/")
    trail.send("Commencer cette étape")
    boxes = page.locator("#lignes ~ form > ul").first.get_by_role("checkbox")
    expect(boxes).to_have_count(ESSENTIAL[number])
    for box in boxes.all():
        box.check()
    trail.send("Enregistrer les lignes", ticked=ESSENTIAL[number])
    expect(page.get_by_text("Plus rien ne manque")).to_be_visible()
    trail.send("Étape franchie")
    expect(page.get_by_text(f"Étape {number} : franchie")).to_be_visible()


def test_a_pilot_goes_from_its_template_to_open_enrolment_and_to_step_4(new_page, server):
    page = new_page(given=world.OPENER)
    trail = Trail(page)
    home = create(page, trail)
    page.goto(f"{home}ouvrir/")
    for words in ("suppléant·e", "AIPD"):
        expect(page.locator("main")).to_contain_text(words)
    meet_the_gate(page, trail, home, address(server, world.DEPUTY))
    page.goto(f"{home}ouvrir/")
    trail.send("Ouvrir")
    expect(page.get_by_text("Les inscriptions sont ouvertes.")).to_be_visible()
    assert len(trail.pages) <= 12, trail.pages

    for number in ESSENTIAL:
        walk_step(page, trail, home, number)
    page.goto(f"{home}etapes/4/")
    trail.send("Commencer cette étape")
    expect(page.get_by_text("Étape 4 : en cours")).to_be_visible()
    assert 9 <= len(trail.forms) <= 12, trail.forms
    assert 25 <= trail.inputs <= 40, trail.inputs
    assert trail.free == []


# --- Scene 10 ---------------------------------------------------------------------------------------------------------
PILOT = "/pilotage/rivages/"


def prepare_handover(page: Page, trail: Trail) -> None:
    page.goto(f"{PILOT}passation/")
    trail.send("Préparer la passation")
    expect(page.get_by_text("Rien n’est encore annoncé")).to_be_visible()
    for box in page.locator('[name="done"]').all()[:5]:
        box.check()
    trail.send("Enregistrer la liste", ticked=5)
    expect(page.get_by_role("heading", name="Avant de partir : 5 sur 9 lignes faites")).to_be_visible()
    follow(page.get_by_role("link", name="Lire le dossier"))
    expect(page.locator("main")).to_contain_text(world.SUCCESSOR)
    for given in world.AGENTS:
        assert given not in page.content()
    follow(page.get_by_role("link", name="Passation"))
    follow(page.get_by_role("link", name="Annoncer la passation"))
    trail.send("Annoncer la passation")
    expect(page.get_by_text("La passation est annoncée")).to_be_visible()


def my_page(page: Page) -> None:
    page.goto("/mon-espace/")
    follow(page.locator('a[href^="/mes-demandes/"]').first)


def test_a_referent_leaves_and_the_agents_choose(new_page, server):
    leaver, successor = new_page(given=world.LEAVER), new_page(given=world.SUCCESSOR)
    withdraws, erases = new_page(given=world.WITHDRAWS), new_page(given=world.ERASES)
    member = new_page(given=world.MEMBER)
    # The deputy is dormant: pages of the team, nobody's request, no pair.
    assert successor.goto(f"{PILOT}demandes/").status == 200
    for given in world.AGENTS:
        assert given not in successor.content()
    assert successor.goto(f"{PILOT}passation/").status == 404

    trail = Trail(leaver)
    prepare_handover(leaver, trail)
    assert 4 <= len(trail.pages) <= 8, trail.pages
    assert trail.free == []

    for given in world.AGENTS:
        mail = server.mail_to(address(server, given), "qui s’en va et qui arrive")
        assert "handicap" not in mail.lower() and world.LEAVER not in mail
    my_page(withdraws)
    for words in (world.LEAVER, world.SUCCESSOR):
        expect(withdraws.locator("#passation")).to_contain_text(words)
    follow(withdraws.get_by_role("link", name="Retirer ma participation"))
    follow(withdraws.locator("main form button").first)
    my_page(erases)
    expect(erases.locator("main")).to_contain_text("Ces mots sont pour toi seul")
    follow(erases.get_by_role("button", name="Effacer mon texte"))
    expect(erases.get_by_text("Votre texte est effacé")).to_be_visible()
    assert "Ces mots" not in erases.content()

    assert leaver.goto(f"{PILOT}demandes/").status == 200
    server.manage("shell", "-c", "from tests import rollout_worlds as w; w.days_pass(15)")
    # The first request is refused, on whatever page it was.
    assert leaver.reload().status == 404
    for path in ("", "binomes/", "passation/dossier/", "etapes/1/"):
        assert leaver.goto(f"{PILOT}{path}").status == 404
    assert successor.goto(PILOT).status == 200
    expect(successor.get_by_role("heading", name="Les six étapes")).to_be_visible()
    successor.goto(f"{PILOT}demandes/")
    expect(successor.locator("main")).to_contain_text(world.ERASES)
    successor.goto(f"{PILOT}binomes/")
    expect(row_of(successor, world.HELPER)).to_contain_text(world.HELPED)
    assert successor.goto(f"{PILOT}passation/dossier/").status == 200
    # The community's next workshop is still announced, and somebody registers; the successor finds it.
    member.goto("/mon-espace/")
    expect(member.locator("main")).to_contain_text(world.WORKSHOP)
    follow(member.get_by_role("link", name="Voir et m’inscrire"))
    follow(member.get_by_role("button", name=f"M’inscrire : {world.WORKSHOP}"))
    expect(member.get_by_text("Vous êtes inscrit·e.")).to_be_visible()
    successor.goto(f"{PILOT}temps-collectifs/")
    expect(row_of(successor, world.WORKSHOP)).to_contain_text("annoncé")
    assert world.MEMBER not in successor.content()


# --- A programme of three employers -----------------------------------------------------------------------------------
def join_between_peers(page: Page) -> None:
    page.goto("/participer/littoral/")
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


def test_three_employers_share_a_programme_and_none_learns_who_is_in_it(new_page, server):
    rh = new_page(given=world.PARTNER_HR)
    before = rh.goto("/rh/phares/") and rh.locator("main").inner_text()
    for given in world.NEWCOMERS:
        join_between_peers(new_page(given=given))
    sharer = new_page(given=world.SHARER)
    sharer.goto("/pilotage/littoral/demandes/")
    for given in world.NEWCOMERS:
        expect(sharer.locator("main")).to_contain_text(given)
    sharer.goto("/pilotage/littoral/partenaires/")
    for name in world.PARTNERS:
        expect(row_of(sharer, name)).to_be_visible()

    # RH of a partner: the same page as before anybody joined, the whole programme's figures, its own money.
    rh.goto("/rh/phares/")
    assert rh.locator("main").inner_text() == before
    rh.goto("/rh/phares/rapports/")
    follow(rh.get_by_role("link", name="Lire le rapport"))
    for name, figure in (("Participants actifs", "8"), ("Binômes", "4"), ("Rencontres", "4")):
        expect(rh.get_by_role("row", name=f"{name} {figure}", exact=True)).to_be_visible()
    for words in (*world.NEWCOMERS, *world.PARTNERS):
        assert words not in rh.locator("main").inner_text()
    rh.goto("/rh/phares/depenses/")
    assert "4\N{NO-BREAK SPACE}200" not in rh.content()
    rh.get_by_label("Date").fill(f"{clock.today('Europe/Paris')}")
    rh.get_by_label("Montant, en euros").fill("310")
    follow(rh.get_by_role("button", name="Ajouter la dépense"))
    expect(rh.locator("main")).to_contain_text("310")
    sharer.goto("/pilotage/littoral/depenses/")
    expect(sharer.locator("main")).to_contain_text("4\N{NO-BREAK SPACE}200")
    assert "310" not in sharer.locator("main").inner_text()
    # Whoever is written to takes part or leads: neither superior nor RH.
    told = server.rows(
        "SELECT DISTINCT given FROM portal_person WHERE id IN (SELECT person_id FROM portal_outgoingmail)"
    )
    assert world.PARTNER_HR not in {given for (given,) in told}
    assert not [given for (given,) in told if given.startswith("N+1")]


# --- A past taken over ------------------------------------------------------------------------------------------------
PAST = [("Aude", "Berger", "Basile", "Carlier"), ("Cléo", "Dumas", "Denis", "Ferrand")]
PAST += [("Elsa", "Garnier", "Firmin", "Hubert"), ("Gilda", "Imbert", "Hector", "Jolly")]


def fill_past(page: Page) -> None:
    since = clock.today("Europe/Paris") - dt.timedelta(days=200)
    for number, (given, family, other, name) in enumerate(PAST, 1):
        if number > 2:
            page.get_by_text(f"Binôme {number}", exact=True).click()
        fields = {"one_given": given, "one_family": family, "other_given": other, "other_family": name}
        for field, words in {**fields, "starts": f"{since}", "meetings": "6"}.items():
            page.locator(f'[name="b{number}-{field}"]').fill(words)


def test_four_pairs_of_before_enter_and_enrolment_keeps_its_gate(new_page, server):
    page = new_page(given=world.OPENER)
    trail = Trail(page)
    home = create(page, trail)
    page.goto(f"{home}reprise/")
    fill_past(page)
    trail.send("Relire avant d’écrire")
    expect(page.get_by_text("bien lu")).to_have_count(4)
    trail.send("Écrire la reprise")
    expect(page.get_by_text("C’est repris")).to_be_visible()
    assert 4 <= len(trail.pages) <= 10, trail.pages
    for given, _, other, _ in PAST:
        row = row_of(page, given)
        for words in (other, "en vie", "avant le portail"):
            expect(row).to_contain_text(words)
    # The past opened no door: enrolment keeps its gate.
    page.goto(f"{home}ouvrir/")
    expect(page.locator("main")).to_contain_text("L’analyse d’impact (AIPD) n’est pas validée")
    expect(page.get_by_role("button", name="Ouvrir")).to_have_count(0)
