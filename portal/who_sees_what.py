"""The access matrix in plain words (domain b.2 as corrected by decisions 14, 41-43), shown on « Qui voit quoi ».

docs/access.yml is the oracle of the views; this is what the public page says, and tests hold the two facts that matter
most: RH never sees alerts nor helped agents, the encadrant sees only the visa.
"""

from dataclasses import dataclass

READERS = (
    "Agent accompagné",
    "Pair-aidant·e",
    "Référent·e handicap",
    "Référent·e de binôme",
    "Superviseur·e",
    "RH",
    "Encadrant·e",
)
NOTHING = "rien"
NEVER = "jamais demandé"


@dataclass(frozen=True)
class Row:
    """One kind of data and what each reader of READERS may do with it."""

    data: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """What a role sees and never sees, in sentences."""

    name: str
    sees: tuple[str, ...]
    never: tuple[str, ...]


MATRIX = (
    Row(
        "Identité de l’agent accompagné",
        ("écrit", "lit, si le binôme est accepté", "lit", "lit, pour ses binômes", NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Identité du pair-aidant",
        ("lit, si la présentation est publiée", "écrit", "lit", "lit", "lit", "lit", "visa de temps seulement"),
    ),
    Row(
        "Besoins cochés",
        ("écrit", "lit, si le binôme est accepté", "lit", NOTHING, NOTHING, "chiffres publiés", NOTHING),
    ),
    Row(
        "Texte libre « ce que j’attends »",
        ("écrit", "lit, si l’agent le veut", "lit, si l’agent le veut", NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Présentation publiée",
        ("lit, s’il cherche un binôme", "écrit, et publie ou non", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Cases « vécu au travail »",
        (
            "coche, ou non",
            "coche, ou non",
            "« un vécu en commun », sur une proposition, sans détail",
            *(NOTHING,) * 4,
        ),
    ),
    Row("« Pas avec »", ("écrit, lit le sien", "écrit, lit le sien", *(NOTHING,) * 5)),
    Row(
        "Qui est en binôme avec qui",
        ("lit", "lit", "lit et propose", "lit, pour ses binômes", NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Vœux secrets (rencontres croisées, présentations)",
        ("écrit les siens", "écrit les siens", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Rencontres : date, durée, thèmes",
        (
            "lit et écrit",
            "lit et écrit",
            "date de la dernière",
            "date de la dernière",
            NOTHING,
            "chiffres publiés",
            NOTHING,
        ),
    ),
    Row(
        "Cadre d’un binôme : rythme, objectifs",
        ("lit et propose", "lit et propose", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Jour d’un appui au retour, donné par l’agent",
        ("écrit, change, retire", "lit celui de son binôme", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row("Nouvelles et préférences de messages", ("lit les siennes", "lit les siennes", *(NOTHING,) * 5)),
    Row(
        "« Cette rencontre vous convient-elle ? »",
        ("écrit la sienne", "écrit la sienne", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row("Ce qui se dit en rencontre", (NEVER, NEVER, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)),
    Row("RQTH, arrêts, congés, avis médicaux", (NEVER, NEVER, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)),
    Row(
        "Lettre de mission",
        (NOTHING, "lit et valide", "lit et prépare", NOTHING, NOTHING, "lit et valide", "visa de temps seulement"),
    ),
    Row("Charte acceptée", ("lit", "lit", "lit la date", NOTHING, NOTHING, "chiffres publiés", NOTHING)),
    Row(
        "Points abordés à l’entretien, sans ce qui s’est dit",
        (NOTHING, "lit", "lit et coche", NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row(
        "Mention demandée par écrit (entretien annuel…)",
        (NOTHING, "écrit et retire", "lit où, et la note faite", NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    Row("Mes repères, avant et après la formation", (NOTHING, "écrit, seul·e", *(NOTHING,) * 5)),
    Row("Formations suivies", (NOTHING, "lit", "lit et organise", NOTHING, NOTHING, "heures", NOTHING)),
    Row(
        "Présence en supervision",
        (NOTHING, "lit", "lit", NOTHING, "lit et note", "chiffres publiés", NOTHING),
    ),
    Row(
        "Demande d’appui",
        (
            "écrit",
            "écrit",
            "lit, si elle lui est adressée",
            NOTHING,
            "lit, si elle lui est adressée",
            NOTHING,
            NOTHING,
        ),
    ),
    Row(
        "Séance individuelle ou débriefing demandés",
        (
            NOTHING,
            "écrit",
            "chiffres publiés",
            NOTHING,
            "lit, si c’est demandé à elle ou à lui",
            "chiffres publiés",
            NOTHING,
        ),
    ),
    Row(
        "Situation inquiétante, sans dire qui",
        ("écrit", "écrit", "lit et répond", NOTHING, "niveau seulement", NOTHING, NOTHING),
    ),
    Row(
        "Être membre d’une communauté, s’inscrire à un temps collectif",
        ("écrit", "écrit", "chiffres publiés", NOTHING, NOTHING, "chiffres publiés", NOTHING),
    ),
    Row(
        "Problèmes d’organisation, sans nom",
        (NOTHING, NOTHING, "écrit", NOTHING, NOTHING, "lit et répond", NOTHING),
    ),
    Row("Réponses aux enquêtes", ("écrit", "écrit", "chiffres publiés", NOTHING, NOTHING, "chiffres publiés", NOTHING)),
    Row("Qui a ouvert ma fiche", ("lit", "lit", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)),
)

ROLES = (
    Role(
        "L’agent accompagné",
        (
            "Il voit et corrige tout ce que le portail garde sur lui.",
            "Il voit ce que son pair-aidant a choisi de présenter.",
        ),
        ("Il ne voit pas les demandes des autres agents.",),
    ),
    Role(
        "Le pair-aidant ou la pair-aidante",
        ("Il voit le prénom et les besoins cochés de l’agent, une fois le binôme accepté par les deux.",),
        ("Il ne voit aucun dossier, aucune réponse d’enquête de l’autre membre du binôme.",),
    ),
    Role(
        "Le référent ou la référente handicap",
        (
            "Il voit qui participe, les disponibilités, l’état de chaque binôme et la date de la dernière rencontre.",
            "Chaque ouverture d’une fiche laisse une trace. L’agent la voit.",
            "Il lit les demandes d’appui qui lui sont adressées, et les messages inquiets : jamais qui est concerné.",
        ),
        (
            "Il ne voit ni ce qui se dit, ni le nombre de rencontres d’un binôme, ni les réponses d’une personne.",
            "Il peut lire qu’une personne attend à cause d’une incompatibilité (règle ou souhait), jamais laquelle, ni de "
            "qui elle vient.",
        ),
    ),
    Role(
        "Le référent ou la référente de binôme",
        ("Il voit seulement les binômes qui lui sont confiés : leur état et une demande d’aide éventuelle.",),
        ("Il n’est jamais le responsable hiérarchique de l’un des deux.",),
    ),
    Role(
        "Le superviseur ou la superviseure",
        (
            "Il voit les inscrits à ses séances et note les présences.",
            "Il lit les demandes d’appui ou de débriefing qui lui sont adressées : il est seul à le savoir.",
        ),
        ("Il n’écrit rien sur une personne dans le portail.",),
    ),
    Role(
        "Les ressources humaines",
        ("Elles voient les lettres de mission des pairs-aidants et les chiffres publiés.",),
        ("Elles ne voient jamais un agent accompagné, un binôme, une rencontre, une demande d’appui ou une réponse.",),
    ),
    Role(
        "L’encadrant ou l’encadrante",
        (
            "Il reçoit une page : un intitulé neutre, une période, des heures, des jours d’absence.",
            "Il accorde le temps.",
        ),
        ("Il ne voit rien d’autre. Le responsable d’un agent accompagné ne reçoit rien.",),
    ),
    Role(
        "L’administration technique",
        ("Elle gère les comptes et les employeurs.",),
        ("Elle n’ouvre aucun contenu. Les textes libres sont chiffrés.",),
    ),
)
