"""Closed lists of the pairs' life."""

from django.db import models


class PairState(models.TextChoices):
    """domain.md e, « Statuts de binôme »; a pair « sans nouvelles » is never closed by the machine (decision 16)."""

    PROPOSED = "proposed", "proposé"
    ACCEPTED = "accepted", "accepté"
    ACTIVE = "active", "en vie"
    PAUSED = "paused", "en pause"
    LAPSED = "lapsed", "sans suite"
    ENDED = "ended", "terminé"

    @property
    def for_members(self) -> str:
        """« en vie » is a word of those who follow pairs; the two read « en cours »."""
        return "en cours" if self == PairState.ACTIVE else self.label


ESTIMATED_MINUTES = 50  # a meeting noted without its duration
LIVE = (PairState.PROPOSED, PairState.ACCEPTED, PairState.ACTIVE, PairState.PAUSED)


class EndCode(models.TextChoices):
    """Why a pair ended: a code, never a text; « sans précision » is always offered."""

    TERM = "term", "terme atteint"
    HELPED_WISH = "helped_wish", "souhait de l’agent accompagné"
    HELPER_WISH = "helper_wish", "souhait du ou de la pair-aidant·e"
    MOBILITY = "mobility", "mobilité"
    ORIENTATION = "orientation", "orientation vers un autre appui"
    UNSPECIFIED = "unspecified", "sans précision"
    # Through its own door (services/fit.py), never chosen from a list.
    CHANGE = "change", "souhait de changer"


class Fit(models.TextChoices):
    """After the first meeting, for oneself alone. Codes of one length: sealed, they cannot be told apart."""

    FITS = "fits", "Oui, cela me convient"
    WAIT = "wait", "Je ne sais pas encore"
    MISS = "miss", "Non, cela ne me convient pas"


class Rhythm(models.TextChoices):
    """How often a pair means to meet."""

    WEEKLY = "weekly", "chaque semaine"
    FORTNIGHTLY = "fortnightly", "toutes les deux semaines"
    MONTHLY = "monthly", "chaque mois"
    AS_NEEDED = "as_needed", "selon les besoins"


class Objective(models.TextChoices):
    """What a pair wants of its time: a closed list, nothing of health."""

    BEARINGS = "bearings", "trouver ses repères dans le travail"
    STEPS = "steps", "y voir clair dans les démarches"
    CONFIDENCE = "confidence", "reprendre confiance"
    TEAM = "team", "trouver sa place dans le collectif"
    PROJECT = "project", "avancer dans un projet professionnel"
    COMPANY = "company", "ne pas rester seul·e"


class Noting(models.TextChoices):
    """What a pair notes in the portal (field R25)."""

    EACH = "each", "chaque rencontre, d’un geste"
    MONTHLY = "monthly", "un nombre par mois"
    NONE = "none", "nous ne notons pas : un signe par mois"


class Milestone(models.IntegerChoices):
    """Days from a return that an agent may choose (domain.md e). Their order is that of the bits of a sealed row."""

    BEFORE = -15, "15 jours avant"
    WEEK = 7, "7 jours après"
    MONTH = 30, "30 jours après"
    END = 90, "90 jours après, la fin"


class ReturnChannel(models.TextChoices):
    """How the chosen days are recalled: nothing else is ever written before the return (field R14)."""

    MAIL = "m", "Par un message neutre, à mon adresse personnelle"
    NONE = "n", "Aucun message : je regarde ici quand je veux"


class ReturnWay(models.TextChoices):
    """How the two talk until then: never at the workplace."""

    PHONE = "p", "par téléphone"
    VIDEO = "v", "en visio"
    OUTSIDE = "o", "hors du lieu de travail"


class OpeningWay(models.TextChoices):
    """Who sits in the opening meeting (field.md 3); the two may always choose to be alone."""

    DUO = "duo", "à deux"
    REFERENT = "referent", "à trois, avec le ou la référent·e"
    REFEREE = "referee", "à trois, avec le ou la référent·e de binôme"


# As the programme's own setting numbers them (fixtures/reference/gates.json).
OPENING_WAYS = (OpeningWay.DUO, OpeningWay.REFERENT, OpeningWay.REFEREE)


class Moment(models.TextChoices):
    """When a review is offered to the two."""

    HALF = "half", "à mi-parcours"
    END = "end", "à la fin"


