"""Waves of all the managers of an employer (decision 30).

Managers are known by their addresses, given by RH as a whole and typed once: the portal writes to them, nobody picks who
answers, and the addresses are destroyed at closing.
"""

import datetime as dt
import re
from collections import Counter
from random import Random

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from evaluation.disclosure.rules import MIN_ANSWERS
from evaluation.enums import Public
from evaluation.models import Wave, WaveInvitation
from evaluation.services import waves
from portal.errors import DomainError
from portal.models import EmailDomain, Person
from programmes.models import Cycle, Programme


@transaction.atomic
def open_managers(
    *, cycle: Cycle, moment: str, closes_on: dt.date, addresses: str, by: Person | None, chance: Random | None = None
) -> Wave:
    """Ask all the managers of the employer; `addresses` is the whole list, one a line."""
    waves.may_open(cycle, moment, Public.MANAGERS, closes_on)
    listed = _addresses(cycle.programme, addresses)
    wave = Wave(programme=cycle.programme, cycle=cycle, moment=moment, public=Public.MANAGERS, closes_on=closes_on)
    invitations = [WaveInvitation(address=address) for address in listed]
    waves.begin(wave, invitations, Counter({"": len(listed)}), chance=chance)
    waves.issue(wave, by)
    return wave


def _addresses(programme: Programme, text: str) -> list[str]:
    """Each once, in order; raises DomainError for one that is not of the employer, or for too few."""
    listed = sorted({one.strip().lower() for one in re.split(r"[\s;,]+", text) if one.strip()})
    domains = set(EmailDomain.objects.filter(employer=programme.lead_employer_id).values_list("domain", flat=True))
    for address in listed:
        try:
            validate_email(address)
        except ValidationError:
            raise DomainError(f"« {address} » n’est pas une adresse électronique.", field="addresses") from None
        if "+" in address:
            raise DomainError(f"« {address} » : donnez l’adresse sans « + », une par personne.", field="addresses")
        if address.rpartition("@")[2] not in domains:
            raise DomainError(
                f"« {address} » n’est pas une adresse de l’employeur : un lien ne part qu’aux adresses de travail.",
                field="addresses",
            )
    if len(listed) < MIN_ANSWERS:
        raise DomainError(
            f"Donnez au moins {MIN_ANSWERS} adresses : tous les encadrants de l’employeur, pas une partie.",
            field="addresses",
        )
    return listed
