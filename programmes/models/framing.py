"""Why the programme exists here, what it promised, and how mature the organisation is (field G8, domain.md d.3)."""

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Anchoring, Attainment
from programmes.models.rollout import Exercice, Programme


class FramingSheet(Versioned):
    """The framing sheet of Indicarr'. About the organisation, never about a person."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="framing")
    difficulties = models.TextField("principales difficultés ici", max_length=2000, blank=True)
    strengths = models.TextField("points d’appui ici", max_length=2000, blank=True)
    stakes = models.TextField("enjeux", max_length=2000, blank=True)
    changed_at = models.DateTimeField("modifiée le", default=clock.now)

    class Meta:
        verbose_name = "fiche de cadrage"

    def __str__(self) -> str:
        return str(self.programme_id)


class Objective(Referenced, Versioned):
    """What was promised before the start, and how one will know: read again in each report."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField("objectif", max_length=200)
    measure = models.CharField("critère de réussite", max_length=200)
    created_at = models.DateTimeField("fixé le", default=clock.now)
    dropped_on = models.DateField("abandonné le", null=True, blank=True)

    class Meta:
        verbose_name = "objectif"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class ObjectiveReview(models.Model):
    """An objective at the end of an exercice, and one sentence why."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="reviews")
    exercice = models.ForeignKey(Exercice, models.CASCADE, related_name="objective_reviews")
    attainment = models.CharField("résultat", max_length=8, choices=Attainment)
    why = models.CharField("pourquoi", max_length=200)
    at = models.DateTimeField("dit le", default=clock.now)

    class Meta:
        verbose_name = "objectif relu"
        ordering = ["objective"]
        constraints = [models.UniqueConstraint(fields=["objective", "exercice"], name="objective_reviewed_once")]

    def __str__(self) -> str:
        return self.get_attainment_display()


class Anchor(Referenced):
    """A plan or convention of the employer that the programme is part of."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="anchors")
    plan = models.CharField("plan ou convention", max_length=16, choices=Anchoring)
    reference = models.CharField("référence", max_length=80, blank=True)
    starts = models.DateField("du", null=True, blank=True)
    ends = models.DateField("au", null=True, blank=True)
    action_line = models.CharField("ligne d’action", max_length=120, blank=True)

    class Meta:
        verbose_name = "rattachement à un plan"
        ordering = ["plan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="anchor_dates"
            )
        ]

    def __str__(self) -> str:
        return self.get_plan_display()


class MaturityReview(Referenced):
    """The self-assessment of domain.md d.3: `levels` gives 0, 1 or 2 to each of ten lines. Advice, for the team only."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="maturity_reviews")
    levels = models.JSONField("réponses")
    at = models.DateTimeField("fait le", default=clock.now)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "auto-évaluation de maturité"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.programme_id)
