"""What a release publishes of each question of a survey, and in which one way (decisions 20, 39). Pure data.

A question is published as a share, inside the mean of its dimension, or not at all: never in two ways. This is the whole
list; what is not here is asked for the people themselves, or not yet published.
"""

from evaluation.disclosure import surveys
from programmes.enums import Side

SHARE, MEAN_OF, EFFECT, WORDS, NEVER = "share", "mean", "effect", "words", "never"

# In the words that were asked (domain.md i.3). A code that begins with OWN is a question of the programme itself.
OWN = "OWN"
QUESTIONS = ("TC1", "TC2", "TC3", "TC4", "TC5", "TC6", "TC7", "TC8")
MANAGERS = ("CL1", "CL2", "CL3", "CL4", "CL5", "CL6", "PRAT")
HOT = ("H1", "H2", "H3", "H4")
TESTS = {"PRAT": surveys.yes}  # the others: « plutôt » or « tout à fait d’accord »
DIMENSIONS = {  # code: title, side that is asked, {item: reversed}
    "F03": ("Moins d’isolement", Side.HELPED, {"ISO1": True, "ISO2": False, "ISO3": True}),
    "F04": ("Capacité d’agir au travail", Side.HELPED, dict.fromkeys(("CAP1", "CAP2", "CAP3", "CAP4"), False)),
    "F05": ("Lien au travail", Side.HELPED, dict.fromkeys(("LIEN1", "LIEN2"), False)),
    "F12": ("Charge soutenable, pour les pairs-aidants", Side.HELPER, {"CH1": False, "CH2": True, "CH3": False}),
    "F13": ("Reconnaissance, pour les pairs-aidants", Side.HELPER, dict.fromkeys(("RO1", "RO2", "RO3"), False)),
}
HARM_ITEM, HARM_CODE = "NEG", "F16"
FREE = ("LIB1", "LIB2")

AGREE = (
    "Réponses « plutôt d’accord » ou « tout à fait d’accord », parmi toutes les personnes qui ont répondu à l’enquête."
)
AGREE_AROUND = "« Plutôt d’accord », « tout à fait d’accord » ou « oui », parmi toutes les personnes qui ont répondu."
HARM = "Personnes qui ont signalé au moins un effet gênant depuis le début, parmi celles qui ont répondu à l’enquête."
CHANGE = (
    "Mêmes personnes au départ et à la fin, rapprochées par leur code personnel. « Stable » : moins de 5 points sur 100 "
    "d’écart en moyenne. Les deux résultats ne sont pas donnés à côté : ensemble, ils trahiraient des réponses. Tendance "
    "descriptive."
)
MEAN = (
    "Moyenne sur 100 des réponses du côté interrogé, par tranche. Plus elle est haute, mieux c’est. Un thème laissé vide "
    "compte au milieu."
)


def _ways() -> dict[str, str]:
    listed = [
        *((code, SHARE) for code in (*QUESTIONS, *MANAGERS, *HOT)),
        *((item, MEAN_OF) for _, _, items in DIMENSIONS.values() for item in items),
        (HARM_ITEM, EFFECT),
        *((code, WORDS) for code in FREE),
    ]
    ways = dict(listed)
    if len(ways) != len(listed):
        raise ValueError("a question is published in one way only")
    return ways


WAYS = _ways()


def way(code: str) -> str:
    return SHARE if code.startswith(OWN) else WAYS.get(code, NEVER)
