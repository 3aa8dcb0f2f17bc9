"""After a talk, the référent enters the wishes of somebody who does not use the portal (field R19, scene 1).

Ticks only: no words are written for somebody else. Nothing ever waits for an address: the person is told by phone and
on paper, and may claim the account later with a card.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from portal.dates import moment_in_words
from portal.errors import DomainError
from portal.models import Person
from portal.services import accounts, receipts
from programmes.models import Participation, Programme
from programmes.services import entry_cards, participation

CONTACT = "téléphone et papier : {}"


@dataclass(frozen=True)
class Entered:
    """`code`: of a card made for the person, shown once; empty when they hold one already, or the form came twice."""

    participation: Participation
    code: str = ""


@transaction.atomic
def enter(
    *,
    programme: Programme,
    by: Person,
    receipt: UUID,
    given: str,
    family: str,
    phone: str,
    card_code: str = "",
    **wishes,
) -> Entered:
    """A person without login, their request (wishes of participation.join) and their card. Raises DomainError."""
    if earlier := receipts.earlier(key=receipt):
        return Entered(Participation.objects.get(programme=programme, ref=earlier))
    employer = programme.lead_employer
    person = accounts.new_agent(given=given, family=family, employer=employer, by=by)
    person.contact = CONTACT.format(phone.strip())
    person.save(update_fields=["contact"])
    row = participation.join(programme=programme, person=person, receipt=receipt, entered_by=by, **wishes)
    if card_code:
        entry_cards.bind(code=card_code, programme=programme, person=person, by=by)
        return Entered(row)
    return Entered(row, entry_cards.replace(programme=programme, person=person, by=by))


def said(row: Participation) -> str:
    """« saisi par Claude R. pour vous, 3 mars 2026 à 10 h »; nothing when the person joined alone."""
    if row.entered_by_ref is None:
        return ""
    by = Person.objects.filter(ref=row.entered_by_ref).first()
    who = by.short_name if by else "l’équipe du programme"
    return f"saisi par {who} pour vous, {moment_in_words(row.received_at, row.programme.time_zone)}"


def check_on_paper(row: Participation) -> None:
    """Paper and cards are for people without an account. Raises DomainError."""
    if row.person is None or row.person.user_id:
        raise DomainError("Cette personne a un compte : elle lit où elle en est dans son espace.")
