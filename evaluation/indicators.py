"""The closed catalogue of indicators (domain.md i.1) that a yearly release holds, in the order of the report.

A release always holds every line of this catalogue and of SUPPORT (and PAST or COLLECTIVE, where the programme has such
things), whatever the data: what the portal does not collect yet, what has no object in a programme and what may not be shown are
said by their label.
Pure data, no table, no query.
"""

from dataclasses import dataclass, replace

from evaluation.disclosure.rules import DELAYS, MIN_SPLIT, Kind
from pairing.enums import ESTIMATED_MINUTES

CADENCE_DAYS = 56
UP_TO_DATE = ("en cours", "à jour")
YES_NO = ("non", "oui")


@dataclass(frozen=True)
class Indicator:
    """One line: `code` is that of domain.md i.1 (H: its chapter h). `words` says a value in words: words[value].

    `audiences` lays the line out for some readers only; everybody's figure is the same one.
    """

    code: str
    title: str
    short: str
    definition: str
    unit: str
    section: str
    kind: Kind
    part_of: str = ""
    words: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ("hr", "referent")


FRAME, RECRUITMENT, PAIRS, TRAINING, PERCEIVED = "frame", "recruitment", "pairs", "training", "perceived"

SECTIONS = {
    FRAME: "Cadre et gouvernance",
    RECRUITMENT: "Rejoindre le programme",
    PAIRS: "Binômes et rencontres",
    TRAINING: "Sensibilisation, formation et supervision",
    PERCEIVED: "Ce qu’en disent les participants",
}

