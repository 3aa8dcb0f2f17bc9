"""Dates that a member proposes and another chooses among: days and hours, theirs alone."""

from django.db import models
from django.db.models import Q

from pairing.models.pairs import Pair, PairMember
from portal import clock
from portal.models.base import Referenced
from programmes.enums import Channel


class DateProposal(Referenced):
    """Up to three dates; once one is chosen, an appointment. It goes with the pair, and thirty days after its day."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="date_proposals")
    by = models.ForeignKey(PairMember, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField("durée prévue, en minutes")
    channel = models.CharField("comment", max_length=12, choices=Channel)
    proposed_at = models.DateTimeField("proposé le", default=clock.now)
    starts_at = models.DateTimeField("rendez-vous le", null=True, blank=True)

    class Meta:
        verbose_name = "dates proposées"
        ordering = ["pair", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(starts_at__isnull=True),
                name="one_proposal_waits",
                violation_error_message="Des dates viennent d’être proposées : relisez-les.",
            ),
            models.UniqueConstraint(
                fields=["pair", "starts_at"], condition=Q(starts_at__isnull=False), name="one_appointment_at_a_time"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=5) & Q(minutes__lte=480), name="appointment_minutes"),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class ProposedDate(models.Model):
    """One of the dates; gone once one is chosen."""

    proposal = models.ForeignKey(DateProposal, models.CASCADE, related_name="dates")
    starts_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "date proposée"
        ordering = ["starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "starts_at"], name="each_date_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%d/%m/%Y %H:%M}"