class Tick(models.TextChoices):
    """What a member ticks in a review: of oneself and of the frame, never of the other. Order matters: it is sealed."""

    CARRY_ON = "carry_on", "Je continue volontiers comme cela"
    RHYTHM = "rhythm", "J’aimerais un autre rythme"
    CHANNEL = "channel", "J’aimerais échanger autrement"
    AIMS = "aims", "J’aimerais revoir nos objectifs"
    PREPARE = "prepare", "J’aimerais préparer la fin"
    BEARINGS = "bearings", "J’ai trouvé des repères"
    CONFIDENCE = "confidence", "J’ai repris confiance"
    COMPANY = "company", "Je me suis senti·e moins seul·e"
    LEARNED = "learned", "J’ai appris"
    LITTLE = "little", "Cela m’a peu apporté"
    TALK = "talk", "J’aimerais en parler avec quelqu’un"


TICKS = {
    Moment.HALF: (Tick.CARRY_ON, Tick.RHYTHM, Tick.CHANNEL, Tick.AIMS, Tick.PREPARE, Tick.LITTLE, Tick.TALK),
    Moment.END: (Tick.BEARINGS, Tick.CONFIDENCE, Tick.COMPANY, Tick.LEARNED, Tick.LITTLE, Tick.TALK),
}


class Part(models.TextChoices):
    """The part somebody plays in a pair (decision 29)."""

    HELPER = "helper", "pair-aidant·e"
    HELPED = "helped", "agent accompagné"
    PEER = "peer", "pair"


class BaselineHow(models.TextChoices):
    """How the start survey was settled for a pair (decision 34): offered, never « answered »."""

    ISSUED = "issued", "enquête proposée"
    PREVIOUS_WAVE = "previous_wave", "enquête précédente, de moins de 90 jours"
    COLLECTIVE_TALK = "collective_talk", "temps collectif d’échange"
    AFTER_ISSUE = "after_issue", "binôme formé après l’enquête"


class Asked(models.TextChoices):
    """Who is asked to call back: that person alone sees it."""

    REFERENT = "referent", "le ou la référent·e"
    SUPERVISOR = "supervisor", "le ou la superviseur·e"
    CONTACT = "contact", "un contact du programme"


class SupportKind(models.TextChoices):
    """What an agent asks to be called back about (field.md G6). SESSION_KINDS are only ever asked of a supervisor."""

    ADJUSTMENT = "adjustment", "un aménagement"
    RIGHTS = "rights", "mes droits"
    MOBILITY = "mobility", "une mobilité"
    RETURN = "return", "un retour"
    RELATION = "relation", "une relation de travail ou de binôme"
    OTHER = "other", "autre chose"
    DEBRIEF = "debrief", "un débriefing"
    INDIVIDUAL = "individual", "une séance individuelle"


SESSION_KINDS = (SupportKind.INDIVIDUAL, SupportKind.DEBRIEF)


class SupportState(models.TextChoices):
    RECEIVED = "received", "reçue"
    CALLED = "called", "rappelée"
    CLOSED = "closed", "close"


class AlertState(models.TextChoices):
    RECEIVED = "received", "reçu"
    RELAYED = "relayed", "relayé"
    CLOSED = "closed", "clos"


class AlertCode(models.TextChoices):
    """What worries, never whom (domain.md h.3)."""

    DEPENDENCE = "dependence", "une dépendance qui s’installe"
    LIMIT = "limit", "une limite franchie"
    BLOCKED = "blocked", "un binôme bloqué"
    OVERLOAD = "overload", "une charge trop lourde"
    HARASSMENT = "harassment", "du harcèlement ou de la violence évoqués"
    DISCRIMINATION = "discrimination", "une discrimination évoquée"
    BREACH = "breach", "la confidentialité rompue"
    HOLD = "hold", "une emprise, de l’argent, une contrepartie"
    SUICIDE = "suicide", "des propos suicidaires"
    VIOLENCE = "violence", "de la violence"
    DANGER = "danger", "un autre danger"
    OTHER = "other", "autre chose, que je dirai de vive voix"


ALERT_CODES = {
    2: (AlertCode.DEPENDENCE, AlertCode.LIMIT, AlertCode.BLOCKED, AlertCode.OVERLOAD, AlertCode.OTHER),
    3: (AlertCode.HARASSMENT, AlertCode.DISCRIMINATION, AlertCode.BREACH, AlertCode.HOLD, AlertCode.OTHER),
    4: (AlertCode.SUICIDE, AlertCode.VIOLENCE, AlertCode.DANGER, AlertCode.OTHER),
}


