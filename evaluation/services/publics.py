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
from portal.words import listed as listed_in_words
from programmes.models import Cycle, Programme

SHOWN = 5  # of the addresses that are wrong


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
    """Each once, in order, names beside them left out; raises DomainError for those that are wrong, or for too few."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = [re.split(r"[\s;,<>\"]+", line.lower()) for line in lines]
    listed = sorted({word for line in words for word in line if "@" in word})
    domains = set(EmailDomain.objects.filter(employer=programme.lead_employer_id).values_list("domain", flat=True))
    without = [line for line, inside in zip(lines, words, strict=True) if not any("@" in word for word in inside)]
    none_at_all = [*without, *(one for one in listed if not _is_address(one))]
    _refuse(none_at_all, ("n’est pas une adresse électronique", "ne sont pas des adresses électroniques"), "")
    plus = [one for one in listed if "+" in one]
    _refuse(plus, ("porte un « + »", "portent un « + »"), " : donnez l’adresse sans lui, une par personne")
    elsewhere = [one for one in listed if one.rpartition("@")[2] not in domains]
    one_or_many = ("n’est pas une adresse de l’employeur", "ne sont pas des adresses de l’employeur")
    _refuse(elsewhere, one_or_many, " : un lien ne part qu’aux adresses de travail")
    if len(listed) < MIN_ANSWERS:
        raise DomainError(
            f"Donnez au moins {MIN_ANSWERS} adresses : tous les encadrants de l’employeur, pas une partie.",
            field="addresses",
        )
    return listed


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _refuse(wrong: list[str], one_or_many: tuple[str, str], why: str) -> None:
    """All of them at once, the first ones by name."""
    if not wrong:
        return
    named = [f"« {one} »" for one in wrong[:SHOWN]]
    if (more := len(wrong) - SHOWN) > 0:
        named.append(f"{more} autres" if more > 1 else "une autre")
    raise DomainError(f"{listed_in_words(named)} {one_or_many[len(wrong) > 1]}{why}.", field="addresses")
