"""Signing up and signing in: who may, what is said to strangers, codes, second factor."""

import base64
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal import clock
from portal.accounts import PENDING
from portal.enums import EmployerRoleKind, MailState, Verb
from portal.errors import DomainError
from portal.models import Affiliation, EmployerRole, JournalEntry, OutgoingMail, Person, User
from portal.services import accounts, employers, invitations

PASSWORD = "une phrase bien longue"
CODE = re.compile(r"^([B-Z]{4}-[B-Z]{4})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture
def town(db):
    return employers.create(
        slug="ville", name="Ville de Brumeval", neutral_name="Ville", branch="fpt", domains=["ville.fr"]
    )


@pytest.fixture
def agent(town):
    return make_agent("alix@ville.fr")


def make_agent(email: str, password: str | None = PASSWORD) -> Person:
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return accounts.join(user=user, given="Alix", family="Moreau")


def sign_up(client: Client, email: str, **more):
    return client.post(
        reverse("account_signup"), {"given": "Zoé", "family": "Martin", "email": email, "password1": PASSWORD, **more}
    )


def last_code(mailoutbox) -> str:
    return CODE.search(mailoutbox[-1].body).group(1)


def body(response) -> str:
    """A page without what changes at every request (the CSRF token)."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


# --- Sign-up ----------------------------------------------------------------------------------------------------------
def test_a_verified_sign_up_makes_an_agent_of_the_employer_of_the_domain(client, town, mailoutbox, committed):
    with committed():
        answer = sign_up(client, "Zoe.Martin@Ville.fr")
    assert answer.url == reverse("account_email_verification_sent")
    assert not Person.objects.exists()
    assert client.get(answer.url).status_code == 200
    answer = client.post(answer.url, {"code": last_code(mailoutbox)})
    assert answer.url == reverse("portal:after_login")
    person = Person.objects.get()
    assert (person.given, person.family, person.user.email) == ("Zoé", "Martin", "zoe.martin@ville.fr")
    assert Affiliation.objects.get(person=person).employer == town
    assert not EmployerRole.objects.exists()
    verbs = set(JournalEntry.objects.filter(actor_ref=person.ref).values_list("verb", flat=True))
    assert verbs == {Verb.CREATED, Verb.SIGNED_IN}


def test_an_address_outside_every_employer_is_refused_the_same_with_and_without_an_account(client, town):
    make_invited = User.objects.create_user("connue@ailleurs.fr", PASSWORD)
    EmailAddress.objects.create(user=make_invited, email=make_invited.email, verified=True, primary=True)
    known, unknown = sign_up(client, "connue@ailleurs.fr"), sign_up(client, "absent@ailleurs.fr")
    assert known.status_code == unknown.status_code == 200
    assert body(known).replace("connue@", "absent@") == body(unknown)
    assert "n’est pas celle d’un employeur" in body(unknown)
    assert User.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_a_subdomain_or_a_lookalike_opens_no_door(client, town):
    for email in ("a@sous.ville.fr", "a@xville.fr", "a@ville.fr.ailleurs.net", "ville.fr@ailleurs.net"):
        assert sign_up(client, email).status_code == 200
    assert not User.objects.exists()


def test_the_employer_is_asked_only_when_several_share_the_domain(client, town, mailoutbox, committed):
    assert "id_employer" not in client.get(reverse("account_signup")).content.decode()
    other = employers.create(
        slug="ccas", name="CCAS", neutral_name="CCAS", branch="fpt", domains=["ville.fr", "ccas.fr"]
    )
    employers.create(slug="tiers", name="Tiers", neutral_name="Tiers", branch="fpt", domains=["tiers.fr"])
    asked = sign_up(client, "zoe@ville.fr").content.decode()
    assert "Choisissez votre employeur" in asked and "Ville de Brumeval" in asked and "Tiers" not in asked
    assert 'value="Zoé"' in asked, "nothing already written is lost"
    assert sign_up(client, "zoe@ville.fr", employer="tiers").status_code == 200
    assert not User.objects.exists()
    with committed():
        answer = sign_up(client, "zoe@ville.fr", employer="ccas")
    client.post(answer.url, {"code": last_code(mailoutbox)})
    assert Affiliation.objects.get().employer == other


def test_a_sign_up_verified_in_another_browser_asks_the_name_again_and_drops_the_password(
    client, town, mailoutbox, committed
):
    """Somebody signs up with an address that is not theirs; the owner then comes in by a code."""
    sign_up(Client(), "victime@ville.fr")
    with committed():
        client.post(reverse("account_request_login_code"), {"email": "victime@ville.fr"})
    client.post(reverse("account_confirm_login_code"), {"code": last_code(mailoutbox)})
    page = client.get(reverse("portal:after_login"), follow=True)
    assert "Terminez votre inscription" in page.content.decode()
    client.post(reverse("portal:no_person"), {"given": "Vera", "family": "Propriétaire"})
    assert Person.objects.get().given == "Vera"
    answer = Client().post(reverse("account_login"), {"login": "victime@ville.fr", "password": PASSWORD})
    assert answer.status_code == 200, "the stranger's password must not open the account"


def test_a_sign_up_kept_in_this_browser_never_names_somebody_else(client, town, mailoutbox, committed):
    sign_up(client, "zoe@ville.fr")
    kept = client.session[PENDING]
    User.objects.create_user("autre@ville.fr", PASSWORD)
    browser = Client()
    session = browser.session
    session[PENDING] = kept
    session.save()
    with committed():
        answer = browser.post(reverse("account_login"), {"login": "autre@ville.fr", "password": PASSWORD})
    browser.post(answer.url, {"code": last_code(mailoutbox)})
    assert browser.session["_auth_user_id"]
    assert not Person.objects.exists()


def test_no_service_call_joins_an_employer_that_does_not_declare_the_domain(town):
    other = employers.create(slug="tiers", name="Tiers", neutral_name="Tiers", branch="fpt", domains=["tiers.fr"])
    user = User.objects.create_user("zoe@ville.fr")
    with pytest.raises(DomainError, match="dans la liste") as refused:
        accounts.join(user=user, given="Zoé", family="M", employer=other)
    assert refused.value.field == "employer"
    person = accounts.join(user=user, given="Zoé", family="M")
    assert accounts.join(user=user, given="Autre", family="Nom") == person
    assert Affiliation.objects.get().employer == town


def test_signed_in_without_employer_says_whom_to_ask(client, town):
    user = User.objects.create_user("seule@nulle-part.fr", PASSWORD)
    client.force_login(user)
    page = client.get(reverse("portal:after_login"), follow=True).content.decode()
    assert "Demandez à la personne" in page
    assert client.post(reverse("portal:no_person"), {"given": "A", "family": "B"}).status_code == 200
    assert not Person.objects.exists()


# --- Enumeration ------------------------------------------------------------------------------------------------------
@pytest.fixture
def hashed(monkeypatch):
    calls = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: calls.append(1) or encode(*args))
    return calls


FORMS = {
    "sign-up": ("account_signup", lambda e: {"given": "A", "family": "B", "email": e, "password1": PASSWORD}),
    "code": ("account_request_login_code", lambda e: {"email": e}),
    "reset": ("account_reset_password", lambda e: {"email": e}),
    "password": ("account_login", lambda e: {"login": e, "password": "une autre phrase fausse"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_known_and_unknown_addresses_get_the_same_answer_and_the_same_work(form, agent, hashed):
    name, fields = FORMS[form]
    seen = []
    for email in ("alix@ville.fr", "zora@ville.fr"):
        client = Client()
        hashed.clear()
        OutgoingMail.objects.all().delete()
        answer = client.post(reverse(name), fields(email))
        after = client.get(answer.url) if answer.status_code == 302 else answer
        wrong = client.post(answer.url, {"code": "BBBB-CCCC"}) if answer.status_code == 302 else answer
        seen.append(
            (
                answer.status_code,
                answer.get("Location"),
                body(after).replace(email, "x"),
                body(wrong).replace(email, "x"),
                len(hashed),
                OutgoingMail.objects.count(),
                sorted(client.cookies),
            )
        )
    assert seen[0] == seen[1]


def test_the_mail_to_an_unknown_address_says_so_to_its_owner_only(client, town, mailoutbox, committed):
    with committed():
        client.post(reverse("account_request_login_code"), {"email": "zora@ville.fr"})
    assert mailoutbox[-1].to == ["zora@ville.fr"]
    assert "Aucun compte" in mailoutbox[-1].body


# --- Codes ------------------------------------------------------------------------------------------------------------
def ask_code(client, committed, email="alix@ville.fr"):
    with committed():
        client.post(reverse("account_request_login_code"), {"email": email})


def type_code(client, code: str):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def test_a_code_opens_the_session_once_and_only_where_it_was_asked(client, agent, mailoutbox, committed):
    ask_code(client, committed)
    code = last_code(mailoutbox)
    stranger = Client()
    assert type_code(stranger, code).url.startswith(reverse("account_request_login_code"))
    assert "_auth_user_id" not in stranger.session
    type_code(client, code.lower().replace("-", " "))
    assert client.session["_auth_user_id"] == str(agent.user.pk)
    client.post(reverse("account_logout"))
    type_code(client, code)
    assert "_auth_user_id" not in client.session, "a code already used opens nothing"


def test_a_code_is_dead_after_ten_minutes(client, agent, mailoutbox, committed):
    with time_machine.travel(1_772_000_000, tick=False) as moved:
        ask_code(client, committed)
        moved.shift(601)
        type_code(client, last_code(mailoutbox))
    assert "_auth_user_id" not in client.session


def test_the_right_code_after_three_wrong_ones_is_refused(client, agent, mailoutbox, committed):
    ask_code(client, committed)
    for _ in range(3):
        type_code(client, "BBBB-CCCC")
    type_code(client, last_code(mailoutbox))
    assert "_auth_user_id" not in client.session


def test_the_second_code_replaces_the_first(client, agent, mailoutbox, committed):
    ask_code(client, committed)
    first = last_code(mailoutbox)
    ask_code(client, committed)
    if first != last_code(mailoutbox):
        type_code(client, first)
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_changed_by_code(client, agent, mailoutbox, committed):
    with committed():
        answer = client.post(reverse("account_reset_password"), {"email": "alix@ville.fr"})
    answer = client.post(answer.url, {"code": last_code(mailoutbox)})
    assert client.get(answer.url).status_code == 200
    new = "encore une phrase longue"
    done = client.post(answer.url, {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    agent.user.refresh_from_db()
    assert agent.user.check_password(new)


def test_the_sixth_password_within_minutes_is_refused_even_if_right(client, agent):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "alix@ville.fr", "password": "faux mot de passe"})
    answer = client.post(reverse("account_login"), {"login": "alix@ville.fr", "password": PASSWORD})
    assert "Trop d’essais" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_too_many_requests_get_a_page_that_says_to_wait(client, town):
    for _ in range(21):
        answer = client.post(reverse("account_signup"), {"email": "a@ville.fr"})
    assert answer.status_code == 429
    assert "minutes" in answer.content.decode()


# --- Mails of sign-in -------------------------------------------------------------------------------------------------
def test_sign_in_mails_are_rows_with_a_neutral_subject_and_are_wiped_once_sent(client, agent, mailoutbox, committed):
    with committed():
        client.post(reverse("account_request_login_code"), {"email": "alix@ville.fr"})
        row = OutgoingMail.objects.get()
        assert row.kind == "account/login_code"
        assert row.payload, "before it leaves, the code waits sealed"
    row.refresh_from_db()
    assert row.state == MailState.SENT and not row.payload
    assert mailoutbox[-1].subject == "Résonance : votre code"
    words = (mailoutbox[-1].subject + mailoutbox[-1].body).lower()
    assert not re.search(r"handicap|santé|pair-aid|malad|accompagn|127\.0\.0\.1", words)


# --- Redirects --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "outside", ["https://ailleurs.fr/", "//ailleurs.fr", "/\\ailleurs.fr", "javascript:alert(1)", "https:ailleurs.fr"]
)
def test_no_sign_in_leads_outside(client, agent, outside):
    answer = client.post(reverse("account_login"), {"login": "alix@ville.fr", "password": PASSWORD, "next": outside})
    assert answer.url == reverse("portal:after_login")
    page = client.get(reverse("portal:second_factor"), {"next": outside}).content.decode()
    assert "ailleurs" not in page and "javascript:" not in page


def test_next_on_this_host_is_followed(client, agent):
    fields = {"login": "alix@ville.fr", "password": PASSWORD, "next": "/aide/"}
    assert client.post(reverse("account_login"), fields).url == "/aide/"


# --- Second factor ----------------------------------------------------------------------------------------------------
def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_hr_activates_an_app_once_lands_back_and_is_asked_for_its_code_next_time(client, agent, town):
    """The one journey with real codes: activation, recovery codes, the page asked for, next sign-in."""
    invitations.grant(person=agent, employer=town, role=EmployerRoleKind.HR_READER, by=None)
    wanted = reverse("portal:hr_home", args=["ville"])
    login = {"login": "alix@ville.fr", "password": PASSWORD}
    client.post(reverse("account_login"), login)
    asked = client.get(wanted)
    assert asked.url.startswith(reverse("portal:second_factor"))
    page = client.get(asked.url).content.decode()
    way = re.search(r'href="(/compte/double-verification/application/[^"]*)"', page).group(1)
    again = client.get(way)
    assert again.url.startswith(reverse("account_reauthenticate")), "the password is asked before adding an app"
    assert client.get(again.url).status_code == 200
    back = client.post(again.url, {"password": PASSWORD})
    page = client.get(back.url).content.decode()
    secret = re.search(r"Clé à recopier\s: <code>(\w+)</code>", page).group(1)
    drawing = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page).group(1)).decode()
    assert 'fill="white"' in drawing, "a camera reads it in dark mode too"
    codes = client.post(back.url, {"code": totp_code(secret)})
    page = client.get(codes.url).content.decode()
    assert f'href="{wanted}"' in page
    recovery = re.search(r"<li><code>(\w+)</code></li>", page).group(1)
    assert client.get(wanted).url == reverse("evaluation:hr_reports", args=["ville"]), "the code is not asked twice"
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored and stored.startswith("v1:")

    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), login)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(wanted).url.startswith(reverse("account_login"))
    assert "Ce code n’est pas le bon" in client.post(answer.url, {"code": "000000"}).content.decode()
    client.post(answer.url, {"code": recovery})
    assert client.get(wanted).url == reverse("evaluation:hr_reports", args=["ville"])

    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), login)
    client.post(answer.url, {"code": recovery})
    assert "_auth_user_id" not in client.session, "a recovery code serves once"


def test_posting_to_the_activation_page_with_an_app_already_active_proves_nothing(client, agent, town):
    invitations.grant(person=agent, employer=town, role=EmployerRoleKind.HR_READER, by=None)
    client.force_login(agent.user)
    Authenticator.objects.create(user=agent.user, type="totp", data={"secret": "x"})
    client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    answer = client.get(reverse("portal:hr_home", args=["ville"]))
    assert answer.url.startswith(reverse("portal:second_factor"))
    page = client.get(answer.url).content.decode()
    assert reverse("mfa_reauthenticate") in page


# --- The pages --------------------------------------------------------------------------------------------------------
def one_heading(response) -> str:
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert '<html lang="fr">' in html and "<title>" in html
    assert not re.search(r'style="|<script|placeholder=', html)
    english = re.search(r"\b(Password|Sign (In|Up)|Email|Confirm\b|Authenticator|verification code)", html)
    assert not english, english
    return html


@pytest.mark.parametrize("name", ["login", "request_login_code", "signup", "reset_password", "inactive"])
def test_entrance_pages_are_french_with_one_heading(client, town, name):
    one_heading(client.get(reverse(f"account_{name}")))


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_logout", "mfa_index", "portal:account"]
)
def test_own_account_pages_are_french_with_one_heading(client, agent, name):
    client.force_login(agent.user)
    one_heading(client.get(reverse(name)))


def test_errors_keep_what_was_typed_and_name_the_field(client, town):
    html = one_heading(sign_up(client, "zoe@ailleurs.fr"))
    assert 'href="#id_email"' in html and 'value="Zoé"' in html and 'value="zoe@ailleurs.fr"' in html
    assert PASSWORD not in html


def test_unused_pages_of_the_library_do_not_exist():
    for name in ("account_confirm_email", "mfa_list_webauthn", "account_signup_by_passkey", "mfa_trust"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_the_address_changes_only_to_the_employers_domain_and_only_after_its_code(client, agent, mailoutbox, committed):
    client.post(reverse("account_login"), {"login": "alix@ville.fr", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    add = reverse("account_email")
    refused = client.post(add, {"email": "alix@ailleurs.fr", "action_add": "1"})
    assert "domaine de messagerie de votre employeur" in refused.content.decode()
    with committed():
        answer = client.post(add, {"email": "alix.moreau@ville.fr", "action_add": "1"})
    assert User.objects.get().email == "alix@ville.fr"
    with committed():
        client.post(answer.url, {"code": last_code(mailoutbox)})
    assert User.objects.get().email == "alix.moreau@ville.fr"
    assert mailoutbox[-1].to == ["alix@ville.fr"], "the former address is told"


def test_after_login_leads_to_the_first_space(client, agent, town):
    client.force_login(agent.user)
    assert client.get(reverse("portal:after_login")).url == reverse("portal:my_space")
    invitations.grant(person=agent, employer=town, role=EmployerRoleKind.HR_READER, by=None)
    assert client.get(reverse("portal:after_login")).url == reverse("portal:hr_home", args=["ville"])


def test_a_role_that_ended_opens_nothing_at_the_next_request(client, agent, town):
    role = invitations.grant(person=agent, employer=town, role=EmployerRoleKind.HR_READER, by=None)
    client.force_login(agent.user)
    assert client.get(reverse("portal:hr_home", args=["ville"])).status_code == 302
    EmployerRole.objects.filter(pk=role.pk).update(starts="2020-01-01", ends="2020-12-31")
    assert client.get(reverse("portal:hr_home", args=["ville"])).status_code == 404


def test_sign_in_leaves_its_time_in_the_journal(client, agent):
    before = clock.now()
    client.post(reverse("account_login"), {"login": "alix@ville.fr", "password": PASSWORD})
    entry = JournalEntry.objects.get(verb=Verb.SIGNED_IN)
    assert entry.actor_ref == agent.ref and entry.at >= before
