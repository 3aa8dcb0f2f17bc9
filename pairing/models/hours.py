"""Time of a mission besides meetings, by month: what a helper says of their own time, for themself (domain.md h.3)."""

from django.db import models
from django.db.models import Q

from portal import clock
from programmes.models import Participation


class HoursTally(models.Model):
    """Travel, preparation, collective times, testimonies: one number a month, no subject. Meetings are counted apart."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="tallies")
    month = models.DateField("mois, par son premier jour")
    minutes = models.PositiveIntegerField("minutes, hors rencontres")
    noted_at = models.DateTimeField("noté le", default=clock.now)

    class Meta:
        verbose_name = "temps de mission d’un mois"
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "month"], name="one_tally_a_month"),
            models.CheckConstraint(condition=Q(minutes__lte=12_000), name="tally_fits_in_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
