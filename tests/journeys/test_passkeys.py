"""A référent adds a key of their device, signs out, and enters with it: real browser, virtual key."""

import pytest
from playwright.sync_api import expect

from tests.browser import follow

SERVER = {"prepare": "build_demo"}
pytestmark = pytest.mark.browser
WITH_PASSWORD = """
from portal.models import Person
user = Person.objects.filter(given="Claude").earliest("pk").user
user.set_password("une phrase bien longue")
user.save()
print(user.email)
"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _by_name(server):
    """No browser binds a key to an address made of figures."""
    server.url = server.url.replace("127.0.0.1", "localhost")


def test_a_referent_adds_a_key_and_signs_in_with_it(new_page, server):
    email = server.manage("shell", "-c", WITH_PASSWORD).split()[-1]
    page = new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def sign_in() -> None:
        page.goto("/compte/connexion/")
        page.get_by_label("Adresse électronique").fill(email)
        page.get_by_role("textbox", name="Mot de passe").fill("une phrase bien longue")
        follow(page.locator("main").get_by_role("button", name="Se connecter"))

    sign_in()
    expect(page.locator("h1")).to_have_text("Une vérification de plus")
    follow(page.get_by_role("link", name="Ajouter une clé"))
    page.get_by_role("textbox", name="Mot de passe").fill("une phrase bien longue")
    follow(page.get_by_role("button", name="Confirmer"))
    page.get_by_label("Nom de la clé").fill("ordinateur du bureau")
    follow(page.get_by_role("button", name="Ajouter la clé"))
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    follow(page.get_by_role("link", name="J’ai gardé mes codes, continuer"))
    expect(page).to_have_url(f"{server.url}/pilotage/brumeval/")

    page.goto("/compte/deconnexion/")
    follow(page.locator("main").get_by_role("button", name="Se déconnecter"))
    sign_in()
    refusing = {"authenticatorId": device, "isUserVerified": False}
    devtools.send("WebAuthn.setUserVerified", refusing)
    page.get_by_role("button", name="Utiliser ma clé").click()
    expect(page.get_by_role("alert")).to_contain_text("La clé n’a pas répondu")
    devtools.send("WebAuthn.setUserVerified", refusing | {"isUserVerified": True})
    page.get_by_role("button", name="Utiliser ma clé").click()
    expect(page).to_have_url(f"{server.url}/pilotage/brumeval/")
    page.goto("/compte/double-verification/")
    expect(page.locator("main")).to_contain_text("ordinateur du bureau")
    expect(page.locator("main")).to_contain_text("Utilisée le")
