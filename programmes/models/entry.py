"""Coming in without a mailbox: cards handed over, a call asked for first (field R19)."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced
from programmes.models.rollout import Programme


class EntryCard(Referenced):
    """A one-time card with a code: no name on it, 30 days. `person`: who was entered on behalf and may claim it.

    Only the hash of the code is kept.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="entry_cards")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="entry_cards")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by_ref = models.UUIDField(editable=False)
    created_at = models.DateTimeField("créée le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisée le", null=True, blank=True)

    class Meta:
        verbose_name = "carte d’entrée"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.ref)


class CallBack(Referenced):
    """Somebody without account asks to be called: erased 30 days later, whatever happened."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="call_backs")
    phone = SealedField("téléphone")
    given = SealedField("prénom, si la personne le donne")
    slots = models.PositiveSmallIntegerField("créneaux", default=0)
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    called_at = models.DateTimeField("rappelé le", null=True, blank=True)

    class Meta:
        verbose_name = "rappel demandé"
        ordering = ["asked_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(phone=""), name="call_back_has_phone")]

    def __str__(self) -> str:
        return str(self.ref)
