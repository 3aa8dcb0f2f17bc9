"""Sites where people of a programme may meet: the list, kept by its référent, and what somebody chose in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from portal.words import search_key
from programmes.enums import Channel, Side
from programmes.models import Participation, Programme, Site
from programmes.models.sites import MOST


@dataclass(frozen=True)
class Line:
    """One line of the list as it should be. `ref`: of a site that exists; without a name, it goes."""

    name: str
    small: bool = False
    ref: UUID | None = None


class Choice(NamedTuple):
    """Where somebody may meet, as it is kept: named sites, or any; `travels` for whoever helps."""

    sites: list[Site]
    any_site: bool
    travels: bool


@transaction.atomic
def set_all(*, programme: Programme, seen: int, lines: Iterable[Line], agreed: bool = False, by: Person) -> None:
    """Write the whole list: sites named anew keep the answers they have, sites without a name go with theirs.

    `agreed`: the référent knows that answers go too. Raises Conflict, DomainError (twice the same name, too many).
    """
    known = {site.ref: site for site in programme.sites.all()}
    kept = [line for line in lines if line.name.strip()]
    gone = known.keys() - {line.ref for line in kept}
    _refuse_doubles([line.name for line in kept])
    if len(kept) > MOST:
        raise DomainError(f"Un programme a {MOST} sites au plus : réunissez-en par secteur.")
    chosen = _chosen([known[ref].pk for ref in gone])
    if chosen and not agreed:
        names = ", ".join(f"« {site} »" for site in chosen)
        raise DomainError(
            f"Des personnes ont choisi {names}. Cochez cette case pour le retirer aussi de leurs réponses.",
            field="agreed",
        )
    save_if_unchanged(programme, seen=seen, fields=[])
    programme.sites.filter(ref__in=gone).delete()
    for line in kept:
        site = known.get(line.ref) or Site(programme=programme)
        site.name, site.small = " ".join(line.name.split()), line.small
        site.save()
    if not kept:
        programme.participations.update(any_site=False, travels=False)
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


def _refuse_doubles(names: list[str]) -> None:
    found = set()
    for name in names:
        if search_key(name) in found:
            raise DomainError(f"« {name.strip()} » est deux fois dans la liste.")
        found.add(search_key(name))


def _chosen(sites: list[int]) -> list[Site]:
    through = Participation.sites.through.objects.filter(site__in=sites)
    return list(Site.objects.filter(pk__in=through.values("site")))


def choose(
    *,
    programme: Programme,
    side: str,
    channels: Iterable[str],
    sites: Iterable[Site],
    any_site: bool = False,
    travels: bool = False,
) -> Choice:
    """What is kept of an answer: nothing where nobody is met in person or the programme has no sites.

    Raises DomainError on a site of another programme.
    """
    known = set(programme.sites.all())
    if not known or Channel.IN_PERSON not in channels:
        return Choice([], False, False)
    wanted = list(sites)
    if set(wanted) - known:
        raise DomainError("Choisissez parmi les sites proposés.", field="sites")
    return Choice([] if any_site else wanted, any_site, travels and side == Side.HELPER)
