"""A day that an agent shares with whoever accompanies them, and what they ticked: one sealed line, nothing in clear.

Every pair that may hold such a day has this row, empty or not, of one length: a copy of the database tells neither the
day, nor who gave one (docs/decisions/0012-return-dates.md).
"""

from django.db import models

from pairing.models.pairs import PairMember
from portal.crypto import SealedField
from portal.models.base import Referenced


class ReturnPlan(Referenced):
    """`kept` is written and read by services/returns.py alone. No date, no counter, no state beside it."""

    member = models.OneToOneField(PairMember, models.CASCADE, related_name="return_plan")
    kept = SealedField("jour, jours choisis, façon de les rappeler")

    class Meta:
        verbose_name = "appui au retour"

    def __str__(self) -> str:
        return str(self.ref)
