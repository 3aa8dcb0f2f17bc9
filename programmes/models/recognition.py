"""Recognition: a mention exists only when the agent asks for it in writing, and goes when they say so."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.models.base import Referenced
from programmes.enums import MentionPlace
from programmes.models.participation import Participation


class MentionRequest(Referenced):
    """One agent asks that their mission be mentioned somewhere; the référent marks it done."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="mention_requests")
    place = models.CharField("où", max_length=10, choices=MentionPlace)
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    done_at = models.DateTimeField("faite le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de mention"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "place"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_mention_asked_per_place",
                violation_error_message="Cette mention est déjà demandée.",
            )
        ]

    def __str__(self) -> str:
        return self.get_place_display()
