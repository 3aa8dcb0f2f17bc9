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


LIVE = (PairState.PROPOSED, PairState.ACCEPTED, PairState.ACTIVE, PairState.PAUSED)


class EndCode(models.TextChoices):
    """Why a pair ended: a code, never a text; « sans précision » is always offered."""

    TERM = "term", "terme atteint"
    HELPED_WISH = "helped_wish", "souhait de l’agent accompagné"
    HELPER_WISH = "helper_wish", "souhait du ou de la pair-aidant·e"
    MOBILITY = "mobility", "mobilité"
    ORIENTATION = "orientation", "orientation vers un autre appui"
    UNSPECIFIED = "unspecified", "sans précision"


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


class SupervisionKind(models.TextChoices):
    """domain.md h.1."""

    GROUP = "group", "groupe"
    INDIVIDUAL = "individual", "individuelle"
    DEBRIEF = "debrief", "débriefing"


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
