"""What somebody of the team follows of a pair: its opening meeting, the points held. Dates, never contents."""

from django.db import models
from django.db.models import Q

from pairing.enums import OpeningWay
from pairing.models.pairs import Pair
from portal.models.base import Referenced, Versioned
from programmes.enums import Channel


class Opening(Referenced, Versioned):
    """How this pair opens, when that is not its programme's way; when it is planned; on which day it was held."""

    pair = models.OneToOneField(Pair, models.CASCADE, related_name="opening_meeting")
    way = models.CharField("rencontre d’ouverture", max_length=8, choices=OpeningWay, blank=True)
    starts_at = models.DateTimeField("prévue le", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("durée prévue, en minutes", default=60)
    channel = models.CharField("comment", max_length=12, choices=Channel, blank=True)
    held_on = models.DateField("tenue le", null=True, blank=True)
    by_ref = models.UUIDField("prévue ou notée par", null=True, editable=False)

    class Meta:
        verbose_name = "rencontre d’ouverture"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5) & Q(minutes__lte=480), name="opening_minutes"),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class PairPoint(models.Model):
    """A practical point of twenty minutes was held: the first at 30 days, then one every 60. A day, no word."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField("rang")
    done_on = models.DateField("fait le")
    by_ref = models.UUIDField("fait par", null=True, editable=False)

    class Meta:
        verbose_name = "point pratique"
        ordering = ["pair", "number"]
        constraints = [models.UniqueConstraint(fields=["pair", "number"], name="each_point_once")]

    def __str__(self) -> str:
        return str(self.number)
