"""Closed lists of the frame: programmes, steps, participation."""

from django.db import models


class ProgrammeRoleKind(models.TextChoices):
    """What a person does inside one programme (engineering 1c: the complete list)."""

    REFERENT = "referent", "référent·e handicap"
    DEPUTY = "deputy", "suppléant·e"
    PAIR_REFEREE = "pair_referee", "référent·e de binôme"
    SUPERVISOR = "supervisor", "superviseur·e"
    TRAINER = "trainer", "formateur·rice"
    FACILITATOR = "facilitator", "pair facilitateur·rice"
    STEERING = "steering", "comité de pilotage"
    DATA_ENTRY = "data_entry", "tiers de saisie"


class Perimeter(models.TextChoices):
    """Whom the programme is for (several may be ticked, field G11)."""

    DISABILITY = "disability", "tous handicaps et maladies"
    MENTAL_HEALTH = "mental_health", "santé mentale"
    RECONVERSION = "reconversion", "reclassement ou reconversion"
    CARERS = "carers", "proches aidants"


class Form(models.TextChoices):
    """Forms of support (domain.md e)."""

    PAIR = "pair", "binôme"
    RECIPROCAL = "reciprocal", "binôme réciproque"
    OPEN_GROUP = "open_group", "groupe ouvert"
    PERMANENCE = "permanence", "permanence"
    RETURN = "return", "appui au retour"
    COMMUNITY = "community", "communauté"


# Forms that people enter and leave freely: participation rules only, nobody is paired nor decided about (field.md 3).
OPEN_DOORS = (Form.COMMUNITY, Form.OPEN_GROUP)


class ProgrammeTemplate(models.TextChoices):
    """From what a programme was created: its settings are in fixtures/texts/programme_templates.json."""

    PILOT = "pilot", "pilote, jusqu’à 12 participants"
    PAIR = "pair", "binômes"
    RECIPROCAL = "reciprocal", "binômes réciproques"
    OPEN_GROUP = "open_group", "groupe ouvert"
    PERMANENCE = "permanence", "permanence"
    RETURN = "return", "retour à l’emploi"
    SHARED = "shared", "communauté inter-employeurs"
    MIXED = "mixed", "mixte"


class PeerOrigin(models.TextChoices):
    """Peers of the employer, or from outside under a convention (field G7)."""

    INTERNAL = "internal", "des agents de l’employeur"
    EXTERNAL = "external", "des pairs extérieurs, par convention"


class QuestionnaireSet(models.TextChoices):
    """Which questions the waves of a programme ask (domain.md i.3)."""

    CORE = "core", "les mêmes questions pour tout le monde"
    FULL = "full", "les mêmes questions, et d’autres pour chaque côté"


class ProgrammeState(models.TextChoices):
    PREPARING = "preparing", "en préparation"
    OPEN = "open", "inscriptions ouvertes"
    CLOSED = "closed", "terminé"
    REFERENCE = "reference", "fiche de référence"


class StepState(models.TextChoices):
    TO_COME = "to_come", "à venir"
    CURRENT = "current", "en cours"
    PASSED = "passed", "franchie"


class Watched(models.TextChoices):
    """What the dashboard reads from the data: an action of the team's own about it is said in the same line."""

    QUIET = "quiet", "un binôme sans nouvelles"
    LETTERS = "letters", "des lettres à renouveler"
    WAITING = "waiting", "des personnes qui attendent un binôme"
    SUPERVISION = "supervision", "la supervision : dates ou feuilles"


class LineKind(models.TextChoices):
    """What a line of a step is (domain.md c)."""

    PREREQUISITE = "prerequisite", "prérequis"
    ACTION = "action", "action"
    DELIVERABLE = "deliverable", "livrable"
    CRITERION = "criterion", "critère de sortie"
    WATCH = "watch", "point de vigilance"


class ItemState(models.TextChoices):
    TO_DO = "to_do", "à faire"
    DOING = "doing", "en cours"
    DONE = "done", "fait"
    DROPPED = "dropped", "écarté"


class Anchoring(models.TextChoices):
    """Which plan of the employer the programme is part of (field, report 3)."""

    DISABILITY_PLAN = "disability_plan", "plan ou politique handicap"
    QVCT = "qvct", "qualité de vie et conditions de travail"
    RISKS = "risks", "prévention des risques (RPS, document unique)"
    EQUALITY = "equality", "plan égalité"
    PROJECT = "project", "projet d’établissement ou de service"
    FIPHFP = "fiphfp", "convention avec le FIPHFP"


