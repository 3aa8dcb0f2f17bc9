"""Keys as a second factor, with a key made of software: added, used to sign in and to confirm, named, removed."""

import hashlib
import html
import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from portal.enums import EmployerRoleKind
from portal.models import OutgoingMail, Person, User
from portal.services import accounts, employers, invitations

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase bien longue"
HOST = "localhost"
FLAGS = AuthenticatorData.FLAG
ADD, SIGN_IN, AGAIN = (reverse(f"mfa_{n}") for n in ("add_webauthn", "authenticate", "reauthenticate_webauthn"))


class SoftKey:
    """What a device does: one private key, answers in JSON."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()

    def create(self, options: dict) -> str:
        public = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        data = AuthenticatorData.create(_rp(), FLAGS.UP | FLAGS.UV | FLAGS.AT, 0, bytes(public))
        return self._answer(
            options,
            "webauthn.create",
            attestationObject=websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        )

    def get(self, options: dict) -> str:
        data = AuthenticatorData.create(_rp(), FLAGS.UP | FLAGS.UV, 1)
        client = _client(options, "webauthn.get")
        signed = self.private.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            options, "webauthn.get", authenticatorData=websafe_encode(bytes(data)), signature=websafe_encode(signed)
        )

    def _answer(self, options: dict, kind: str, **response: str) -> str:
        client = websafe_encode(_client(options, kind))
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {"clientDataJSON": client, **response},
                "clientExtensionResults": {},
            }
        )


def _rp() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()


def _client(options: dict, kind: str) -> bytes:
    asked = next(iter(options.values()))["publicKey"]["challenge"]
    return json.dumps({"type": kind, "challenge": asked, "origin": f"http://{HOST}"}).encode()


def ceremony(response) -> dict:
    """What the button of a page asks the browser for."""
    page = response.content.decode()
    return json.loads(html.unescape(re.search(r'data-passkey-data="([^"]+)"', page)[1]))


@pytest.fixture
def claude(client) -> Person:
    cache.clear()
    client.defaults["HTTP_HOST"] = HOST
    town = employers.create(slug="ville", name="Ville", neutral_name="Ville", branch="fpt", domains=["ville.fr"])
    person = agent_of("claude@ville.fr")
    invitations.grant(person=person, employer=town, role=EmployerRoleKind.HR_READER, by=None)
    return person


def agent_of(email: str) -> Person:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return accounts.join(user=user, given="Claude", family="Moreau")


def sign_in(client):
    return client.post(reverse("account_login"), {"login": "claude@ville.fr", "password": PASSWORD})


def with_key(client, name: str = "téléphone") -> SoftKey:
    """Signed in, with a key just added."""
    key = SoftKey()
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(ADD, {"name": name, "credential": key.create(ceremony(client.get(ADD)))})
    return key


HR = "portal:hr_home"


def enters(client) -> bool:
    return "securite" not in client.get(reverse(HR, args=["ville"])).url


def test_a_key_is_offered_beside_the_application_then_counts_at_once(client, claude):
    sign_in(client)
    asked = client.get(client.get(reverse(HR, args=["ville"])).url).content.decode()
    assert ADD in asked and reverse("mfa_activate_totp") in asked
    with_key(client)
    assert enters(client)
    kinds = set(Authenticator.objects.filter(user=claude.user).values_list("type", flat=True))
    assert kinds == {"webauthn", "recovery_codes"}, "printed codes come with it"


def test_a_made_up_key_is_not_added(client, claude):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for made_up in ({"id": "x"}, ["x"], {"id": "x", "rawId": "x", "response": {}}):
        client.get(ADD)
        page = client.post(ADD, {"name": "x", "credential": json.dumps(made_up)}).content.decode()
        assert "n’a pas été reconnue" in page
    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_key_and_another_key_is_refused(client, claude):
    key = with_key(client)
    client.post(reverse("account_logout"))
    assert sign_in(client).url.startswith(SIGN_IN)
    wrong = client.post(SIGN_IN, {"credential": SoftKey().get(ceremony(client.get(SIGN_IN)))})
    assert "Cette clé n’a pas été reconnue" in wrong.content.decode()
    assert "_auth_user_id" not in client.session
    client.post(SIGN_IN, {"credential": key.get(ceremony(wrong))})
    assert enters(client)


def test_an_answer_serves_once_and_a_form_sent_without_script_is_said(client, claude):
    key = with_key(client)
    client.post(reverse("account_logout"))
    sign_in(client)
    answer = key.get(ceremony(client.get(SIGN_IN)))
    client.get(SIGN_IN)
    assert "n’a pas été reconnue" in client.post(SIGN_IN, {"credential": answer}).content.decode()
    assert "n’a pas répondu" in client.post(SIGN_IN, {"credential": ""}).content.decode()
    for made_up in ({"id": "x"}, ["x"], {"id": "x", "rawId": 3, "response": {}}):
        page = client.post(SIGN_IN, {"credential": json.dumps(made_up)}).content.decode()
        assert "n’a pas été reconnue" in page
        cache.clear()
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_the_day_the_key_is_lost(client, claude):
    with_key(client)
    codes = re.findall(r"<li><code>(\w+)</code></li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    client.post(reverse("account_logout"))
    sign_in(client)
    client.post(SIGN_IN, {"code": codes[0]})
    assert enters(client)


def test_without_a_key_the_sign_in_page_asks_for_a_code_only(client, claude):
    Authenticator.objects.create(user=claude.user, type="totp", data={"secret": "x"})
    sign_in(client)
    page = client.get(SIGN_IN).content.decode()
    assert "data-passkey" not in page and "id_code" in page


def test_a_session_without_the_key_confirms_with_it_and_lands_back(client, claude):
    key = with_key(client)
    client.post(reverse("account_logout"))
    client.force_login(claude.user)
    asked = client.get(reverse(HR, args=["ville"]))
    page = client.get(asked.url).content.decode()
    way = html.unescape(re.search(rf'href="({AGAIN}[^"]*)"', page)[1])
    refused = client.post(way, {"credential": SoftKey().get(ceremony(client.get(way)))})
    assert refused.status_code == 200 and "n’a pas été reconnue" in refused.content.decode()
    assert not enters(client)
    back = client.post(way, {"credential": key.get(ceremony(refused)), "next": reverse(HR, args=["ville"])})
    assert back.url == reverse(HR, args=["ville"]) and enters(client)


def test_a_key_is_renamed_and_removed_by_its_owner_alone_who_is_told(client, claude, committed):
    with committed():
        with_key(client)
    key = Authenticator.objects.get(user=claude.user, type="webauthn")
    edit, remove = (reverse(f"mfa_{n}_webauthn", args=[key.pk]) for n in ("edit", "remove"))
    thief = agent_of("autre@ville.fr").user
    other = client.__class__(HTTP_HOST=HOST)
    other.force_login(thief)
    other.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for address in (edit, remove):
        assert other.get(address).status_code == other.post(address, {"name": "volée"}).status_code == 404
    client.post(edit, {"name": "clé du bureau"})
    assert "clé du bureau" in client.get(reverse("mfa_index")).content.decode()
    assert "40 caractères" in client.post(edit, {"name": "x" * 41}).content.decode()
    assert "codes de secours seront effacés" in client.get(remove).content.decode()
    client.post(remove)
    assert not Authenticator.objects.filter(user=claude.user).exists(), "codes alone open nothing"
    kinds = list(OutgoingMail.objects.filter(kind__contains="webauthn").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["account/webauthn_added", "account/webauthn_removed"]


def test_on_an_address_of_figures_the_page_says_where_to_go(client, claude):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(ADD, HTTP_HOST="127.0.0.1:8103").content.decode()
    assert "http://localhost:8103/" in page and "data-passkey" not in page


def test_the_pages_are_french_hold_no_inline_script_and_one_heading(client, claude):
    with_key(client)
    key = Authenticator.objects.get(user=claude.user, type="webauthn")
    pages = [reverse("mfa_index"), ADD, AGAIN, reverse("mfa_edit_webauthn", args=[key.pk])]
    for address in [*pages, reverse("mfa_remove_webauthn", args=[key.pk]), reverse("portal:account")]:
        page = client.get(address).content.decode()
        assert page.count("<h1") == 1, address
        assert not re.search(r'style="|<script(?![^>]*src=)|\bPassword|Security|Master', page), address
