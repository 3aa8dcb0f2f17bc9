"""« Mes données »: what a person reads, corrects and takes away (RGPD articles 15, 16 and 20).

The file holds every column that docs/data-map.yml classes as personal and that is about the person who asks; what is
about somebody else (who manages me, who accompanies whom) is never in it. Nothing is stored: it is made and handed over.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from portal import clock, registry
from portal.crypto import Sealed
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Invitation, JournalEntry, OutgoingMail, Person
from portal.registry import Records
from portal.services import invitations, journal
from portal.services.versions import save_if_unchanged

FORMAT = "resonance-mes-donnees-1"
AN_HOUR = 10


# --- Taking away ----------------------------------------------------------------------------------------------------
@transaction.atomic
def export(*, person: Person) -> dict:
    """Everything the portal holds about `person`, as plain values: {"donnees": {label: [row, …]}, …}. Journaled.

    Raises DomainError past AN_HOUR files an hour: a stolen session does not pump.
    """
    made = JournalEntry.objects.filter(verb=Verb.EXPORTED, actor_ref=person.ref, subject_ref=person.ref)
    if made.filter(at__gt=clock.now() - dt.timedelta(hours=1)).count() >= AN_HOUR:
        raise DomainError("Vous avez déjà emporté plusieurs copies. Réessayez dans une heure.")
    journal.log(actor=person, verb=Verb.EXPORTED, target=person, subject=person)
    found: dict[str, list[dict]] = {}
    for records in registry.gather(registry.EXPORT, person):
        rows = [_plain_row(row, records.fields) for row in records.rows]
        if rows:
            found.setdefault(records.label, []).extend(rows)
    return {"format": FORMAT, "le": clock.now().isoformat(timespec="seconds"), "donnees": found}


def _plain_row(row: models.Model, fields: Iterable[str]) -> dict:
    """{column: value}; keys in English as in docs/data-map.yml, values in words when the column is a closed list.

    `__str__` is the name of a row whose column holds more than its name.
    """
    plain = {}
    for name in fields:
        if name == "__str__":
            plain["name"] = str(row)
            continue
        field = row._meta.get_field(name)
        if field.many_to_many:
            plain[name] = [str(one) for one in getattr(row, name).all()]
        elif field.choices:
            plain[name] = getattr(row, f"get_{name}_display")()
        else:
            plain[name] = _plain(getattr(row, name), row)
    return plain


def _plain(value: object, row: models.Model) -> object:
    if isinstance(value, Sealed):
        return value.open(row.ref)
    if isinstance(value, Person):
        return value.short_name
    if isinstance(value, models.Model | UUID):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value


def records(person: Person) -> list[Records]:
    """EXPORT hook of the portal: identity, account, affiliations, roles, messages, journal."""
    own = [
        Records(
            "portal.Person",
            [person],
            ("given", "family", "contact", "notify_email", "created_at", "erase_on"),
        ),
        Records(
            "portal.Affiliation",
            person.affiliations.select_related("employer", "unit").order_by("starts", "pk"),
            ("employer", "unit", "starts", "ends"),
        ),
        Records(
            "portal.EmployerRole",
            person.employer_roles.select_related("employer").order_by("starts", "pk"),
            ("employer", "role", "starts", "ends"),
        ),
        Records(
            "portal.OutgoingMail",
            OutgoingMail.objects.filter(person=person),
            ("kind", "address", "state", "created_at", "sent_at", "read_at"),
        ),
        Records("portal.NewsPreference", person.news_preferences.order_by("topic"), ("topic", "way")),
        Records(
            "portal.JournalEntry",
            JournalEntry.objects.filter(models.Q(subject_ref=person.ref) | models.Q(actor_ref=person.ref)),
            ("at", "verb", "label", "count"),
        ),
    ]
    return own + (_account(person) if person.user_id else [])


def _account(person: Person) -> list[Records]:
    return [
        Records("portal.User", [person.user], ("email", "is_active", "date_joined", "last_login")),
        Records(
            "account.EmailAddress",
            EmailAddress.objects.filter(user=person.user).order_by("pk"),
            ("email", "verified", "primary"),
        ),
        Records(
            "mfa.Authenticator",
            Authenticator.objects.filter(user=person.user).order_by("pk"),
            ("__str__", "type", "created_at", "last_used_at"),
        ),
        Records(
            "portal.Invitation",
            [row for row in Invitation.objects.all() if invitations.is_for(row, person.user.email)],
            ("employer", "email", "role", "created_at", "expires_at", "used_at"),
        ),
    ]


# --- Correcting -----------------------------------------------------------------------------------------------------
@transaction.atomic
def correct(*, person: Person, seen: int, given: str, family: str, contact: str, notify_email: str) -> None:
    """The person mends what is written about them; raises Conflict if it changed meanwhile, DomainError on a field."""
    given, family, notify_email = given.strip(), family.strip(), notify_email.strip().lower()
    if not given:
        raise DomainError("Écrivez votre prénom.", field="given")
    if not family:
        raise DomainError("Écrivez votre nom.", field="family")
    if notify_email:
        try:
            validate_email(notify_email)
        except ValidationError as error:
            raise DomainError("Cette adresse électronique n’est pas complète.", field="notify_email") from error
    person.given, person.family = given, family
    person.contact, person.notify_email = contact.strip(), notify_email
    fields = ["given", "family", "sort_key", "search_key", "contact", "notify_email"]
    save_if_unchanged(person, seen=seen, fields=fields)
    journal.log(actor=person, verb=Verb.CHANGED, target=person, subject=person)