class Attainment(models.TextChoices):
    """How far an objective was reached, said once a year."""

    MET = "met", "atteint"
    PARTLY = "partly", "en partie"
    NOT_MET = "not_met", "non atteint"


class Body(models.TextChoices):
    STEERING = "steering", "comité de pilotage"
    PROJECT = "project", "équipe projet"


class Function(models.TextChoices):
    """In what capacity somebody sits. The seat of participants is required (field G5)."""

    DIRECTION = "direction", "direction"
    HR = "hr", "ressources humaines"
    PARTICIPANTS = "participants", "siège des participants"
    STAFF = "staff", "représentants du personnel (CST)"
    DPO = "dpo", "protection des données"
    HEALTH = "health", "santé au travail"
    SOCIAL = "social", "service social"
    PREVENTION = "prevention", "prévention"
    TRAINING = "training", "formation"
    COMMUNICATION = "communication", "communication"
    PARTNER = "partner", "partenaire"
    OTHER = "other", "autre"


class ContactKind(models.TextChoices):
    """Whom agents and the team may call; shown, without access to the portal."""

    HEALTH = "health", "santé au travail"
    SOCIAL = "social", "service social du personnel"
    PSYCHOLOGIST = "psychologist", "psychologue du travail"
    PREVENTION = "prevention", "conseil en prévention"
    REPORTING = "reporting", "dispositif de signalement"
    CST = "cst", "représentants du personnel (CST)"
    DPO = "dpo", "protection des données"
    RELAY = "relay", "relais de continuité (CDG, GHT, autre employeur)"


class Validator(models.TextChoices):
    """Who validated an impact assessment (AIPD)."""

    DPO = "dpo", "délégué·e à la protection des données"
    SHARED_DPO = "shared_dpo", "délégué·e mutualisé·e (CDG, GHT, ministère)"
    DIRECTION = "direction", "direction, après avis du ou de la délégué·e"


class HandoverState(models.TextChoices):
    PREPARING = "preparing", "en préparation"
    ANNOUNCED = "announced", "annoncée"
    CANCELLED = "cancelled", "abandonnée"


class OutreachKind(models.TextChoices):
    """Ways to make the programme known (domain.md c.1)."""

    MEETING = "meeting", "réunion d’information"
    MANAGERS = "managers", "séance pour les encadrants"
    TESTIMONY = "testimony", "témoignage en équipe"
    WEBINAR = "webinar", "webinaire"
    WEEK = "week", "temps fort (semaine, forum, stand)"
    NOTE = "note", "note ou message écrit"
    WORKSHOP = "workshop", "atelier de co-construction"


class Audience(models.TextChoices):
    """Categories of people reached: numbers only, never names."""

    AGENTS = "agents", "agents"
    MANAGERS = "managers", "encadrants"
    HR = "hr", "ressources humaines"
    HEALTH = "health", "santé au travail, social, prévention"
    STAFF = "staff", "représentants du personnel"


class ExpenseLine(models.TextChoices):
    """Money spent, by line; valued working time is another total (field, report 6)."""

    SUPERVISION = "supervision", "supervision"
    INDIVIDUAL = "individual", "supervision individuelle"
    TRAINING = "training", "formation"
    FIRST_AID = "first_aid", "secourisme en santé mentale"
    ACCESSIBILITY = "accessibility", "accessibilité des échanges"
    PRINTING = "printing", "impression et communication"
    TRAVEL = "travel", "déplacements"
    EXTERNAL_PEERS = "external_peers", "pairs extérieurs, par convention"
    OTHER = "other", "autre"


class Origin(models.TextChoices):
    """Gates bind what starts in the portal; what lived before it keeps its history (field G4)."""

    PORTAL = "portal", "dans le portail"
    BEFORE = "before", "avant le portail"


class Side(models.TextChoices):
    """The side on which somebody takes part; `peer` is for reciprocal pairs."""

    HELPER = "helper", "pair-aidant·e"
    HELPED = "helped", "agent accompagné"
    PEER = "peer", "entre pairs"


class MentionPlace(models.TextChoices):
    """Where an agent may ask that their mission be mentioned. Never without their asking."""

    REVIEW = "review", "mon entretien professionnel annuel"
    TRAINING = "training", "mon dossier de formation"
    REPORT = "report", "le rapport d’activité de mon service, en mon nom"
    NEWS = "news", "la communication interne, en mon nom"


