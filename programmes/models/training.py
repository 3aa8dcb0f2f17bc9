"""Training: modules, sessions, attendance, and the decision « prêt·e à accompagner » (domain.md g)."""

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Decision, Origin, Presence, SessionState, TrainingMoment, TrainingPublic
from programmes.models.outreach import AudienceNumber
from programmes.models.participation import Participation
from programmes.models.rollout import Programme


class TrainingModule(models.Model):
    """A module of the course (domain.md g), loaded from fixtures/reference. `before_meeting`: part of the 7 h base."""

    code = models.SlugField(max_length=10, primary_key=True)
    title = models.CharField("module", max_length=120)
    minutes = models.PositiveSmallIntegerField("durée en minutes")
    content = models.CharField("contenu", max_length=300)
    before_meeting = models.BooleanField("avant la première rencontre", default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "module de formation"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class TrainingSession(Referenced, Versioned):
    """A session of one or several modules, on working time.

    With `places`, whoever it is for may register until `taken` reaches them; without, it is by invitation.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="training_sessions")
    modules = models.ManyToManyField(TrainingModule, related_name="sessions", blank=True)
    origin = models.CharField("origine", max_length=6, choices=Origin, default=Origin.PORTAL)
    public = models.CharField("pour", max_length=12, choices=TrainingPublic, default=TrainingPublic.PARTICIPANTS)
    on = models.DateField("le")
    at = models.TimeField("à", null=True, blank=True)
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    taken = models.PositiveSmallIntegerField("places prises", default=0)
    place = models.CharField("lieu", max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField("durée en minutes")
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PLANNED)

    class Meta:
        verbose_name = "séance de formation"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(taken__lte=F("places")),
                name="training_within_places",
                violation_error_message="Cette séance est complète.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"


class TrainingAttendance(models.Model):
    """Who was expected, who came. No appreciation.

    `guest`: somebody of the team, or a manager with an account, at a course made for them.
    """

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendances")
    participation = models.ForeignKey(Participation, models.CASCADE, null=True, related_name="training_attendances")
    guest = models.ForeignKey(Person, models.CASCADE, null=True, related_name="training_attendances")
    presence = models.CharField("présence", max_length=10, choices=Presence, default=Presence.EXPECTED)

    class Meta:
        verbose_name = "présence en formation"
        constraints = [
            models.UniqueConstraint(fields=["session", "participation"], name="attendance_once"),
            models.UniqueConstraint(fields=["session", "guest"], name="guest_attendance_once"),
            models.CheckConstraint(
                condition=Q(participation__isnull=True) ^ Q(guest__isnull=True), name="attendance_of_one_person"
            ),
        ]

    def __str__(self) -> str:
        return self.get_presence_display()

    @property
    def who(self) -> Participation | Person:
        return self.participation or self.guest

    @property
    def person(self) -> Person | None:
        """None once somebody who took part is erased."""
        return self.participation.person if self.participation_id else self.guest


class TrainingCount(AudienceNumber):
    """Who came to a course for the team or for managers, by category."""

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="counts")

    class Meta(AudienceNumber.Meta):
        verbose_name = "public formé"
        constraints = [models.UniqueConstraint(fields=["session", "audience"], name="audience_once_per_training")]


class SelfPositioning(Referenced):
    """Where somebody places themself on six skills, before or after training: sealed, read by nobody else.

    `levels`: « listening=3 » and so on, one skill by line.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="self_positionings")
    moment = models.CharField("moment", max_length=6, choices=TrainingMoment)
    levels = SealedField("mes repères")
    at = models.DateTimeField("le", default=clock.now)

    class Meta:
        verbose_name = "mes repères"
        ordering = ["-moment", "pk"]
        constraints = [models.UniqueConstraint(fields=["participation", "moment"], name="self_positioning_once")]

    def __str__(self) -> str:
        return "•••"


class Readiness(Referenced):
    """The decision after the closing talk, and the day of that talk; the latest one counts."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="readiness")
    decision = models.CharField("décision", max_length=12, choices=Decision)
    talk_on = models.DateField("entretien à trois tenu le", null=True, blank=True)
    decided_on = models.DateField("le")
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "décision « prêt·e à accompagner »"

    def __str__(self) -> str:
        return self.get_decision_display()
