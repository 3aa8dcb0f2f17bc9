"""The charter of a programme, its versions, and who accepted which (domain.md f.2)."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.models.base import Referenced, Versioned
from programmes.models.participation import Participation
from programmes.models.rollout import Programme


class CharterVersion(Referenced, Versioned):
    """`articles`: list of {"title", "text"}. Once in force the text never changes: a change is a new version."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="charters")
    number = models.PositiveSmallIntegerField("version du texte")
    articles = models.JSONField("articles")
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    in_force_on = models.DateField("en vigueur depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "version de la charte"
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="charter_number_once"),
            models.CheckConstraint(
                condition=Q(in_force_on__isnull=True) | ~Q(sha256=""), name="charter_in_force_has_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class CharterAcceptance(models.Model):
    """A participant accepted a version. Accepting again is nothing new."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="charter_acceptances")
    version = models.ForeignKey(CharterVersion, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField("acceptée le", default=clock.now)

    class Meta:
        verbose_name = "acceptation de la charte"
        constraints = [models.UniqueConstraint(fields=["participation", "version"], name="charter_accepted_once")]

    def __str__(self) -> str:
        return f"{self.version_id}"
