"""Opening an employer on the portal: name, mail domains, first invitations."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.enums import Verb
from portal.errors import DomainError
from portal.local_day import MAINLAND, ZONES
from portal.models import EmailDomain, Employer, Person
from portal.services import journal

_DOMAIN = re.compile(r"(?=.{4,120}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}\Z")


@transaction.atomic
def create(
    *,
    slug: str,
    name: str,
    neutral_name: str,
    branch: str,
    domains: list[str],
    time_zone: str = MAINLAND,
    headcount: int | None = None,
    accent: str = "",
    fictional: bool = False,
    by: Person | None = None,
) -> Employer:
    """A new employer with its mail domains. Raises DomainError, naming the field that is wrong."""
    if Employer.objects.filter(slug=slug).exists():
        raise DomainError("Cette adresse courte est déjà prise : choisissez-en une autre.", field="slug")
    employer = Employer(
        slug=slug,
        name=name.strip(),
        neutral_name=neutral_name.strip(),
        branch=branch,
        time_zone=_zone(time_zone),
        headcount=headcount,
        fictional=fictional,
    )
    if accent:
        employer.accent = accent
    try:
        employer.full_clean()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(f"{employer._meta.get_field(field).verbose_name} : {sentences[0]}", field=field) from error
    employer.save()
    for domain in domains:
        add_domain(employer=employer, domain=domain)
    journal.log(actor=by, verb=Verb.CREATED, target=employer, employer=employer)
    return employer


@transaction.atomic
def add_domain(*, employer: Employer, domain: str) -> EmailDomain:
    """Let the holders of addresses `…@domain` sign up with this employer. Two employers may share a domain."""
    clean = domain.strip().lower().removeprefix("@")
    if not _DOMAIN.match(clean):
        raise DomainError(f"« {domain} » n’est pas un domaine de messagerie, comme « ville.fr ».", field="domains")
    return EmailDomain.objects.get_or_create(employer=employer, domain=clean)[0]


def _zone(name: str) -> str:
    if name not in ZONES:
        raise DomainError(f"« {name} » n’est pas un fuseau horaire de France : {', '.join(ZONES)}.", field="time_zone")
    return name
