"""Making the programme known: actions, numbers by category, consent to testify (domain.md c.1, e)."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.crypto import SealedField
from portal.dates import day_in_words
from portal.models import Person, StoredDocument, Unit
from portal.models.base import Referenced, Versioned
from programmes.enums import Audience, OutreachKind, SessionState, SignedAs
from programmes.models.rollout import Programme


class Outreach(Referenced, Versioned):
    """One action: a date, a place, whom it was for. Numbers only, no list of names."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="outreach")
    kind = models.CharField("nature", max_length=10, choices=OutreachKind)
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    place = models.CharField("lieu", max_length=120, blank=True)
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PLANNED)
    units = models.ManyToManyField(Unit, blank=True, related_name="+")
    materials = models.ManyToManyField(StoredDocument, blank=True, related_name="+")

    class Meta:
        verbose_name = "action de sensibilisation"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {day_in_words(self.on, weekday=False)}"


class AudienceNumber(models.Model):
    """How many people of one category came: numbers only, never names."""

    audience = models.CharField("public", max_length=8, choices=Audience)
    people = models.PositiveIntegerField("personnes")

    class Meta:
        abstract = True
        ordering = ["audience"]

    def __str__(self) -> str:
        return self.get_audience_display()


class OutreachNumber(AudienceNumber):
    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="numbers")

    class Meta(AudienceNumber.Meta):
        verbose_name = "public touché"
        constraints = [models.UniqueConstraint(fields=["outreach", "audience"], name="audience_once_per_outreach")]


class Testimony(Referenced):
    """Somebody agreed to testify at an action, in their own name; they withdraw it whenever they want.

    Once the person is erased, `person` is null: an agreement given is then a withdrawn one, until what was kept is gone.
    """

    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="testimonies")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="testimonies")
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    agreed_at = models.DateTimeField("accepté le", null=True, blank=True)
    recording_agreed = models.BooleanField("accepte que le support soit gardé", default=False)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    words = SealedField("mes mots pour la page publique")
    signed = models.CharField("signés", max_length=6, choices=SignedAs, default=SignedAs.NOBODY)
    shown_at = models.DateTimeField("montrés depuis", null=True, blank=True)

    class Meta:
        verbose_name = "accord pour témoigner"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["outreach", "person"], name="testimony_once"),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(agreed_at__isnull=False, withdrawn_at__isnull=True),
                name="words_shown_only_while_agreed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.outreach_id)
