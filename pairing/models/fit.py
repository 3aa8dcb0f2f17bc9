"""« Cette rencontre vous convient-elle ? » : what one member answers after the first meeting, for themself alone."""

from django.db import models

from pairing.models.pairs import PairMember
from portal.crypto import SealedField
from portal.models.base import Referenced


class FitCheck(Referenced):
    """One row per member who answered, whatever the answer: stored, all answers look alike and go on the same day."""

    member = models.OneToOneField(PairMember, models.CASCADE, related_name="fit")
    answer = SealedField("réponse")
    answered_on = models.DateField("répondu le")

    class Meta:
        verbose_name = "point après la première rencontre"

    def __str__(self) -> str:
        return str(self.ref)
