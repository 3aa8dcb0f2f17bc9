"""Mission letters and reciprocal engagements, their one-page visa of time, and who validated them (domain.md f.1)."""

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.crypto import SealedField
from portal.models import Person, StoredDocument
from portal.models.base import Referenced, Versioned
from programmes.enums import LetterKind, LetterState, Origin, Party, SignatureMeans, VisaBy
from programmes.models.participation import Participation
from programmes.models.rollout import Programme


class Letter(Referenced, Versioned):
    """`body` and `visa` are frozen, with their SHA-256, at the first validation; the letter's hash covers the visa's.
    A letter from before the portal is on paper: its dates, its hours and perhaps its scan, no text of ours.

    The visa page says a neutral title, a period, hours, absence days and a contact: no word on health, no section.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="letters")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="letters")
    kind = models.CharField("nature", max_length=12, choices=LetterKind, default=LetterKind.LETTER)
    origin = models.CharField("origine", max_length=6, choices=Origin, default=Origin.PORTAL)
    number = models.PositiveSmallIntegerField("numéro")
    state = models.CharField("état", max_length=12, choices=LetterState, default=LetterState.DRAFT)
    mission_title = models.CharField("intitulé neutre de la mission", max_length=120)
    minutes_month = models.PositiveIntegerField("minutes par mois", default=0)
    absence_days = models.PositiveSmallIntegerField("jours de formation et de supervision", default=0)
    starts = models.DateField("prend effet le")
    ends = models.DateField("prend fin le")
    choices = models.JSONField("réponses aux sections adaptables", default=dict)
    body = models.TextField("texte figé (JSON canonique)", blank=True)
    sha256 = models.CharField("empreinte de la lettre", max_length=64, blank=True)
    visa = models.TextField("page du visa figée (JSON canonique)", blank=True)
    visa_sha256 = models.CharField("empreinte du visa", max_length=64, blank=True)
    visa_by = models.CharField("qui donne le temps", max_length=10, choices=VisaBy, default=VisaBy.MANAGER)
    visa_address = SealedField("adresse où demander le visa")
    document = models.OneToOneField(StoredDocument, models.PROTECT, null=True, blank=True, related_name="letter")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    in_force_at = models.DateTimeField("en vigueur depuis", null=True, blank=True)
    suspended_on = models.DateField("suspendue depuis le", null=True, blank=True)
    reminded_at = models.DateTimeField("dernier rappel", null=True, blank=True)
    ended_on = models.DateField("terminée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)

    class Meta:
        verbose_name = "lettre de mission"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=Q(state=LetterState.IN_FORCE), name="one_letter_in_force"
            ),
            models.UniqueConstraint(fields=["participation", "number"], name="letter_number_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="letter_dates"),
            models.CheckConstraint(
                condition=Q(state__in=[LetterState.DRAFT, LetterState.TO_AGENT, LetterState.CANCELLED])
                | Q(origin=Origin.BEFORE)
                | (~Q(sha256="") & (Q(kind=LetterKind.ENGAGEMENT) | ~Q(visa_sha256=""))),
                name="validated_letter_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.IN_FORCE) | Q(in_force_at__isnull=False), name="letter_in_force_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Signature(Referenced):
    """One validation. For the visa: « donné par le lien envoyé à X », not an identity (engineering C11)."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="signatures")
    party = models.CharField("partie", max_length=8, choices=Party)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="signatures")
    sent_to = SealedField("adresse du lien")
    means = models.CharField("moyen", max_length=8, choices=SignatureMeans, default=SignatureMeans.PORTAL)
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="signatures")
    sha256 = models.CharField("empreinte validée", max_length=64)
    at = models.DateTimeField("le", default=clock.now)

    class Meta:
        verbose_name = "validation"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "party"], name="one_signature_per_party")]

    def __str__(self) -> str:
        return self.get_party_display()
