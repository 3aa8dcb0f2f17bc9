"""« Combien de fois ce mois-ci ? » : one number for a month, instead of a tap for each meeting."""

from django.db import models
from django.db.models import Q

from pairing.models.pairs import Pair
from portal import clock

MOST = 31


class MonthCount(models.Model):
    """How many times the pair met in a month, meetings noted one by one included."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="month_counts")
    month = models.DateField("mois")  # its first day
    number = models.PositiveSmallIntegerField("nombre de rencontres")
    entered_by_ref = models.UUIDField("noté par", null=True, editable=False)
    for_ref = models.UUIDField("pour le compte de", null=True, editable=False)
    entered_at = models.DateTimeField("noté le", default=clock.now)

    class Meta:
        verbose_name = "nombre du mois"
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "month"], name="one_number_a_month"),
            models.CheckConstraint(condition=Q(number__lte=MOST), name="number_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
