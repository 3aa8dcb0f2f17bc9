"""An employer's own wording of the model documents (fixtures/texts/library)."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.models import Employer, Person
from portal.models.base import Referenced, Versioned


class LibraryText(Referenced, Versioned):
    """One adaptation of one model document by one employer, numbered from 1; the latest in use replaces the model.

    `blocks`: list of {"kind": "heading" | "paragraph" | "item", "text": str}, placeholders still in place.
    `based_on`: version of the model it was written from.
    """

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="library_texts")
    code = models.SlugField("document", max_length=40)
    number = models.PositiveSmallIntegerField("version")
    based_on = models.PositiveSmallIntegerField("version du modèle")
    blocks = models.JSONField("texte")
    in_use_on = models.DateField("utilisée depuis le", null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("écrite le", default=clock.now)

    class Meta:
        verbose_name = "document adapté"
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "code", "number"], name="library_text_number_once"),
            models.UniqueConstraint(
                fields=["employer", "code"], condition=Q(in_use_on__isnull=True), name="one_library_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
