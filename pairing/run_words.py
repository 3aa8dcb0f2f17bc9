"""The matching in plain French, for the référent and for the public page. Never on an agent's page: no score, no rank.

Codes come from pairing/matching; nothing here can tell a rule from a private wish, because nothing there does.
"""

from pairing.matching.explain import Cause, Unblock
from pairing.matching.facts import Fact
from pairing.matching.problem import Criterion
from portal.dates import count_in_words
from programmes.enums import SLOTS, Channel, WorkSetting

# The word of decision 15, and the rule of decision 44 for what has no place yet.
INCOMPATIBLE = "incompatibilité (règle ou souhait)"
NO_PLACE_YET = "pas encore de place qui convienne"

# What each criterion is, for everybody: label, and what it looks at.
CRITERIA: dict[Criterion, tuple[str, str]] = {
    Criterion.THEMES: ("Les thèmes", "ce dont la personne veut parler, et ce que l’autre propose"),
    Criterion.HOURS: ("Les créneaux", "les moments possibles en commun ; des horaires variables ne pénalisent jamais"),
    Criterion.CHANNEL: (
        "La façon d’échanger, et le lieu",
        "en présence, en visioconférence, par téléphone ou par écrit ; le lieu souhaité départage quand se voir est la "
        "seule façon commune, et n’empêche jamais",
    ),
    Criterion.SITE: (
        "Le site",
        "un site où les deux peuvent se voir, quand se voir est la seule façon commune ; la possibilité de se déplacer, "
        "ou un site non dit, compte en partie, et rien de cela n’empêche jamais",
    ),
    Criterion.PREFERENCES: ("Les préférences", "le même environnement de travail, ou un autre, si la personne l’a dit"),
    Criterion.SETTING: ("Le métier", "un environnement de travail commun"),
    Criterion.LIVED: ("Le vécu professionnel", "une expérience cochée par les deux, jamais détaillée"),
    Criterion.SENIORITY: ("L’ancienneté", "un nombre d’années de service proche"),
    Criterion.DISTANCE: ("La distance hiérarchique", "des responsabilités de niveau proche"),
    Criterion.EXCHANGE: (
        "L’accessibilité des échanges",
        "ce qui rend l’échange possible : langue des signes, lieu calme, pauses",
    ),
    Criterion.WAITING: ("L’attente", "depuis combien de temps la personne attend"),
    Criterion.CONTINUITY: ("La continuité", "une proposition restée sans réponse peut continuer"),
}
_FACTS: dict[Fact, str] = {
    Fact.COMMON_THEMES: "Thèmes en commun : {shared}.",
    Fact.NO_COMMON_THEME: "Aucun thème en commun.",
    Fact.THEMES_OPEN: "Aucun thème demandé : à voir ensemble.",
    Fact.COMMON_SLOTS: "Disponibles en même temps : {shared}.",
    Fact.HOURS_TO_AGREE: "Créneaux à convenir ensemble (horaires variables ou non précisés).",
    Fact.NO_COMMON_SLOT: "Aucun créneau en commun.",
    Fact.COMMON_CHANNELS: "Peuvent échanger {shared}.",
    Fact.PLACE_AGREED: "Peuvent échanger {shared}, à un endroit qui convient aux deux.",
    Fact.PLACE_TO_AGREE: "Peuvent échanger {shared} ; leurs souhaits de lieu diffèrent, à convenir ensemble.",
    Fact.SITE_NOT_NEEDED: "Un site en commun n’est pas nécessaire.",
    Fact.COMMON_SITE: "Peuvent se voir sur un site en commun : {shared}.",
    Fact.SITE_BY_TRAVEL: "Pas de site en commun connu, mais la personne qui accompagne peut se déplacer : le trajet "
    "compte dans son temps de mission.",
    Fact.SITE_TO_AGREE: "Site à convenir ensemble (non précisé).",
    Fact.NO_COMMON_SITE: "Aucun site en commun pour se voir : proposer la visioconférence, ou un déplacement.",
    Fact.CHANNEL_TO_AGREE: "Façon d’échanger à convenir ensemble.",
    Fact.NO_COMMON_CHANNEL: "Aucune façon d’échanger en commun.",
    Fact.NO_PREFERENCE: "Aucune préférence exprimée.",
    Fact.PREFERENCES_MET: "Les préférences exprimées sont suivies.",
    Fact.PREFERENCES_PARTLY: "Une préférence exprimée n’est pas suivie.",
    Fact.PREFERENCES_UNMET: "Les préférences exprimées ne sont pas suivies.",
    Fact.COMMON_SETTING: "Même environnement de travail : {shared}.",
    Fact.NO_COMMON_SETTING: "Environnements de travail différents, ou non précisés.",
    Fact.COMMON_LIVED: "Un vécu professionnel en commun.",
    Fact.NO_COMMON_LIVED: "Pas de vécu professionnel en commun, ou rien de coché.",
    Fact.SAME_SENIORITY: "Ancienneté comparable.",
    Fact.CLOSE_SENIORITY: "Anciennetés proches.",
    Fact.NO_CLOSE_SENIORITY: "Anciennetés éloignées, ou non précisées.",
    Fact.SAME_LEVEL: "Même niveau de responsabilité.",
    Fact.CLOSE_LEVEL: "Niveaux de responsabilité proches.",
    Fact.FAR_LEVEL: "Niveaux de responsabilité éloignés.",
    Fact.LEVEL_UNKNOWN: "Niveau de responsabilité non connu.",
    Fact.EXCHANGE_ACCESSIBLE: "L’échange est accessible aux deux.",
    Fact.EXCHANGE_NO_NEED: "Aucun besoin particulier pour l’échange.",
    Fact.EXCHANGE_ONE_NEED: "Un besoin d’accessibilité à organiser pour l’échange.",
    Fact.EXCHANGE_NEEDS: "Plusieurs besoins d’accessibilité à organiser pour l’échange.",
    Fact.WAITING: "L’attente est comptée.",
    Fact.CONTINUES: "Une proposition précédente était restée sans réponse : elle peut continuer.",
    Fact.NEW: "Ne se sont pas encore rencontrés par le programme.",
}
# Reasons worth a first line, when they are true.
_GOOD = {
    *(
        Fact.COMMON_THEMES,
        Fact.COMMON_SLOTS,
        Fact.COMMON_CHANNELS,
        Fact.PLACE_AGREED,
        Fact.PLACE_TO_AGREE,
        Fact.COMMON_SITE,
        Fact.PREFERENCES_MET,
    ),
    *(Fact.COMMON_SETTING, Fact.COMMON_LIVED, Fact.SAME_SENIORITY, Fact.CLOSE_SENIORITY, Fact.SAME_LEVEL),
    *(Fact.CLOSE_LEVEL, Fact.EXCHANGE_ACCESSIBLE, Fact.CONTINUES),
}
# What the référent has to arrange before publishing: always on the first lines.
_TO_ARRANGE = {Fact.SITE_BY_TRAVEL, Fact.NO_COMMON_SITE}
_SLOTS = dict(SLOTS)
# Labels by code of what has a table: {Criterion.THEMES: {code: label}, Criterion.SITE: {key: name}}.
Names = dict[Criterion, dict]


