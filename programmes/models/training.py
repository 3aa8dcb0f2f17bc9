"""Training: modules, sessions, attendance, and the decision « prêt·e à accompagner » (domain.md g)."""

from django.db import models

from portal import clock
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Decision, Origin, Presence, SessionState
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
    """A session of one or several modules, on working time."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="training_sessions")
    modules = models.ManyToManyField(TrainingModule, related_name="sessions", blank=True)
    origin = models.CharField("origine", max_length=6, choices=Origin, default=Origin.PORTAL)
    on = models.DateField("le")
    place = models.CharField("lieu", max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField("durée en minutes")
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PLANNED)

    class Meta:
        verbose_name = "séance de formation"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"


class TrainingAttendance(models.Model):
    """Who was expected, who came. No appreciation."""

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendances")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="training_attendances")
    presence = models.CharField("présence", max_length=10, choices=Presence, default=Presence.EXPECTED)

    class Meta:
        verbose_name = "présence en formation"
        constraints = [models.UniqueConstraint(fields=["session", "participation"], name="attendance_once")]

    def __str__(self) -> str:
        return self.get_presence_display()


class Readiness(Referenced):
    """The decision after the closing talk; the latest one counts."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="readiness")
    decision = models.CharField("décision", max_length=12, choices=Decision)
    decided_on = models.DateField("le")
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "décision « prêt·e à accompagner »"

    def __str__(self) -> str:
        return self.get_decision_display()
