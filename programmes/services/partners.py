"""Employers that share a programme: who joins, who leaves. Never which agents came with them (field R9)."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person
from portal.services import journal
from portal.words import search_key
from programmes.models import Partner, Programme


def may_join(programme: Programme) -> QuerySet[Employer]:
    """Employers of the portal that are not in the programme today; a fictional one shares with fictional ones only."""
    inside = programme.partners.filter(left__isnull=True).values("employer")
    others = Employer.objects.exclude(pk=programme.lead_employer_id).exclude(pk__in=inside)
    return others.filter(fictional=programme.lead_employer.fictional).order_by("name", "pk")


def named(programme: Programme, words: str) -> Employer:
    """The employer that has exactly this name, short name or short address; nobody browses the employers of the portal."""
    wanted = search_key(words)
    for employer in may_join(programme):
        if wanted in (search_key(employer.name), search_key(employer.neutral_name), employer.slug):
            return employer
    raise DomainError(
        "Le portail ne connaît aucun autre employeur de ce nom, écrit exactement ainsi.", field="employer"
    )


@transaction.atomic
def add(*, programme: Programme, employer: Employer, joined: dt.date, by: Person | None) -> Partner:
    """From `joined` on, agents of `employer` may join. Nobody is told who does."""
    if not may_join(programme).filter(pk=employer.pk).exists():
        raise DomainError("Cet employeur est déjà dans le programme.", field="employer")
    if joined > clock.today(programme.time_zone):
        raise DomainError("Cette date n’est pas encore passée.", field="joined")
    earlier = programme.partners.filter(employer=employer, left__isnull=False).order_by("-left").first()
    if earlier and joined <= earlier.left:
        raise DomainError("Cet employeur était encore partenaire à cette date.", field="joined")
    partner = Partner.objects.create(programme=programme, employer=employer, joined=joined)
    journal.log(actor=by, verb=Verb.CREATED, target=partner, employer=employer)
    return partner


@transaction.atomic
def end(*, partner: Partner, by: Person | None) -> None:
    """Today is its last day. Its agents who take part go on; no new one may join."""
    today = clock.today(partner.programme.time_zone)
    if not Partner.objects.filter(pk=partner.pk, left__isnull=True).update(left=today):
        raise DomainError("Ce partenariat est déjà terminé.")
    partner.refresh_from_db()
    journal.log(actor=by, verb=Verb.CHANGED, target=partner, employer=partner.employer)
