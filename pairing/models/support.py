"""An agent asks to be called back: about what, by whom, how and when. Nobody else reads it (field.md G6)."""

from django.db import models
from django.db.models import Q

from pairing.enums import SESSION_KINDS, Asked, SupportKind, SupportState
from pairing.models.supervision import SupervisorEngagement
from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Channel
from programmes.models import Contact, Programme


class SupportRequest(Referenced, Versioned):
    """Once closed it goes down to a kind and dates: `person` null, nothing to reach anybody by."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="support_requests")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="support_requests")
    asked = models.CharField("à qui", max_length=12, choices=Asked)
    supervisor = models.ForeignKey(SupervisorEngagement, models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField("au sujet de", max_length=12, choices=SupportKind)
    channel = models.CharField("comment", max_length=12, choices=Channel, blank=True)
    slots = models.PositiveIntegerField("demi-journées, en bits", default=0)
    reach = SealedField("numéro ou adresse où répondre")
    state = models.CharField("état", max_length=10, choices=SupportState, default=SupportState.RECEIVED)
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    due_at = models.DateTimeField("délai visé")
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    called_at = models.DateTimeField("rappelée le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    held = models.BooleanField("la séance a eu lieu", default=False)

    class Meta:
        verbose_name = "demande d’appui"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=SESSION_KINDS) | Q(asked=Asked.SUPERVISOR), name="session_asked_of_a_supervisor"
            ),
            models.CheckConstraint(
                condition=Q(held=False) | Q(kind__in=SESSION_KINDS, state=SupportState.CLOSED),
                name="only_a_session_closed_was_held",
            ),
            models.CheckConstraint(
                condition=Q(state=SupportState.RECEIVED, called_at__isnull=True, closed_at__isnull=True)
                | Q(state=SupportState.CALLED, called_at__isnull=False, closed_at__isnull=True)
                | Q(state=SupportState.CLOSED, called_at__isnull=False, closed_at__isnull=False, reach=""),
                name="support_dates_follow_state",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
