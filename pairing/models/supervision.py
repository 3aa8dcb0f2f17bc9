"""Supervision: who is engaged, sessions, attendance. No free text, no appreciation, no reason (domain.md h.2)."""

from django.db import models
from django.db.models import Q

from pairing.enums import UNLED_KINDS, SupervisionKind
from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Presence, SessionState
from programmes.models import Expense, Participation, Programme


class SupervisionSetting(Versioned):
    """A programme's own rhythm, where it differs from domain.md h.1; no row while nothing was changed."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="supervision_setting")
    group_weeks = models.PositiveSmallIntegerField("groupe : toutes les combien de semaines", default=6)
    group_minutes = models.PositiveSmallIntegerField("groupe : durée en minutes", default=120)
    intervision_weeks = models.PositiveSmallIntegerField("intervision : toutes les combien de semaines", default=4)
    intervision_minutes = models.PositiveSmallIntegerField("intervision : durée en minutes", default=60)
    logistic_weeks = models.PositiveSmallIntegerField("point logistique : toutes les combien de semaines", default=8)
    logistic_minutes = models.PositiveSmallIntegerField("point logistique : durée en minutes", default=20)
    helpers_each = models.PositiveSmallIntegerField("pairs-aidants par superviseur·e, au plus", default=8)
    without_days = models.PositiveSmallIntegerField("jours sans supervision avant de le dire", default=84)

    class Meta:
        verbose_name = "rythme de supervision"

    def __str__(self) -> str:
        return str(self.programme)


class SupervisorEngagement(Referenced):
    """A supervisor engaged for a programme: somebody of the portal, or somebody outside reached by signed links."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="supervisors")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="supervisions")
    name = models.CharField("nom affiché", max_length=80)
    address = SealedField("adresse électronique, si la personne est extérieure")
    engaged_on = models.DateField("engagé·e le")
    confidentiality_on = models.DateField("engagement de confidentialité signé le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "superviseur·e"
        ordering = ["engaged_on", "pk"]

    def __str__(self) -> str:
        return self.name


class SupervisionSession(Referenced, Versioned):
    """A session. Themes are generic and collective: none on an individual session. Nobody leads an intervision."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="supervision_sessions")
    supervisor = models.ForeignKey(SupervisorEngagement, models.PROTECT, null=True, related_name="sessions")
    kind = models.CharField("type", max_length=12, choices=SupervisionKind, default=SupervisionKind.GROUP)
    starts_at = models.DateTimeField("commence le")
    minutes = models.PositiveSmallIntegerField("durée en minutes")
    place = models.CharField("lieu", max_length=120, blank=True)
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PLANNED)
    themes = models.JSONField("thèmes du groupe", default=list)
    # Of an intervision: how many were there, nothing else.
    came = models.PositiveSmallIntegerField("personnes venues", null=True, blank=True)
    # What it cost, where all money is written: one number, in one place.
    expense = models.OneToOneField(Expense, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "séance de supervision"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SupervisionKind.GROUP) | Q(themes=[]), name="no_theme_on_individual_sessions"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=UNLED_KINDS, supervisor__isnull=True)
                | Q(~Q(kind__in=UNLED_KINDS), supervisor__isnull=False),
                name="supervision_led_by_a_supervisor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d/%m/%Y}"

    @property
    def is_over(self) -> bool:
        """Of what has no sheet: the hour has come, there is nothing left to do."""
        return self.supervisor_id is None and self.starts_at <= clock.now()


class IntervisionSeat(models.Model):
    """Somebody says they come to an intervision: read by helpers only, gone a month later."""

    session = models.ForeignKey(SupervisionSession, models.CASCADE, related_name="seats")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="intervision_seats")

    class Meta:
        verbose_name = "inscription à une intervision"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "participation"], name="one_seat_each")]

    def __str__(self) -> str:
        return str(self.session_id)


class SupervisionAttendance(models.Model):
    """Expected, present or excused; never why."""

    session = models.ForeignKey(SupervisionSession, models.CASCADE, related_name="attendances")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="supervision_attendances")
    presence = models.CharField("présence", max_length=10, choices=Presence, default=Presence.EXPECTED)
    noted_at = models.DateTimeField("notée le", default=clock.now)

    class Meta:
        verbose_name = "présence en supervision"
        constraints = [models.UniqueConstraint(fields=["session", "participation"], name="supervised_once")]

    def __str__(self) -> str:
        return self.get_presence_display()
