"""The one table of disclosure rules, with its version (decisions 18 to 23, 32, 36, 37).

Pure Python. A decision to publish reads who could be counted (membership) and never the value: a refusal then says
nothing about the value it hides. Employers may only be stricter; nothing here is a setting.
"""

from dataclasses import dataclass
from enum import StrEnum

from evaluation.disclosure.figures import FEW, WITHHELD, Figure

RULES_VERSION = 1
MIN_PEOPLE = 5
MIN_PAIRS = 3
MIN_SPLIT = 11
MIN_ANSWERS = 7
MIN_HALF_POINTS = 20
MIN_PAIRS_MONTHS, MIN_PAIRS_QUARTERS = 10, 5
LONGEST_MONTH, LONGEST_QUARTER = 31, 92
COALITION = 2
HOURS_STEP = 10
DELAYS = ("7 jours ou moins", "8 à 14 jours", "15 à 30 jours", "plus de 30 jours")


class Kind(StrEnum):
    """What is counted: this alone chooses the rule."""

    PEOPLE = "people"  # heads, not fed by pair members
    MEMBERS = "members"  # heads of pair members
    PAIRS = "pairs"  # pairs
    VOLUME = "volume"  # what pair members did: meetings
    HOURS = "hours"  # minutes given by pair members, shown in hours
    TIME = "time"  # minutes of people who need not be in a pair, shown in hours
    STATE = "state"  # whether everybody is up to date, in words: yes or not yet
    BOUND = "bound"  # the same of what binds the organisation to each of those who accompany: from 3 of them
    READY = "ready"  # how many people, of those concerned, are in a state
    PRESENCE = "presence"  # how many of the expected presences of pair members took place
    DELAY = "delay"  # a median delay, as a class of DELAYS
    ANSWERS = "answers"  # questionnaires returned, of those sent to pair members
    REPLIES = "replies"  # questionnaires returned, of those sent to people who need not be in a pair
    PRESENCES = "presences"  # how often people came, whoever they were; nobody is in a pair for it
    CALLS = "calls"  # what agents brought to somebody: calls asked for, messages (decision 36)
    ACTS = "acts"  # acts of the organisation, not of people: actions held, training hours bought


HEADS = frozenset({Kind.PEOPLE, Kind.MEMBERS, Kind.PAIRS})
FED_BY_PAIRS = frozenset({Kind.MEMBERS, Kind.PAIRS, Kind.VOLUME, Kind.HOURS, Kind.READY, Kind.PRESENCE, Kind.ANSWERS})
# Of whom somebody erased may be one: what they were counted in is then known no more.
OF_PEOPLE = frozenset({Kind.PEOPLE, Kind.MEMBERS, Kind.STATE, Kind.BOUND, Kind.READY})
IN_HOURS = frozenset({Kind.HOURS, Kind.TIME})
BANDED = frozenset({Kind.READY, Kind.PRESENCE})  # some of `units`: shown in bands at both ends

SENTENCES = (
    f"Un nombre est donné exactement quand au moins {MIN_PEOPLE} personnes, et au moins {MIN_PAIRS} binômes pour ce "
    "qui vient des binômes, pouvaient y figurer.",
    f"En dessous, un nombre de personnes ou de binômes devient « {Figure.said(FEW).text} » ; "
    f"les autres nombres sont « {Figure.said(WITHHELD).text} ».",
    f"Une réponse d’enquête n’est donnée qu’à partir de {MIN_ANSWERS} réponses et de {MIN_PAIRS} binômes invités. "
    "Les résultats les plus bas sont regroupés, et les plus hauts aussi, pour que deux collègues qui se parlent ne "
    "puissent rien déduire d’un troisième.",
    "Une question est donnée pour tout le groupe, ou côté par côté si chaque côté compte au moins "
    f"{MIN_SPLIT} réponses. Jamais les deux.",
    "Un total dont une partie est déjà publiée n’est donné que si chaque partie compte au moins "
    f"{MIN_SPLIT} personnes.",
    f"Les heures sont arrondies à {HOURS_STEP} heures, et comptent {HOURS_STEP} heures dès la première rencontre.",
    f"Les rencontres sont données par mois à partir de {MIN_PAIRS_MONTHS} binômes, par trimestre à partir de "
    f"{MIN_PAIRS_QUARTERS}, et seulement si chaque mois ou chaque trimestre en compte assez. Une période d’un mois ou d’un "
    "trimestre demande autant de binômes.",
    "La décision de diffuser dépend du nombre de personnes concernées, jamais du résultat.",
    f"Les demandes d’appui et les messages d’alerte font exception : en dessous de {MIN_PEOPLE}, zéro compris, on lit "
    f"« {Figure.said(FEW).text} ».",
    "Chaque chiffre est publié une fois, le même pour tout le monde.",
)


