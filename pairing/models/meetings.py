"""A meeting took place: a day, perhaps a duration, a channel and ticked themes. Never a content (decision 13)."""

from django.db import models
from django.db.models import Q

from pairing.models.pairs import Pair
from portal import clock
from portal.crypto import SealedField
from portal.models.base import Referenced, Versioned
from programmes.enums import Channel


class Meeting(Referenced, Versioned):
    """Themes are seen by the two members only (field R7), and sealed at one length, ticked or not (scene 5)."""

    key = models.UUIDField("clé d’unicité", unique=True)
    pair = models.ForeignKey(Pair, models.CASCADE, related_name="meetings")
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    channel = models.CharField("canal", max_length=12, choices=Channel, blank=True)
    themes = SealedField("thèmes cochés")
    entered_by_ref = models.UUIDField("notée par", null=True, editable=False)
    entered_at = models.DateTimeField("notée le", default=clock.now)

    class Meta:
        verbose_name = "rencontre"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "on"],
                name="one_meeting_a_day",
                violation_error_message="Une rencontre est déjà notée ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=5) & Q(minutes__lte=480), name="meeting_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"
