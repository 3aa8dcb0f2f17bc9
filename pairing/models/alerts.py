"""« Une situation m’inquiète » : who writes, how serious, which code. The person concerned is nowhere (field.md R6).

No text, no pair, no second person: tests/pairing/test_alerts.py holds the list of columns.
"""

from django.db import models
from django.db.models import Q

from pairing.enums import AlertCode, AlertState, RelayCode
from portal import clock
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.models import Programme


class Alert(Referenced, Versioned):
    """Level 1 leaves no trace (domain.md h.3). Once its time is over only level and dates stay: `sender` null."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="alerts")
    sender = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="alerts")
    level = models.PositiveSmallIntegerField("niveau")
    code = models.CharField("ce qui inquiète", max_length=14, choices=AlertCode, blank=True)
    occurred_at = models.DateTimeField("quand", null=True, blank=True)
    opened_at = models.DateTimeField("reçu le", default=clock.now)
    due_at = models.DateTimeField("délai visé")
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=AlertState, default=AlertState.RECEIVED)
    relay_code = models.CharField("relais", max_length=12, choices=RelayCode, blank=True)
    relayed_at = models.DateTimeField("relayé le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    class Meta:
        verbose_name = "message inquiet"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=2, level__lte=4), name="alert_level"),
            models.CheckConstraint(
                condition=Q(state=AlertState.RECEIVED, relayed_at__isnull=True, closed_at__isnull=True)
                | Q(state=AlertState.RELAYED, relayed_at__isnull=False, closed_at__isnull=True)
                | Q(state=AlertState.CLOSED, relayed_at__isnull=False, closed_at__isnull=False),
                name="alert_dates_follow_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AlertState.RECEIVED) | ~Q(relay_code="") | Q(sender__isnull=True),
                name="alert_dealt_with_has_a_relay",
            ),
            models.CheckConstraint(condition=Q(occurred_at__isnull=True) | Q(level=4), name="only_level_4_says_when"),
        ]

    def __str__(self) -> str:
        return f"niveau {self.level}"


class AlertReview(models.Model):
    """Once a year the protocol is read again: how many messages in the year before, and whether the targets were held."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="alert_reviews")
    on = models.DateField("relu le")
    alerts = models.PositiveSmallIntegerField("messages reçus dans l’année")
    delays_held = models.BooleanField("délais visés tenus")

    class Meta:
        verbose_name = "relecture du protocole"
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "on"], name="one_review_a_day")]

    def __str__(self) -> str:
        return f"{self.on}"
