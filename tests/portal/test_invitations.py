"""Invitations: one address, one use, fourteen days; and the command that opens an employer."""

import datetime as dt
import io
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.enums import EmployerRoleKind
from portal.errors import DomainError
from portal.models import EmailDomain, Employer, EmployerRole, Invitation, OutgoingMail, Person, User
from portal.services import accounts, employers, invitations

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
def invitation(town):
    return invitations.invite(employer=town, email="Super@Libre.net", role=EmployerRoleKind.HR_READER, by=None)


def link(invitation: Invitation) -> str:
    return reverse("portal:invitation", args=[invitation.token])


def account(email: str) -> User:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_the_table_keeps_neither_token_nor_address(invitation):
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert invitation.token not in str(row)
    assert "libre" not in str({**row, "email": row["email"].token}).lower()
    assert len(invitation.token) >= 43


def test_the_mail_carries_the_link_and_a_neutral_subject(town, mailoutbox, committed):
    with committed():
        sent = invitations.invite(employer=town, email="Super@Libre.net", by=None)
    (message,) = mailoutbox
    assert message.to == ["super@libre.net"]
    assert message.subject == "Résonance : votre invitation"
    assert link(sent) in message.body and "&" not in message.body
    assert not OutgoingMail.objects.get().payload, "the token is wiped once sent"


def test_reading_the_link_uses_nothing_up(client, invitation):
    before = Invitation.objects.values().get()
    for _ in range(3):
        page = client.get(link(invitation))
        assert page.status_code == 200 and "Ville de Brumeval" in page.content.decode()
    after = Invitation.objects.values().get()
    assert (before["used_at"], before["token_hash"]) == (after["used_at"], after["token_hash"])
    assert not User.objects.exists()


def test_an_invited_stranger_signs_up_with_that_address_and_gets_the_role(
    client, town, invitation, mailoutbox, committed
):
    assert client.post(link(invitation)).url == reverse("account_signup")
    page = client.get(reverse("account_signup")).content.decode()
    assert "super@libre.net" in page and "Ville de Brumeval" in page
    with committed():
        answer = client.post(reverse("account_signup"), {"given": "Sacha", "family": "Roi", "email": "autre@libre.net"})
    assert mailoutbox[-1].to == ["super@libre.net"], "another address cannot be typed in its place"
    client.post(answer.url, {"code": CODE.search(mailoutbox[-1].body).group(1)})
    person = Person.objects.get()
    assert EmployerRole.objects.get(person=person).role == EmployerRoleKind.HR_READER
    assert person.affiliations.get().employer == town
    assert client.get(link(invitation)).status_code == 410


def test_an_agent_already_there_accepts_with_one_button(client, town, invitation):
    user = account("super@libre.net")
    person = Person.objects.create(user=user, given="A", family="B")
    client.force_login(user)
    assert client.post(link(invitation)).url == reverse("portal:after_login")
    assert EmployerRole.objects.get().person == person
    assert client.post(link(invitation)).status_code == 410
    assert EmployerRole.objects.count() == 1


def test_the_holder_of_another_address_cannot_take_it(client, town, invitation):
    person = accounts.join(user=account("curieux@ville.fr"), given="A", family="B")
    client.force_login(person.user)
    page = client.get(link(invitation)).content.decode()
    assert "une autre adresse" in page
    client.post(link(invitation))
    assert not EmployerRole.objects.exists()
    with pytest.raises(DomainError, match="une autre adresse"):
        invitations.accept(invitation=invitation, person=person)
    assert Invitation.objects.get().used_at is None


def test_of_two_uses_at_the_same_moment_one_wins(invitation):
    """Both read the invitation as free before either takes it."""
    first, second = (Person.objects.create(user=account(f"{n}@x.fr"), given="A", family=n) for n in "ab")
    one, other = Invitation.objects.get(pk=invitation.pk), Invitation.objects.get(pk=invitation.pk)
    User.objects.filter(pk=first.user.pk).update(email="super@libre.net")
    first.user.refresh_from_db()
    invitations.accept(invitation=one, person=first)
    User.objects.filter(pk=first.user.pk).update(email="z@x.fr")
    User.objects.filter(pk=second.user.pk).update(email="super@libre.net")
    second.user.refresh_from_db()
    with pytest.raises(DomainError, match="n’est plus valable"):
        invitations.accept(invitation=other, person=second)
    assert EmployerRole.objects.get().person == first


