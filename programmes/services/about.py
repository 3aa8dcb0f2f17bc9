"""What somebody may say of themselves when they take part: every line optional, from closed lists or sealed.

Nothing of it is ever asked by anybody else, nor needed for a pair. What was lived is ticked for oneself: the other
reads « un vécu professionnel en commun » when both ticked the same, and never which.
"""

from portal.errors import DomainError
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


def forget(participation: Participation) -> None:
    """All of it goes, words first, with who may read them."""
    gone = {"free_text": "", "readers": [], **DEFAULTS}
    for name, value in gone.items():
        setattr(participation, name, list(value) if isinstance(value, list) else value)
    participation.save(update_fields=list(gone))