@dataclass(frozen=True)
class Basis:
    """Who could be counted: `people` vouched for, `pairs`, and `units`, the most the value could be."""

    people: int = 0
    pairs: int = 0
    units: int = 0


def fewest_people(kind: Kind) -> int:
    """Of how many people at least a figure may speak, alone or taken from another."""
    return MIN_PAIRS if kind == Kind.BOUND else MIN_PEOPLE


def publishable(kind: Kind, basis: Basis) -> bool:
    """Whether a figure of this kind may be shown. Reads the membership only."""
    if kind == Kind.ACTS:
        return True
    if kind in BANDED and basis.units < MIN_ANSWERS:
        return False
    fewest = {Kind.READY: MIN_SPLIT, Kind.DELAY: MIN_SPLIT, Kind.ANSWERS: MIN_ANSWERS, Kind.REPLIES: MIN_ANSWERS}.get(
        kind, fewest_people(kind)
    )
    return basis.people >= fewest and (kind not in FED_BY_PAIRS or basis.pairs >= MIN_PAIRS)


def refusal(kind: Kind, basis: Basis) -> Figure:
    """What is said instead. « Moins de 5 » is for heads, and only where it is true whatever the value."""
    few = kind in HEADS and basis.units < MIN_PEOPLE
    return Figure.said(FEW if few else WITHHELD)


def hours(minutes: int) -> int:
    """Hours to the nearest ten, never nought when something took place."""
    nearest = (minutes + HOURS_STEP * 30) // (HOURS_STEP * 60) * HOURS_STEP
    return max(nearest, HOURS_STEP) if minutes else 0


def disclose(kind: Kind, value: int, basis: Basis) -> Figure:
    """The figure to publish for `value` (minutes when `kind` is shown in hours)."""
    if not publishable(kind, basis):
        return refusal(kind, basis)
    if kind in BANDED:
        return band(value, basis.units)
    if kind == Kind.CALLS and value < MIN_PEOPLE:
        return Figure.said(FEW)
    return Figure.exact(hours(value) if kind in IN_HOURS else value)


def band(value: int, n: int) -> Figure:
    """`value` of n people: COALITION + 1 and fewer together, the same from above, exact between."""
    ends = COALITION + 1
    if value <= ends:
        return Figure(0, ends)
    return Figure(n - ends, n) if value >= n - ends else Figure.exact(value)


def protect_total(total: Figure, part: Figure, *, inside: int, outside: int) -> Figure:
    """`total` beside a published `part` of it: subtracting gives the rest, so both sides need MIN_SPLIT people."""
    if total.is_value and part.is_value and min(inside, outside) < MIN_SPLIT:
        return Figure.said(WITHHELD)
    return total


def delay_class(days: int) -> int:
    """The rank in DELAYS of a median delay: never the delay itself, which is one or two persons' own."""
    return sum(days > bound for bound in (7, 14, 30))


def spans(pairs: int) -> tuple[int, ...]:
    """Lengths in months of the spans in which meetings may be shown, the finest first."""
    return tuple(length for length, least in ((1, MIN_PAIRS_MONTHS), (3, MIN_PAIRS_QUARTERS)) if pairs >= least)


def pairs_told(pairs: int, days: int) -> int:
    """Those whose meetings may be told in an exercice of so many days: a month or a quarter asks as many as a span."""
    fewest = MIN_PAIRS_MONTHS if days <= LONGEST_MONTH else MIN_PAIRS_QUARTERS if days <= LONGEST_QUARTER else 0
    return pairs if pairs >= fewest else 0