class RelayCode(models.TextChoices):
    """Who took over; no story (domain.md h.3)."""

    VOICE = "voice", "échange de vive voix"
    SUPERVISION = "supervision", "superviseur·e"
    HEALTH = "health", "santé au travail"
    SOCIAL = "social", "service social"
    REPORTING = "reporting", "dispositif de signalement"
    AUTHORITY = "authority", "responsable présent ou direction"
    EMERGENCY = "emergency", "secours (15, 112, 114 ou 3114)"


class ProblemCategory(models.TextChoices):
    """Where what gets in the way comes from (field.md, report 10)."""

    PERSON = "person", "chacun dans son poste"
    COLLECTIVE = "collective", "le collectif de travail"
    ORGANISATION = "organisation", "l’organisation"


class ProblemKind(models.TextChoices):
    """What comes back in several talks."""

    ADJUSTMENTS = "adjustments", "aménagements"
    TIME = "time", "temps de mission"
    SCHEDULES = "schedules", "horaires et plannings"
    RIGHTS = "rights", "information et droits"
    ACCESS = "access", "accessibilité des lieux et des outils"
    MOBILITY = "mobility", "mobilité et reclassement"
    RETURN = "return", "retours"
    MANAGERS = "managers", "encadrement"
    SUPERVISION = "supervision", "supervision et moyens du programme"
    OTHER = "other", "autre"


class ProblemState(models.TextChoices):
    RAISED = "raised", "réponse attendue"
    ACCEPTED = "accepted", "acceptée"
    DECLINED = "declined", "non retenue"
    DONE = "done", "réalisée"


class SupervisionKind(models.TextChoices):
    """domain.md h.1."""

    GROUP = "group", "groupe"
    INDIVIDUAL = "individual", "individuelle"
    DEBRIEF = "debrief", "débriefing"
    INTERVISION = "intervision", "intervision"
    LOGISTIC = "logistic", "point logistique"


# Led by nobody from supervision: helpers among themselves, or with the référent. Nothing is noted of them.
UNLED_KINDS = (SupervisionKind.INTERVISION, SupervisionKind.LOGISTIC)
# What référents and helpers read. Whoever asked for another one is known by the supervisor alone (field R8).
COLLECTIVE_KINDS = (SupervisionKind.GROUP, *UNLED_KINDS)


class SupervisionTheme(models.TextChoices):
    """Generic themes of a group session: a closed list (domain.md h.2)."""

    LIMITS = "limits", "limites"
    LOAD = "load", "charge"
    CONFIDENTIALITY = "confidentiality", "confidentialité"
    ENDING = "ending", "fin de binôme"
    INSTITUTION = "institution", "institution"
    STORY = "story", "récit de son parcours"
    OTHER = "other", "autre"


class RunMode(models.TextChoices):
    """The three ways of Indicarr’, and wishes on presentations (domain.md e)."""

    RANDOM = "random", "aléatoire contrôlé"
    CRITERIA = "criteria", "sur critères"
    DATING = "dating", "rencontres croisées (binôme dating)"
    PRESENTATIONS = "presentations", "vœux sur présentations"


class RunState(models.TextChoices):
    """A run is staged until a human publishes or discards it."""

    COMPUTING = "computing", "calcul en cours"
    FAILED = "failed", "calcul interrompu"
    STAGED = "staged", "en préparation"
    PUBLISHED = "published", "publié"
    DISCARDED = "discarded", "écarté"


class CandidateOrigin(models.TextChoices):
    SOLVER = "solver", "proposé par le calcul"
    HAND = "hand", "choisi à la main"


class CandidateState(models.TextChoices):
    STAGED = "staged", "en préparation"
    PUBLISHED = "published", "proposé aux personnes"
    UNAVAILABLE = "unavailable", "plus possible"


class SearchAnswer(models.TextChoices):
    """After an end, the person is asked, and says what they want (field R28)."""

    ASKED = "asked", "pas encore de réponse"
    NOW = "now", "maintenant"
    LATER = "later", "plus tard"
    NO = "no", "non"


class RoundState(models.TextChoices):
    """A round of wishes: nothing of it is left once it is closed or cancelled, but its date."""

    PLANNED = "planned", "prévu"
    CLOSED = "closed", "vœux clos"
    CANCELLED = "cancelled", "annulé"


class SeatAnswer(models.TextChoices):
    """To an invitation; never why."""

    INVITED = "invited", "pas encore de réponse"
    COMING = "coming", "vient"
    NOT_THIS_TIME = "not_this_time", "pas cette fois"