class SignedAs(models.TextChoices):
    """How words of a testimony are signed on the public page."""

    GIVEN = "given", "de mon prénom"
    NOBODY = "nobody", "sans mon nom"


class ParticipationState(models.TextChoices):
    """A request for support is never refused (field R27); decisions and « plus tard » are for helpers."""

    RECEIVED = "received", "reçue"
    TALK = "talk", "échange proposé"
    ACCEPTED = "accepted", "acceptée"
    LATER = "later", "plus tard"
    OTHER_FORM = "other_form", "autre forme proposée"
    ORIENTED = "oriented", "orientation proposée"
    PAUSED = "paused", "en pause"
    WITHDRAWN = "withdrawn", "retirée"


OPEN_PARTICIPATION = (
    ParticipationState.RECEIVED,
    ParticipationState.TALK,
    ParticipationState.ACCEPTED,
    ParticipationState.LATER,
    ParticipationState.OTHER_FORM,
    ParticipationState.ORIENTED,
    ParticipationState.PAUSED,
)


class Channel(models.TextChoices):
    """How people meet."""

    IN_PERSON = "in_person", "en présence"
    VIDEO = "video", "en visioconférence"
    PHONE = "phone", "par téléphone"
    WRITING = "writing", "par écrit"

    @classmethod
    def capitalised(cls) -> list[tuple[str, str]]:
        """Choices as the options of a form begin: with a capital."""
        return [(value, label.capitalize()) for value, label in cls.choices]


class WorkSetting(models.TextChoices):
    """Where somebody works, in their own words of a closed list: a peer from there knows what it is (field G9)."""

    FIELD = "field", "terrain, espaces publics"
    OFFICE = "office", "bureau"
    PUBLIC = "public", "accueil du public"
    CARE = "care", "soins"
    SCHOOL = "school", "école, enfance"
    WORKSHOP = "workshop", "atelier, technique"
    MANAGEMENT = "management", "encadrement"
    OTHER = "other", "autre"


class Lived(models.TextChoices):
    """What somebody went through at work. Never a pathology; shown only where both ticked the same, undetailed."""

    RECONVERSION = "reconversion", "un reclassement ou une reconversion"
    LONG_ABSENCE = "long_absence", "une longue absence, puis un retour"
    ADAPTATION = "adaptation", "un aménagement de mon poste ou de mes horaires"
    MOBILITY = "mobility", "une mobilité que je n’avais pas prévue"
    ANNOUNCING = "announcing", "dire, ou ne pas dire, ma situation au travail"
    CAREER = "career", "un concours ou une reprise d’études"


class Seniority(models.TextChoices):
    """Years of service, three bands."""

    NEW = "new", "moins de 5 ans"
    SETTLED = "settled", "de 5 à 15 ans"
    LONG = "long", "plus de 15 ans"


class ExchangeNeed(models.TextChoices):
    """What makes an exchange accessible: about the exchange, never about the person."""

    SIGN_LANGUAGE = "sign_language", "langue des signes (LSF)"
    WRITTEN = "written", "échanger par écrit"
    CAPTIONS = "captions", "visioconférence sous-titrée"
    STEP_FREE = "step_free", "lieu accessible en fauteuil"
    QUIET = "quiet", "lieu calme"
    PAUSES = "pauses", "des pauses"
    PLAIN = "plain", "des mots simples, et du temps"
    THIRD = "third", "la présence d’un tiers que je choisis"


class Likeness(models.TextChoices):
    """Whether the other should work in the same setting; empty: no matter."""

    ALIKE = "alike", "le même environnement de travail que moi"
    DIFFERENT = "different", "un autre environnement de travail que le mien"


class MeetingPlace(models.TextChoices):
    """Where to meet in person; empty: no matter."""

    MY_SITE = "my_site", "sur mon lieu de travail"
    OTHER_SITE = "other_site", "sur un autre lieu de travail que le mien"
    OUTSIDE = "outside", "hors des lieux de travail"


# Weekly availability, one bit each, in the agent's local time (engineering 3.11). « Horaires variables » is a flag of
# its own: night and shift staff are matched by agreement, never counted as unavailable (field, wording for 4.2).
SLOTS = [
    (day * 3 + part, f"{day_name} {part_name}")
    for day, day_name in enumerate(["lundi", "mardi", "mercredi", "jeudi", "vendredi"])
    for part, part_name in enumerate(["matin", "midi", "après-midi"])
]


