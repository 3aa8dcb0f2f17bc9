"""A review at half-way and at the end: what each member ticks, for the two alone."""

from django.db import models

from pairing.enums import Moment
from pairing.models.pairs import PairMember
from portal.crypto import SealedField
from portal.models.base import Referenced


class ReviewAnswer(Referenced):
    """Sealed at one length, whatever is ticked; it goes with the link between the members."""

    member = models.ForeignKey(PairMember, models.CASCADE, related_name="reviews")
    moment = models.CharField("moment", max_length=4, choices=Moment)
    ticks = SealedField("cases cochées")
    answered_on = models.DateField("répondu le")

    class Meta:
        verbose_name = "bilan d’un membre"
        ordering = ["member", "moment"]
        constraints = [models.UniqueConstraint(fields=["member", "moment"], name="one_review_a_moment")]

    def __str__(self) -> str:
        return str(self.ref)
