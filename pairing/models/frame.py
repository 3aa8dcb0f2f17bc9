"""What the members of a pair agreed on: rhythm, duration, channel, objectives of a closed list. Theirs alone."""

from django.db import models
from django.db.models import Q

from pairing.enums import Noting, Rhythm
from pairing.models.pairs import Pair, PairMember
from portal import clock
from portal.models.base import Referenced
from programmes.enums import Channel


class PairFrame(Referenced):
    """Proposed by one, in force once each has accepted; at most one waits and one is in force. It goes with the pair."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="frames")
    rhythm = models.CharField("rythme", max_length=12, choices=Rhythm)
    minutes = models.PositiveSmallIntegerField("durée habituelle, en minutes")
    channel = models.CharField("comment", max_length=12, choices=Channel)
    objectives = models.JSONField("objectifs", default=list, blank=True)
    noting = models.CharField("ce que vous notez", max_length=8, choices=Noting, default=Noting.EACH)
    accepted_by = models.ManyToManyField(PairMember, related_name="+")
    proposed_at = models.DateTimeField("proposé le", default=clock.now)
    agreed_at = models.DateTimeField("accepté par tous le", null=True, blank=True)

    class Meta:
        verbose_name = "cadre d’un binôme"
        ordering = ["pair", "proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(agreed_at__isnull=True),
                name="one_frame_waits",
                violation_error_message="Une proposition vient d’être faite : relisez-la.",
            ),
            models.UniqueConstraint(fields=["pair"], condition=Q(agreed_at__isnull=False), name="one_frame_in_force"),
            models.CheckConstraint(condition=Q(minutes__gte=5) & Q(minutes__lte=480), name="frame_minutes"),
        ]

    def __str__(self) -> str:
        return self.get_rhythm_display()
