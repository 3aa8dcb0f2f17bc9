"""The inscription somebody has begun."""

from django.db import models

from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced
from programmes.models.rollout import Programme


class JoinDraft(Referenced):
    """What somebody typed so far, as they typed it, sealed: read by them alone, gone after a week (services/joining.py).

    `late`: a page sent after the session had ended, kept aside until they have signed in again.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="join_drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="join_drafts")
    content = SealedField("réponses")
    late = SealedField("page envoyée trop tard")
    created_at = models.DateTimeField("commencé le", default=clock.now)
    changed_at = models.DateTimeField("changé le", default=clock.now)

    class Meta:
        verbose_name = "brouillon d’inscription"
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="one_draft_per_programme")]

    def __str__(self) -> str:
        return "•••"
