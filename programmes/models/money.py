"""Money spent on a programme by one of its employers."""

from django.db import models
from django.db.models import F, Q

from portal.models import Employer
from portal.models.base import Referenced, Versioned
from programmes.enums import ExpenseLine
from programmes.models.rollout import Programme


class Expense(Referenced, Versioned):
    """One expense, in euro cents, with the number of the piece that proves it."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="expenses")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="expenses")
    on = models.DateField("le")
    line = models.CharField("ligne", max_length=16, choices=ExpenseLine)
    cents = models.PositiveIntegerField("montant, en centimes")
    financed_cents = models.PositiveIntegerField("dont financé par le FIPHFP, en centimes", default=0)
    piece = models.CharField("numéro de pièce", max_length=60, blank=True)

    class Meta:
        verbose_name = "dépense"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(financed_cents__lte=F("cents")), name="financed_at_most_spent")
        ]

    def __str__(self) -> str:
        return self.get_line_display()
