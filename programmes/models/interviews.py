"""The talk with somebody who offers to help: a date and the points talked about, never what was said (decision 13)."""

from django.db import models

from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.models.participation import Participation


class Interview(Referenced, Versioned):
    """`points` are codes of services/interviews.POINTS: « abordé », nothing else."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="interview")
    on = models.DateField("le")
    points = models.JSONField("points abordés", default=list)
    held_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "entretien"

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"