CATALOGUE = (
    Indicator(
        "C01",
        "Lettres de mission",
        "lettres de mission",
        "« À jour » quand chaque pair-aidant·e en binôme au dernier jour de la période a une lettre (ou un engagement "
        "réciproque) en vigueur ce jour-là, « en cours » sinon.",
        "",
        FRAME,
        Kind.BOUND,
        words=UP_TO_DATE,
    ),
    Indicator(
        "C02",
        "Charte acceptée par les participants",
        "charte acceptée",
        "« À jour » quand chaque participant en binôme au dernier jour de la période a accepté la version en vigueur, "
        "« en cours » sinon.",
        "",
        FRAME,
        Kind.STATE,
        words=UP_TO_DATE,
    ),
    Indicator(
        "C03",
        "Temps prévu par les lettres",
        "heures prévues",
        "Heures par mois des lettres de mission, pour les mois où elles étaient en vigueur. Arrondi à 10 heures.",
        "h",
        FRAME,
        Kind.TIME,
    ),
    Indicator(
        "H03",
        "Cadence de supervision tenue",
        "cadence de supervision",
        f"Oui quand il y a eu au moins une séance collective par {CADENCE_DAYS // 7} semaines, en moyenne, depuis "
        "l’engagement d’un·e superviseur·e.",
        "",
        FRAME,
        Kind.ACTS,
        words=YES_NO,
    ),
    Indicator(
        "B01",
        "Candidatures pour accompagner",
        "candidatures",
        "Candidatures de pair-aidant·e reçues pendant la période.",
        "",
        RECRUITMENT,
        Kind.PEOPLE,
    ),
    Indicator(
        "B03",
        "Demandes de binôme",
        "demandes",
        "Demandes reçues pendant la période d’agents qui souhaitent un binôme.",
        "",
        RECRUITMENT,
        Kind.PEOPLE,
    ),
    Indicator(
        "P01",
        "Participants actifs",
        "participants",
        "Personnes différentes, membres d’au moins un binôme pendant la période.",
        "",
        RECRUITMENT,
        Kind.MEMBERS,
    ),
    Indicator(
        "B06",
        "Pairs-aidants actifs",
        "pairs-aidants actifs",
        "Personnes différentes qui ont accompagné dans au moins un binôme pendant la période.",
        "",
        RECRUITMENT,
        Kind.MEMBERS,
        part_of="P01",
    ),
    Indicator(
        "E01",
        "Binômes",
        "binômes",
        "Binômes qui se sont rencontrés au moins une fois pendant la période.",
        "",
        PAIRS,
        Kind.PAIRS,
    ),
    Indicator(
        "E02",
        "Rencontres",
        "rencontres",
        "Rencontres que les binômes ont déclarées pendant la période, une à une ou par un nombre pour le mois.",
        "",
        PAIRS,
        Kind.VOLUME,
    ),
    Indicator(
        "E06R",
        "Heures de rencontre",
        "heures de rencontre",
        f"Durée des rencontres déclarées. Une rencontre sans durée ou comptée au mois vaut {ESTIMATED_MINUTES} minutes "
        "(estimé). "
        "Le trajet et la préparation n’y sont pas. Arrondi à 10 heures.",
        "h",
        PAIRS,
        Kind.HOURS,
    ),
    Indicator(
        "E06",
        "Heures de mission",
        "heures de mission",
        "Heures de rencontre, et temps que les pairs-aidants notent en plus, par mois : trajet, préparation, temps "
        "collectifs, témoignages. Un mois compte dans la période où il commence. Arrondi à 10 heures.",
        "h",
        PAIRS,
        Kind.HOURS,
    ),
    Indicator(
        "B04",
        "Délai de première réponse",
        "délai de première réponse",
        f"Délai médian entre une demande et la première réponse, par classe, à partir de {MIN_SPLIT} demandes.",
        "",
        RECRUITMENT,
        Kind.DELAY,
        words=DELAYS,
        audiences=("referent",),
    ),
    Indicator(
        "B05",
        "Délai jusqu’au binôme",
        "délai jusqu’au binôme",
        "Délai médian entre la demande d’un agent et l’accord de tous les membres de son premier binôme, par classe, "
        f"à partir de {MIN_SPLIT} agents.",
        "",
        RECRUITMENT,
        Kind.DELAY,
        words=DELAYS,
        audiences=("referent",),
    ),
    Indicator(
        "A01",
        "Engagement de la direction signé",
        "engagement signé",
        "Oui quand la note de la direction était signée au dernier jour de la période.",
        "",
        TRAINING,
        Kind.ACTS,
        words=YES_NO,
    ),
    Indicator(
        "A02",
        "Actions de sensibilisation",
        "actions de sensibilisation",
        "Réunions, séances, témoignages, webinaires et temps forts tenus pendant la période. Un message écrit, sans "
        "personne présente, n’est pas compté.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "A03",
        "Présences aux actions de sensibilisation",
        "présences en sensibilisation",
        "Présences cumulées aux actions de sensibilisation : une personne venue deux fois compte deux fois.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "A04",
        "Présences d’encadrants aux actions de sensibilisation",
        "présences d’encadrants",
        "Présences cumulées d’encadrants aux actions de sensibilisation. Le nombre d’encadrants de l’employeur n’étant "
        "pas connu du portail, aucune part n’est calculée.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "A05",
        "Directions touchées",
        "directions touchées",
        "Directions de l’employeur où au moins une action de sensibilisation a eu lieu, parmi celles connues du portail.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "D01",
        "Heures de formation",
        "heures de formation",
        "Heures de formation données aux pairs-aidants : durée de chaque séance tenue, pour chaque présence.",
        "h",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "D02",
        "Pairs-aidants « prêt·e à accompagner »",
        "pairs-aidants prêts à accompagner",
        "Pairs-aidants en binôme au dernier jour de la période pour qui la décision « prêt·e à accompagner » a été "
        f"prise. À partir de {MIN_SPLIT} pairs-aidants.",
        "",
        TRAINING,
        Kind.READY,
    ),
    Indicator(
        "H01",
        "Séances collectives de supervision",
        "séances de supervision",
        "Supervision : un temps de recul entre pairs-aidants, sans lien hiérarchique. Séances collectives tenues.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "H02",
        "Superviseurs engagés",
        "superviseurs",
        "Personnes engagées pour superviser, avec un engagement de confidentialité signé.",
        "",
        TRAINING,
        Kind.ACTS,
    ),
    Indicator(
        "E08",
        "Présences en supervision",
        "présences en supervision",
        "Présences aux séances collectives, parmi les présences attendues.",
        "",
        TRAINING,
        Kind.PRESENCE,
    ),
    Indicator(
        "F01",
        "Réponses à l’enquête",
        "réponses à l’enquête",
        "Questionnaires reçus parmi les questionnaires envoyés, pour la dernière enquête close de la période.",
        "",
        PERCEIVED,
        Kind.ANSWERS,
    ),
)
# Only for a programme that lived before the portal (field G4).
PAST = (
    Indicator(
        "R01",
        "Binômes d’avant le portail (déclaré)",
        "binômes d’avant le portail",
        "Binômes en vie pendant la période, saisis par la personne qui pilote le programme lors de la reprise de "
        "l’existant. Un binôme qui a continué dans le portail pendant la période n’y est plus.",
        "",
        PAIRS,
        Kind.PAIRS,
    ),
    Indicator(
        "R02",
        "Rencontres d’avant le portail (déclaré)",
        "rencontres d’avant le portail",
        "Rencontres déclarées lors de la reprise de l’existant, sans leurs dates : elles comptent une fois, dans la "
        "période où finit le temps déclaré.",
        "",
        PAIRS,
        Kind.VOLUME,
    ),
)
# Only for a programme that has an open community or group, or that held collective times.
COLLECTIVE = (
    Indicator(
        "P02",
        "Membres de la communauté ou du groupe",
        "membres",
        "Personnes différentes, membres au moins un jour de la période. Pour le programme entier : le portail ne garde "
        "pas l’employeur d’un membre.",
        "",
        RECRUITMENT,
        Kind.PEOPLE,
    ),
    Indicator(
        "E09N",
        "Temps collectifs tenus",
        "temps collectifs",
        "Ateliers, temps d’accueil, webinaires et séances de codéveloppement tenus pendant la période.",
        "",
        PAIRS,
        Kind.ACTS,
    ),
    Indicator(
        "E09",
        "Présences aux temps collectifs",
        "présences aux temps collectifs",
        "Présences cumulées : une personne venue deux fois compte deux fois. Aucune liste de noms n’est tenue.",
        "",
        PAIRS,
        Kind.PRESENCES,
    ),
)
# What agents brought, and what was done of it (decision 36): « non recueilli » until there is an alert procedure.
SUPPORT = (
    Indicator(
        "E11",
        "Situations portées à la connaissance du ou de la référent·e",
        "situations portées à la connaissance du ou de la référent·e",
        "Demandes d’appui faites au ou à la référent·e pendant la période, tous sujets ensemble. Exact à partir de 5.",
        "",
        PAIRS,
        Kind.CALLS,
    ),
    Indicator(
        "E10",
        "Messages d’alerte",
        "messages d’alerte",
        "Messages « une situation m’inquiète » reçus pendant la période, tous niveaux ensemble. Exact à partir de 5.",
        "",
        PAIRS,
        Kind.CALLS,
    ),
    Indicator(
        "E12",
        "Séances individuelles de supervision tenues",
        "séances individuelles tenues",
        "Séances individuelles et débriefings tenus pendant la période ; la personne qui supervise est seule à savoir "
        "avec qui. Exact à partir de 5.",
        "",
        PAIRS,
        Kind.CALLS,
    ),
    Indicator(
        "E13",
        "Séances individuelles répondues après le délai visé",
        "réponses après le délai visé",
        "Demandes de séance ou de débriefing dont le délai visé tombait pendant la période (10 jours ouvrés, ou "
        "72 heures), répondues après lui ou pas encore. Exact à partir de 5.",
        "",
        PAIRS,
        Kind.CALLS,
    ),
    Indicator(
        "H04",
        "Protocole d’alerte relu pendant la période",
        "protocole d’alerte relu",
        "Oui quand le protocole a été relu au moins une fois pendant la période.",
        "",
        FRAME,
        Kind.ACTS,
        words=YES_NO,
    ),
    Indicator(
        "G04",
        "Problèmes d’organisation remontés",
        "problèmes remontés",
        "Problèmes d’organisation remontés à l’employeur pendant la période, sans nom.",
        "",
        FRAME,
        Kind.ACTS,
    ),
)
BY_CODE = {indicator.code: indicator for indicator in (*CATALOGUE, *PAST, *COLLECTIVE, *SUPPORT)}
# The same lines, in the words of a programme where nobody is helper nor helped.
BETWEEN_PEERS = {
    "C01": {
        "title": "Engagements réciproques",
        "short": "engagements",
        "definition": "« À jour » quand chaque personne en binôme au dernier jour de la période a un engagement en vigueur "
        "ce jour-là, « en cours » sinon.",
    },
    "D01": {
        "definition": "Heures de formation suivies par les participants : durée de chaque séance tenue, pour chaque "
        "présence.",
    },
    "H01": {
        "definition": "Supervision : un temps de recul entre pairs, sans lien hiérarchique. Séances collectives tenues.",
    },
}


def catalogue(*, sides: bool) -> tuple[Indicator, ...]:
    """The same lines for every programme; `sides`: whether some help and others are helped."""
    if sides:
        return CATALOGUE
    return tuple(replace(indicator, **BETWEEN_PEERS.get(indicator.code, {})) for indicator in CATALOGUE)


KEY = ("B06", "E01", "E02", "E06", "A03", "F01")
KEY_WITHOUT_SIDES = ("P01", "E01", "E02", "E06R", "A03", "F01")

CHART = ("B01", "B03", "P01", "B06", "E01")
SHARES = frozenset({"A05"})  # acts said as « 6 sur 9 »
NEED_SIDES = frozenset({"B01", "B06", "D02"})
NEED_LETTERS = frozenset({"C03", "E06"})  # hours are given by mission letters, never by engagements between peers
