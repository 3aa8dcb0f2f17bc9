"""What a supervision group wishes to say: words of the supervisor, read by the référent once the group validates them.

Never of an individual session, never of fewer than three people: pairing/services/needs.py holds the rules (domain.md h.2).
"""

from django.db import models

from pairing.models.supervision import SupervisionSession
from portal import clock
from portal.crypto import SealedField
from portal.models.base import Referenced
from programmes.models import Participation


class CollectiveNeed(Referenced):
    session = models.OneToOneField(SupervisionSession, models.CASCADE, related_name="need")
    words = SealedField("besoin collectif, sans personne")
    written_at = models.DateTimeField("écrit le", default=clock.now)
    validated_at = models.DateTimeField("validé par le groupe le", null=True, blank=True)
    taken_up_at = models.DateTimeField("pris en compte le", null=True, blank=True)

    class Meta:
        verbose_name = "besoin collectif"
        ordering = ["-session__starts_at", "-pk"]

    def __str__(self) -> str:
        return str(self.ref)


class NeedVoice(models.Model):
    """What one person who was there answers; who said what is shown to nobody."""

    need = models.ForeignKey(CollectiveNeed, models.CASCADE, related_name="voices")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="need_voices")
    agrees = models.BooleanField("d’accord")
    said_at = models.DateTimeField("dit le", default=clock.now)

    class Meta:
        verbose_name = "accord sur un besoin collectif"
        constraints = [models.UniqueConstraint(fields=["need", "participation"], name="one_voice_each")]

    def __str__(self) -> str:
        return "oui" if self.agrees else "non"
