"""Mission letters and reciprocal engagements, their one-page visa of time, and who validated them (domain.md f.1)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.crypto import SealedField
from portal.models import Person, StoredDocument
from portal.models.base import Referenced, Versioned
from programmes.enums import LetterKind, LetterStanding, LetterState, Origin, Party, SignatureMeans, VisaBy
from programmes.models.participation import Participation
from programmes.models.rollout import Programme

GRACE = dt.timedelta(days=60)
RENEWAL = dt.timedelta(days=60)
STANDING_TONES = {
    LetterStanding.PAUSED: "wait",
    LetterStanding.GRACE: "wait",
    LetterStanding.IN_FORCE: "go",
    LetterStanding.ENDED: "done",
    LetterStanding.COMING: "neutral",
}
STATE_TONES = {LetterState.DRAFT: "neutral", LetterState.CANCELLED: "neutral"}


class LetterQuerySet(models.QuerySet):
    def holding(self, day: dt.date) -> "LetterQuerySet":
        """In force on `day`, paused or not: a letter ended or replaced holds until its own last day."""
        running = Q(state=LetterState.IN_FORCE, ends__gte=day) | Q(state=LetterState.ENDED, ended_on__gte=day)
        return self.filter(running, starts__lte=day)

    def to_renew(self, day: dt.date) -> "LetterQuerySet":
        """Near their end or past it, and nothing prepared after them."""
        under_way = Letter.objects.filter(replaces=models.OuterRef("pk")).exclude(state=LetterState.CANCELLED)
        near = self.filter(state=LetterState.IN_FORCE, ends__lte=day + RENEWAL).exclude(kind=LetterKind.ENGAGEMENT)
        near = near.filter(participation__person__isnull=False)
        return near.filter(~models.Exists(under_way))


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

    objects = LetterQuerySet.as_manager()

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
                | (~Q(sha256="") & (~Q(kind=LetterKind.LETTER) | ~Q(visa_sha256=""))),
                name="validated_letter_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.IN_FORCE) | Q(in_force_at__isnull=False), name="letter_in_force_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def holder(self) -> str:
        """Whose letter it is, for RH; the text still says it once the person was erased, the list no longer does."""
        person = self.participation.person
        return person.full_name if person else "Agent dont les données sont effacées"

    @property
    def last_day(self) -> dt.date:
        """The last day it holds: its term, or before it the day it was ended or replaced."""
        return min(self.ends, self.ended_on) if self.ended_on else self.ends

    @property
    def grace_ends(self) -> dt.date:
        """Until then the delay is the administration's: only new pairs wait."""
        return self.ends + GRACE

    @property
    def standing(self) -> LetterStanding | None:
        """What a letter once validated is today; none before."""
        if self.state not in (LetterState.IN_FORCE, LetterState.ENDED):
            return None
        today = clock.today(self.programme.time_zone)
        if today > self.last_day or self.last_day < self.starts:
            late = self.state == LetterState.IN_FORCE and today <= self.grace_ends
            return LetterStanding.GRACE if late else LetterStanding.ENDED
        if today < self.starts:
            return LetterStanding.COMING
        return LetterStanding.PAUSED if self.suspended_on else LetterStanding.IN_FORCE

    @property
    def shown(self) -> str:
        """Its state in words, as it truly is today."""
        return self.standing.label if self.standing else self.get_state_display()

    @property
    def shown_to_hr(self) -> str:
        """The same for RH, who do not learn of a pause: it is taken without reason (field R21)."""
        standing = self.standing
        return LetterStanding.IN_FORCE.label if standing == LetterStanding.PAUSED else self.shown

    @property
    def tone(self) -> str:
        return STANDING_TONES[self.standing] if self.standing else STATE_TONES.get(self.state, "wait")

    @property
    def tone_to_hr(self) -> str:
        return "go" if self.standing == LetterStanding.PAUSED else self.tone

    @property
    def renewable(self) -> bool:
        """From sixty days before its end, as long as nothing took its place."""
        near = clock.today(self.programme.time_zone) >= self.ends - RENEWAL
        return self.state == LetterState.IN_FORCE and self.kind != LetterKind.ENGAGEMENT and near


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
