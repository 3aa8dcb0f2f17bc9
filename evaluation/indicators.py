"""The closed catalogue of indicators (domain.md i.1) that a yearly release holds, in the order of the report.

A release always holds every line of this catalogue, whatever the data: what the portal does not collect yet, what has
no object in a programme and what may not be shown are said by their label. Pure data, no table, no query.
"""

from dataclasses import dataclass

from evaluation.disclosure.rules import Kind

ESTIMATED_MINUTES = 50


@dataclass(frozen=True)
class Indicator:
    """One line: `code` is that of domain.md i.1; `collected` says whether the portal has the data."""

    code: str
    title: str
    short: str
    definition: str
    unit: str
    section: str
    kind: Kind
    collected: bool = True
    part_of: str = ""


RECRUITMENT, PAIRS, ORGANISATION, PERCEIVED = "recruitment", "pairs", "organisation", "perceived"

SECTIONS = {
    RECRUITMENT: "Rejoindre le programme",
    PAIRS: "Binômes et rencontres",
    ORGANISATION: "Sensibilisation et formation",
    PERCEIVED: "Ce qu’en disent les participants",
}

CATALOGUE = (
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
        "Rencontres que les binômes ont déclarées pendant la période.",
        "",
        PAIRS,
        Kind.VOLUME,
    ),
    Indicator(
        "E06R",
        "Heures de rencontre",
        "heures de rencontre",
        f"Durée des rencontres déclarées. Une rencontre sans durée compte {ESTIMATED_MINUTES} minutes (estimé). "
        "Le trajet et la préparation n’y sont pas. Arrondi à 10 heures.",
        "h",
        PAIRS,
        Kind.HOURS,
    ),
    Indicator(
        "A03",
        "Personnes sensibilisées",
        "personnes sensibilisées",
        "Présences cumulées aux actions de sensibilisation : une personne venue deux fois compte deux fois.",
        "",
        ORGANISATION,
        Kind.ACTS,
        collected=False,
    ),
    Indicator(
        "D01",
        "Heures de formation",
        "heures de formation",
        "Heures de formation suivies par les pairs-aidants.",
        "h",
        ORGANISATION,
        Kind.ACTS,
        collected=False,
    ),
    Indicator(
        "F01",
        "Réponses aux enquêtes",
        "réponses aux enquêtes",
        "Questionnaires complets parmi les questionnaires envoyés.",
        "",
        PERCEIVED,
        Kind.PEOPLE,
        collected=False,
    ),
)
BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}

KEY = ("B06", "E01", "E02", "E06R", "A03", "F01")
KEY_WITHOUT_SIDES = ("P01", "E01", "E02", "E06R", "A03", "F01")
CHART = ("B01", "B03", "P01", "B06", "E01")
NEED_SIDES = frozenset({"B01", "B06"})
