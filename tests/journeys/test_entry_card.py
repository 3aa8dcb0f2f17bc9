"""Scene 1: somebody without a mailbox reads, leaves a number, is entered on behalf with their card; nothing is mailed."""

import pytest
from playwright.sync_api import expect

from tests.browser import NARROW, follow

SERVER = {"prepare": "build_demo"}
pytestmark = pytest.mark.browser
COUNTED = "from portal.models import OutgoingMail; print('mails', OutgoingMail.objects.exclude(state='kept').count())"


def test_a_gardener_enters_with_a_card_a_voice_and_paper(new_page, server):
    before = server.manage("shell", "-c", COUNTED).split()[-1]
    claude, andrea = new_page("claude"), new_page("andrea")
    claude.goto("/pilotage/brumeval/cartes/")
    follow(claude.get_by_role("button", name="Éditer et montrer les codes"))
    code = claude.locator(".entry-code").inner_text()

    gardener = new_page(size=NARROW)
    gardener.goto("/entree/")
    gardener.get_by_label("Le code de votre carte").fill(code.lower())
    follow(gardener.get_by_role("button", name="Continuer"))
    for words in ("Qui voit quoi", "3114", "Parler à quelqu’un d’abord"):
        expect(gardener.locator("main")).to_contain_text(words)
    follow(gardener.get_by_role("link", name="Parler à quelqu’un d’abord"))
    gardener.get_by_label("Votre numéro de téléphone").fill("06 39 98 55 01")
    gardener.get_by_label("Mardi après-midi").check()
    follow(gardener.get_by_role("button", name="Être rappelé·e"))
    expect(gardener.locator("h1")).to_have_text("C’est noté")

    claude.goto("/pilotage/brumeval/")
    expect(claude.locator("main")).to_contain_text("2 rappels demandés")
    claude.goto("/pilotage/brumeval/rappels/")
    expect(claude.locator("main")).to_contain_text("06 39 98 55 01")
    follow(claude.get_by_role("link", name="Saisir pour le compte de…").last)
    follow(claude.get_by_role("link", name="Être accompagné·e"))
    claude.get_by_label("Prénom").fill("Capucine")
    claude.get_by_label("Nom", exact=False).nth(1).fill("Vert")
    claude.get_by_label("Téléphone où joindre la personne").fill("06 39 98 55 01")
    claude.get_by_label("Par téléphone").check()
    claude.get_by_label("Mardi après-midi").check()
    claude.get_by_label("Code de la carte déjà remise").fill(code)
    claude.get_by_label("La personne a entendu").check()
    follow(claude.get_by_role("button", name="Saisir la demande"))
    expect(claude.locator("main")).to_contain_text("Saisi par Claude R. pour vous")

    andrea.goto("/rh/brumeval/")
    expect(andrea.locator("body")).not_to_contain_text("Capucine")
    assert server.manage("shell", "-c", COUNTED).split()[-1] == before