@pytest.mark.parametrize(("days", "status"), [(13, 200), (14, 410)])
def test_a_link_lives_fourteen_days(client, invitation, days, status):
    with clock.at(invitation.created_at + dt.timedelta(days=days)):
        answer = client.get(link(invitation))
    assert answer.status_code == status
    assert answer.content.decode().count("<h1") == 1


def test_an_unknown_link_gets_the_same_page_as_an_expired_one(client, invitation):
    with clock.at(invitation.created_at + dt.timedelta(days=20)):
        expired = client.get(link(invitation)).content
    unknown = client.get(reverse("portal:invitation", args=["x" * 43])).content
    assert expired == unknown
    assert "demandez une nouvelle invitation" in unknown.decode()


def test_an_invitation_that_expires_during_the_sign_up_gives_no_role(client, invitation, mailoutbox, committed):
    client.post(link(invitation))
    with committed():
        answer = client.post(reverse("account_signup"), {"given": "A", "family": "B"})
    Invitation.objects.update(expires_at=clock.now())
    page = client.post(answer.url, {"code": CODE.search(mailoutbox[-1].body).group(1)}, follow=True)
    assert "n’est lié à aucun employeur" in page.content.decode()
    assert not Person.objects.exists() and not EmployerRole.objects.exists()


def test_an_incomplete_address_is_refused(town):
    with pytest.raises(DomainError, match="pas complète"):
        invitations.invite(employer=town, email="quelqu’un", by=None)


def test_a_line_break_in_the_address_is_refused(town):
    with pytest.raises(DomainError):
        invitations.invite(employer=town, email="a@ville.fr\nBcc: b@ailleurs.fr", by=None)


def test_granting_twice_is_one_role(town):
    person = accounts.join(user=account("a@ville.fr"), given="A", family="B")
    for _ in range(2):
        invitations.grant(person=person, employer=town, role=EmployerRoleKind.DPO, by=None)
    assert EmployerRole.objects.count() == 1


# --- A real start -----------------------------------------------------------------------------------------------------
def start(**more) -> str:
    out = io.StringIO()
    options = {"slug": "ville", "name": "Ville", "neutral_name": "Ville", "branch": "fpt", "domain": ["Ville.FR"]}
    call_command("create_employer", stdout=out, **(options | more))
    return out.getvalue()


def test_create_employer_opens_the_employer_and_invites_its_first_people(db):
    start(referent_email=["ref@ville.fr"], hr_email=["rh@ville.fr"])
    assert EmailDomain.objects.get().domain == "ville.fr"
    assert {i.role for i in Invitation.objects.all()} == {EmployerRoleKind.REFERENT, EmployerRoleKind.HR_SIGNATORY}
    assert OutgoingMail.objects.count() == 2


def test_create_employer_prints_links_that_work_when_no_mail_can_leave(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    printed = start(referent_email=["ref@ville.fr"])
    assert Client().get(re.search(r"/invitation/\S+", printed).group(0)).status_code == 200
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "/invitation/" not in start(slug="autre", referent_email=["ref@ville.fr"])


@pytest.mark.parametrize(
    "wrong",
    [{"domain": ["ville"]}, {"domain": ["@"]}, {"slug": "Ville d’art"}, {"time_zone": "Paris"}, {"hr_email": ["rh"]}],
)
def test_create_employer_refuses_in_one_sentence_and_leaves_nothing(db, wrong):
    with pytest.raises(CommandError):
        start(**wrong)
    assert not Employer.objects.exists() and not Invitation.objects.exists()


def test_a_slug_already_taken_is_refused(town):
    with pytest.raises(CommandError, match="déjà prise"):
        start()
