"""Where the people of a programme may meet in person: a short list of names, kept by its référent."""

from django.db import models

from portal.models.base import Referenced
from programmes.models.rollout import Programme

MOST = 40  # of one programme: a list to tick, and the bits of a mask (pairing/matching)


class Site(Referenced):
    """A workplace, or a group of them. `small`: so few people work there that naming it nearly names somebody."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sites")
    name = models.CharField("nom", max_length=60)
    small = models.BooleanField("moins de dix agents y travaillent", default=False)

    class Meta:
        verbose_name = "site"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