def _or(words: list[str]) -> str:
    return " ou ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _first(words: list[str]) -> str:
    """Three of them, and how many more."""
    more = len(words) - 3
    return ", ".join(words[:3]) + (f" et {count_in_words(more, 'autre')}" if more > 0 else "")


def _shared(part: dict, names: Names) -> str:
    values = part["shared"]
    if part["criterion"] == Criterion.THEMES:
        return ", ".join(names[Criterion.THEMES].get(value, value) for value in values)
    if part["criterion"] == Criterion.SITE:
        return _first(sorted(names[Criterion.SITE].get(value, "un site retiré depuis") for value in values))
    if part["criterion"] == Criterion.HOURS:
        return _first([_SLOTS[value] for value in values])
    if part["criterion"] == Criterion.SETTING:
        return ", ".join(WorkSetting(value).label for value in values)
    return _or([Channel(value).label for value in values])


def sentence(part: dict, names: Names) -> str:
    """One part of a staged pair (services/matching.py `reasons_of`) as a sentence."""
    return _FACTS[Fact(part["fact"])].format(shared=_shared(part, names))


def main_reasons(parts: list[dict], names: Names) -> list[str]:
    """The three reasons that count most, in words, then what is left to arrange. A site in common says « en présence »."""
    facts = {part["fact"] for part in parts}
    told = _GOOD - ({Fact.COMMON_CHANNELS} if Fact.COMMON_SITE in facts else set())
    good = [part for part in parts if part["fact"] in told and part["points"]]
    best = sorted(good, key=lambda part: -part["points"])[:3]
    return [sentence(part, names) for part in (*best, *(part for part in parts if part["fact"] in _TO_ARRANGE))]


def all_reasons(parts: list[dict], names: Names) -> list[dict]:
    """Every criterion with its label, its sentence and its points: folded, for the référent."""
    return [
        part | {"label": CRITERIA[Criterion(part["criterion"])][0], "said": sentence(part, names)} for part in parts
    ]


# --- Why not yet ------------------------------------------------------------------------------------------------------
def _by(channels: list[str]) -> str:
    return _or([Channel(value).label for value in channels])


def cause(row: dict) -> str:
    """Why somebody has no pair yet, for the référent."""
    said = _by(row.get("channels", []))
    return {
        Cause.NOBODY: "aucune place libre pour l’instant",
        Cause.INCOMPATIBLE: INCOMPATIBLE,
        Cause.CHANNEL: f"aucune place {said}" if said else NO_PLACE_YET,
        Cause.HOURS: "aucune place sur les mêmes créneaux",
        Cause.CHANNEL_OR_HOURS: "aucune place avec la même façon d’échanger et les mêmes créneaux",
        Cause.TAKEN: NO_PLACE_YET,
    }[Cause(row["cause"])]


def helps(row: dict) -> list[str]:
    """What would unblock: the smallest changes, without anybody losing a pair."""
    return [_help(one) for one in row.get("helps", [])]


def _help(one: dict) -> str:
    if one["kind"] == Unblock.HOURS:
        slots = [_SLOTS[bit] for bit in one["slots"][:3]]
        return f"un créneau de plus : {_or(slots)}"
    if one["kind"] == Unblock.CHANNEL:
        return f"une autre façon d’échanger : {_by(one['channels'])}"
    return f"une place {_by(one['channels'])}".rstrip()