# When somebody wants to be called: half-days of the same calendar, a closed list.
HALF_DAYS = [(bit, label) for bit, label in SLOTS if bit % 3 != 1]


class GateKind(models.TextChoices):
    """field.md 3: law and safety are never lowered; the adjustable has bounds; advice never blocks."""

    BASE = "base", "socle"
    ADJUSTABLE = "adjustable", "réglable"
    ADVICE = "advice", "conseil"


class LetterKind(models.TextChoices):
    LETTER = "letter", "lettre de mission"
    CONVENTION = "convention", "convention avec un pair extérieur"
    ENGAGEMENT = "engagement", "engagement réciproque"


class LetterState(models.TextChoices):
    """Draft by the référent, the agent, the visa of time, RH (field R3, R20)."""

    DRAFT = "draft", "en préparation"
    TO_AGENT = "to_agent", "à lire par l’agent"
    TO_MANAGER = "to_manager", "visa de temps attendu"
    TO_HR = "to_hr", "validation RH attendue"
    IN_FORCE = "in_force", "en vigueur"
    ENDED = "ended", "terminée"
    CANCELLED = "cancelled", "abandonnée"


class LetterStanding(models.TextChoices):
    """What a validated letter is on a given day, by its dates."""

    COMING = "coming", "à venir"
    IN_FORCE = "in_force", "en vigueur"
    PAUSED = "paused", "en pause"
    GRACE = "grace", "en délai de grâce"
    ENDED = "ended", "terminée"


class VisaBy(models.TextChoices):
    """Who gives the time: the agent chooses, and the reason is never asked (field R3)."""

    MANAGER = "manager", "mon encadrant·e"
    AUTHORITY = "authority", "une autre autorité"
    HR = "hr", "la DRH directement"


class Party(models.TextChoices):
    AGENT = "agent", "agent"
    MANAGER = "manager", "visa de temps"
    OUTSIDE = "outside", "organisme extérieur"
    HR = "hr", "RH"


class SignatureMeans(models.TextChoices):
    PORTAL = "portal", "dans le portail"
    SCAN = "scan", "document signé déposé"


class SessionState(models.TextChoices):
    PLANNED = "planned", "prévue"
    HELD = "held", "tenue"
    CANCELLED = "cancelled", "annulée"


class GatheringKind(models.TextChoices):
    """Dated times for members and participants (domain.md e)."""

    WORKSHOP = "workshop", "atelier"
    WELCOME = "welcome", "temps d’accueil"
    WEBINAR = "webinar", "webinaire"
    CODEV = "codev", "codéveloppement"


class Presence(models.TextChoices):
    """`waiting`: no place was left in a training session; the person would like one."""

    EXPECTED = "expected", "attendu·e"
    PRESENT = "present", "présent·e"
    EXCUSED = "excused", "excusé·e"
    WAITING = "waiting", "sur la liste d’intérêt"


class TrainingPublic(models.TextChoices):
    """For whom a training session is (domain.md g: the course, X1 and X3, X2)."""

    PARTICIPANTS = "participants", "pairs-aidants et entre pairs"
    EVERYBODY = "everybody", "toutes les personnes qui participent"
    TEAM = "team", "référent·es et référent·es de binôme"
    MANAGERS = "managers", "encadrants"


class TrainingMoment(models.TextChoices):
    """When somebody places themself on the scale of the six skills."""

    BEFORE = "before", "avant la formation"
    AFTER = "after", "après la formation"


class Skill(models.TextChoices):
    """The six skills of domain.md g; only their owner ever reads where they stand."""

    LISTENING = "listening", "écouter activement"
    STORY = "story", "parler de mon parcours avec mesure"
    LIMITS = "limits", "tenir mes limites"
    RELAY = "relay", "orienter vers les bonnes personnes"
    GROUP = "group", "animer un échange"
    SELF_CARE = "self_care", "prendre soin de moi"


class Level(models.IntegerChoices):
    NOT_YET = 1, "pas encore"
    A_LITTLE = 2, "un peu"
    PARTLY = 3, "en partie"
    WELL = 4, "plutôt bien"
    AT_EASE = 5, "à l’aise"


class Decision(models.TextChoices):
    """After the training talk: never « inapte » (domain.md g)."""

    READY = "ready", "prêt·e à accompagner"
    REINFORCED = "reinforced", "accompagnement renforcé"
    OTHER = "other", "autre forme de contribution"
