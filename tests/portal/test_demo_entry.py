"""The demonstration's doors: for a browser on this machine, in demo mode, and nobody else."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal import demo_mail
from portal.enums import EmployerRoleKind
from portal.models import Person, User
from portal.services import accounts, employers, invitations

ENTER, MAILS = "/demo/entrer/", "/demo/courrier/"


@pytest.fixture
def dominique(db) -> Person:
    employer = employers.create(
        slug="brumeval", name="Brumeval", neutral_name="Brumeval", branch="fpt", domains=["brumeval.invalid"]
    )
    email = accounts.demo_address("dominique", "brumeval")
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    person = accounts.join(user=user, given="Dominique", family="Lavergne", employer=employer)
    invitations.grant(person=person, employer=employer, role=EmployerRoleKind.HR_SIGNATORY, by=None)
    return person


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_one_click_signs_the_person_in_with_her_second_factor_held_as_given(client, dominique):
    answer = client.post(ENTER, {"personne": "dominique"})
    assert answer.url == reverse("portal:after_login")
    assert client.get(answer.url).url == reverse("portal:hr_home", args=["brumeval"])
    answer = client.get(reverse("portal:second_factor"), {"next": "/aide/"})
    assert answer.url == "/aide/", "nothing more is asked"


def test_the_same_session_without_demo_mode_has_no_second_factor(client, dominique, settings):
    client.post(ENTER, {"personne": "dominique"})
    settings.DEMO = False
    assert client.get(reverse("portal:second_factor")).status_code == 200


def test_the_session_is_a_new_one_at_every_entry(client, dominique):
    session = client.session
    session["kept"] = "by somebody else"
    session.save()
    before = session.session_key
    client.post(ENTER, {"personne": "dominique"})
    assert client.session.session_key != before
    assert "kept" not in client.session


def test_next_is_followed_on_this_host_only(client, dominique):
    assert client.post(ENTER, {"personne": "dominique", "next": "/aide/"}).url == "/aide/"
    for outside in ("https://ailleurs.fr/", "//ailleurs.fr/"):
        assert client.post(ENTER, {"personne": "dominique", "next": outside}).url == reverse("portal:after_login")


@pytest.mark.parametrize("key", ["", "inconnue", "dominique@brumeval.invalid", "DOMINIQUE", "claude"])
def test_an_unknown_or_absent_person_is_not_found(client, dominique, key):
    assert client.post(ENTER, {"personne": key}).status_code == 404
    assert not signed_in(client)


@pytest.mark.parametrize("address", [ENTER, MAILS])
@pytest.mark.parametrize(
    "seen",
    [
        {"REMOTE_ADDR": "192.168.1.12"},
        {"REMOTE_ADDR": "8.8.8.8"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"HTTP_X_FORWARDED_HOST": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 cache"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ],
    ids=str,
)
def test_from_elsewhere_or_behind_a_proxy_the_doors_are_the_static_404(dominique, address, seen):
    client = Client()
    missing = client.get("/rien/du/tout/")
    for send in (client.get, client.post):
        answer = send(address, {"personne": "dominique"}, **seen)
        assert answer.status_code == 404
        assert answer.content == missing.content
    assert not signed_in(client)


@pytest.mark.parametrize("address", [ENTER, MAILS])
def test_outside_demo_mode_the_doors_do_not_exist(client, dominique, settings, address):
    settings.DEMO = False
    assert client.post(address, {"personne": "dominique"}).status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_every_loopback_address_is_this_machine(client, dominique, address):
    assert client.post(ENTER, {"personne": "dominique"}, REMOTE_ADDR=address).status_code == 302


def test_entering_asks_for_a_form_of_ours(dominique):
    client = Client(enforce_csrf_checks=True)
    assert client.post(ENTER, {"personne": "dominique"}).status_code == 403
    assert client.get(ENTER).status_code == 405
    assert not signed_in(client)


def test_the_demo_mail_page_shows_messages_newest_first_and_escapes_them(client, db, settings, tmp_path):
    settings.DEMO_MAIL_DIR = tmp_path / "courrier"
    assert "Aucun message" in client.get(MAILS).content.decode()
    backend = demo_mail.Backend()
    backend.send_messages([EmailMessage("Premier", "Bonjour", to=["a@x.invalid"])])
    backend.send_messages([EmailMessage("Second <b>", "Voir http://127.0.0.1:8000/x/ <script>", to=["b@x.invalid"])])
    html = client.get(MAILS).content.decode()
    assert html.index("Second &lt;b&gt;") < html.index("Premier")
    assert '<a href="http://127.0.0.1:8000/x/"' in html and "<script" not in html
    assert html.count("<h1") == 1
