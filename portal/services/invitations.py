"""Invitations: a link sent to one address, that lets its holder in once."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from portal import clock
from portal.enums import EmployerRoleKind, Verb
from portal.errors import DomainError
from portal.models import Employer, EmployerRole, Invitation, OutgoingMail, Person
from portal.services import journal, mail

VALID_DAYS = 14
MAIL = "portal/invitation"
GONE = "Ce lien d’invitation n’est plus valable : il a déjà servi, ou il a plus de 14 jours. Demandez-en un nouveau."


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, employer: Employer, email: str, role: str = "", by: Person | None) -> Invitation:
    """Invite one address, by mail. `by` is None for the very first ones (the command that opens an employer).

    The token is an attribute of the object returned here and of the sealed mail only: the table keeps its hash.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise DomainError("Cette adresse électronique n’est pas complète.", field="email") from error
    if role and role not in EmployerRoleKind.values:
        raise DomainError("Ce rôle n’existe pas.", field="role")
    token, now = secrets.token_urlsafe(32), clock.now()
    invitation = Invitation.objects.create(
        employer=employer,
        email=address,
        role=role,
        token_hash=_hash(token),
        created_by_ref=by.ref if by else employer.ref,
        created_at=now,
        expires_at=now + timedelta(days=VALID_DAYS),
    )
    invitation.token = token
    key = f"invitation:{invitation.ref}"
    secret = {"token": token}
    mail.post(kind=MAIL, key=key, address=address, object_ref=invitation.ref, secret=secret, employer=employer)
    journal.log(actor=by, verb=Verb.CREATED, target=invitation, employer=employer)
    return invitation


@mail.content(MAIL)
def _content(message: OutgoingMail) -> dict:
    invitation = Invitation.objects.select_related("employer").get(ref=message.object_ref)
    return {"employer": invitation.employer.neutral_name, "days": VALID_DAYS}


def find(token: str) -> Invitation | None:
    """The invitation behind a link, if it may still be used. Reading it changes nothing."""
    return _usable().filter(token_hash=_hash(token)).first()


def find_by_ref(ref: str) -> Invitation | None:
    """The invitation kept in a session between the link and the end of the sign-up, if it may still be used."""
    return _usable().filter(ref=ref).first()


def _usable():
    return Invitation.objects.select_related("employer").filter(used_at__isnull=True, expires_at__gt=clock.now())


def is_for(invitation: Invitation, email: str) -> bool:
    """Whether the invitation was sent to this very address."""
    return invitation.email.open(invitation.ref) == email.strip().lower()


@transaction.atomic
def accept(*, invitation: Invitation, person: Person) -> None:
    """Use the invitation up, once, and give `person` its role from today. Raises DomainError."""
    if person.user is None or not is_for(invitation, person.user.email):
        raise DomainError("Cette invitation a été envoyée à une autre adresse que celle de votre compte.")
    if not _usable().filter(pk=invitation.pk).update(used_at=clock.now()):
        raise DomainError(GONE)
    employer = invitation.employer
    journal.log(actor=person, verb=Verb.CHANGED, target=invitation, employer=employer)
    if invitation.role:
        grant(person=person, employer=employer, role=invitation.role, by=person)


@transaction.atomic
def grant(*, person: Person, employer: Employer, role: str, by: Person | None) -> EmployerRole:
    """An open role with this employer from today; the one already held, if any."""
    held = EmployerRole.objects.filter(person=person, employer=employer, role=role, ends__isnull=True)
    try:
        with transaction.atomic():
            given, new = held.get_or_create(
                defaults={
                    "person": person,
                    "employer": employer,
                    "role": role,
                    "starts": clock.today(employer.time_zone),
                }
            )
    except IntegrityError:
        given, new = held.get(), False
    if new:
        journal.log(actor=by, verb=Verb.CREATED, target=given, subject=person, employer=employer)
    return given
