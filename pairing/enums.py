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
