"""Links that let somebody without an account do one thing, once (visa, supervision sheet)."""

from django.db import models

from portal import clock
from portal.models.base import Referenced


class SignedLink(Referenced):
    """One purpose, one object, an end, used once on POST. Only the token's hash is kept."""

    purpose = models.CharField("usage", max_length=40)
    object_ref = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=clock.now)
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien signé"
        indexes = [models.Index(fields=["purpose", "object_ref"], name="link_object")]

    def __str__(self) -> str:
        return self.purpose
