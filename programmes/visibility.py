"""What each reader sees of somebody who takes part: one function a reader, which the real pages show as they are.

The preview of the inscription, « Qui voit quoi de moi » and the pages of the référent and of the pair all come from
here (domain.md b.2 as settled by decisions 14, 42). Nobody else reads anything.
"""

from dataclasses import dataclass, replace

from programmes.enums import (
    SLOTS,
    Channel,
    ExchangeNeed,
    Likeness,
    MeetingPlace,
    Seniority,
    Side,
    WorkSetting,
)
from programmes.letter_text import PROPOSED_TITLE
from programmes.models import Participation

Facts = list[tuple[str, str]]
UNSEEN = (
    "vos cases de vécu (au plus, sur une proposition : « un vécu professionnel en commun »), ce que vous vous dites, "
    "le nombre de vos rencontres, vos réponses aux enquêtes."
)


@dataclass(frozen=True)
class Profile:
    """What somebody chose, whether or not they have sent it yet. `words` and `presentation`: already open."""

    side: str
    name: str
    given: str
    themes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    slots: int = 0
    variable_hours: bool = False
    places: int = 1
    setting: str = ""
    seniority: str = ""
    lived: tuple[str, ...] = ()
    exchange_needs: tuple[str, ...] = ()
    likeness: str = ""
    meeting_place: str = ""
    sites: tuple[str, ...] = ()
    any_site: bool = False
    travels: bool = False
    words: str = ""
    readers: tuple[str, ...] = ()
    presentation: str = ""
    published: bool = False


@dataclass(frozen=True)
class Reader:
    """One reader of the preview: what they see, and a sentence on what they never see."""

    title: str
    facts: Facts
    when: str
    never: str


def of(row: Participation) -> Profile:
    """As sent. `themes`, `sites` and `person` are read once; opens the words, which the reader's function then keeps or drops."""
    return Profile(
        side=row.side,
        name=row.person.short_name,
        given=row.person.given,
        themes=tuple(theme.label for theme in row.themes.all()),
        channels=tuple(row.channels),
        slots=row.slots,
        variable_hours=row.variable_hours,
        places=row.places,
        setting=row.setting,
        seniority=row.seniority,
        lived=tuple(row.lived),
        exchange_needs=tuple(row.exchange_needs),
        likeness=row.likeness,
        meeting_place=row.meeting_place,
        sites=tuple(site.name for site in row.sites.all()),
        any_site=row.any_site,
        travels=row.travels,
        words=row.free_text.open(row.ref),
        readers=tuple(row.readers),
        presentation=row.presentation.open(row.ref),
        published=row.presentation_published,
    )


def with_agreements(profile: Profile, *, readers: list[str], published: bool, lived_used: bool) -> Profile:
    """The same, had these agreements been given."""
    lived = profile.lived if lived_used else ()
    return replace(profile, readers=tuple(readers), published=published and bool(profile.presentation), lived=lived)


def for_referent(profile: Profile) -> Facts:
    """The page « Fiche » of the référent."""
    slots = [label for bit, label in SLOTS if profile.slots >> bit & 1]
    rows = [
        ("Places", str(profile.places) if profile.side == Side.HELPER else ""),
        ("Thèmes", _labels(profile.themes) or "aucun"),
        ("Façons d’échanger", _labels(Channel(value).label for value in profile.channels)),
        ("Créneaux", _labels([*(["horaires variables"] if profile.variable_hours else []), *slots])),
        _needs(profile),
        *_places(profile),
        ("Préférence", Likeness(profile.likeness).label if profile.likeness else ""),
        ("Environnement de travail", WorkSetting(profile.setting).label if profile.setting else ""),
        ("Ancienneté", Seniority(profile.seniority).label if profile.seniority else ""),
        ("Ses mots", profile.words if "referent" in profile.readers else ""),
    ]
    return [row for row in rows if row[1]]


def for_pair(profile: Profile) -> Facts:
    """The other member's page, once everybody has said yes."""
    rows = [
        ("Thèmes", _labels(profile.themes) or "aucun"),
        ("Façons d’échanger", _labels(Channel(value).label for value in profile.channels)),
        _needs(profile),
        *_places(profile),
        ("Ses mots", profile.words if "pair" in profile.readers else ""),
        ("Sa présentation", profile.presentation if profile.published else ""),
    ]
    return [row for row in rows if row[1]]


def for_hr(profile: Profile) -> Facts:
    """The list of letters of RH: helpers only, once a letter is sent to RH."""
    if profile.side != Side.HELPER:
        return []
    return [("Nom", profile.name), ("Lettre de mission", f"{PROPOSED_TITLE}, dates et heures par mois")]


def for_manager(profile: Profile) -> Facts:
    """The visa of time: helpers only."""
    if profile.side != Side.HELPER:
        return []
    return [("Nom", profile.name), ("Mission", f"{PROPOSED_TITLE}, période, heures et jours d’absence")]


def readers(profile: Profile, pair: str = "binôme") -> list[Reader]:
    """The four of the preview. `pair`: the programme's own word."""
    mission = "pourquoi vous avez cette mission, avec qui, ce que vous avez coché ou écrit."
    nothing = "Ni ce que vous avez coché ou écrit, ni même que vous participez."
    return [
        Reader(
            f"Mon {pair}",
            [("Prénom", profile.given), *for_pair(profile)],
            "Quand vous avez dit oui tous les deux. Avant : votre prénom et trois points communs au plus.",
            "vos créneaux, votre ancienneté, vos cases de vécu. Si vous avez coché la même : « un vécu professionnel "
            "en commun », sans dire laquelle.",
        ),
        Reader("Le ou la référent·e", [("Nom", profile.name), *for_referent(profile)], "Dès l’envoi.", UNSEEN),
        Reader(
            "Les ressources humaines",
            for_hr(profile),
            "Quand votre lettre de mission leur est envoyée." if profile.side == Side.HELPER else "",
            mission if profile.side == Side.HELPER else nothing,
        ),
        Reader(
            "Mon encadrement",
            for_manager(profile),
            "Quand le temps de votre mission lui est demandé." if profile.side == Side.HELPER else "",
            mission if profile.side == Side.HELPER else nothing,
        ),
    ]


def _labels(values) -> str:
    return " · ".join(values)


def _needs(profile: Profile) -> tuple[str, str]:
    return "Pour que l’échange soit accessible", _labels(ExchangeNeed(value).label for value in profile.exchange_needs)


def _places(profile: Profile) -> Facts:
    """Sites only where somebody said they may meet in person."""
    return [
        ("Où se voir", MeetingPlace(profile.meeting_place).label if profile.meeting_place else ""),
        ("Sites pour se voir", "peu importe" if profile.any_site else _labels(profile.sites)),
        ("Déplacements", "peut se déplacer sur un autre site" if profile.travels else ""),
    ]
