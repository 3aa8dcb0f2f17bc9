"""What somebody may say of themselves when they take part: every line optional, from closed lists or sealed.

Nothing of it is ever asked by anybody else, nor needed for a pair. What was lived is ticked for oneself: the other
reads « un vécu professionnel en commun » when both ticked the same, and never which.
"""

from django.db import transaction

from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.enums import ExchangeNeed, Likeness, Lived, MeetingPlace, Seniority, Side, WorkSetting
from programmes.models import Participation, Programme

# Every column, and what it is when nothing is said.
DEFAULTS = {
    "setting": "",
    "seniority": "",
    "lived": [],
    "exchange_needs": [],
    "likeness": "",
    "meeting_place": "",
    "any_site": False,
    "travels": False,
    "presentation": "",
    "presentation_published": False,
}
_LISTS = {"lived": Lived, "exchange_needs": ExchangeNeed}
_ONE_OF = {"setting": WorkSetting, "seniority": Seniority, "likeness": Likeness, "meeting_place": MeetingPlace}
PRESENT = (Side.HELPER, Side.PEER)


def may_present(programme: Programme, side: str) -> bool:
    """Whether a presentation may be published: helpers and peers, where the programme allows wishes on them."""
    return programme.wishes_on_presentations and side in PRESENT


def checked(*, programme: Programme, side: str, about: dict) -> dict:
    """The same, tidied: lists in the order of their enum. Raises DomainError on what is in no list."""
    if unknown := about.keys() - DEFAULTS.keys():
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    kept = dict(about)
    for name, closed in _LISTS.items():
        if name in kept:
            _refuse(set(kept[name]) - set(closed.values), name)
            kept[name] = [value for value in closed.values if value in kept[name]]
    for name, closed in _ONE_OF.items():
        if name in kept:
            _refuse({kept[name]} - {"", *closed.values}, name)
    if kept.get("presentation_published") and not may_present(programme, side):
        raise DomainError("Ce programme ne publie pas de présentation.", field="presentation_published")
    if kept.get("presentation_published") and not kept.get("presentation"):
        raise DomainError("Écrivez votre présentation avant de la publier.", field="presentation")
    return kept


def _refuse(strangers: set, field: str) -> None:
    if strangers:
        raise DomainError("Choisissez parmi les réponses proposées.", field=field)


@transaction.atomic
def agree(
    *, participation: Participation, by: Person, seen: int, readers: list[str], published: bool, lived_used: bool
) -> None:
    """The optional agreements as they now stand; each is taken back without effect. Ticks no longer agreed to go."""
    if participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
    row = participation
    if published and not (may_present(row.programme, row.side) and row.presentation):
        raise DomainError("Cette présentation ne peut pas être publiée.", field="presentation_published")
    row.readers, row.presentation_published = readers, published
    row.lived = row.lived if lived_used else []
    save_if_unchanged(row, seen=seen, fields=["readers", "presentation_published", "lived"])
    journal.log(actor=by, verb=Verb.CHANGED, target=row, subject=by, employer=row.employer)


def forget(participation: Participation) -> None:
    """All of it goes, words first, with who may read them."""
    participation.sites.clear()
    gone = {"free_text": "", "readers": [], **DEFAULTS}
    for name, value in gone.items():
        setattr(participation, name, list(value) if isinstance(value, list) else value)
    participation.save(update_fields=list(gone))
