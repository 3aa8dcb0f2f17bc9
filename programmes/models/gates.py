"""Gates of the frame as one table, and the deviations from it that the report's annex lists (field.md 3)."""

from django.db import models

from portal import clock
from portal.models.base import Referenced
from programmes.enums import Form, GateKind
from programmes.models.rollout import Programme


class GateRule(models.Model):
    """One gate for one form of support, loaded from fixtures/reference. `column`: the gate of Pair it stamps, if any."""

    code = models.SlugField(max_length=40, primary_key=True)
    form = models.CharField("forme", max_length=12, choices=Form)
    column = models.CharField("condition du binôme", max_length=12, blank=True)
    kind = models.CharField("nature", max_length=10, choices=GateKind)
    label = models.CharField("condition", max_length=200)
    unit = models.CharField("unité", max_length=20, blank=True)
    default = models.PositiveIntegerField("valeur par défaut", null=True, blank=True)
    minimum = models.PositiveIntegerField("minimum", null=True, blank=True)
    maximum = models.PositiveIntegerField("maximum", null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "condition du cadre"
        ordering = ["form", "position"]

    def __str__(self) -> str:
        return self.label


class GateSetting(models.Model):
    """A programme's own value of an adjustable gate, within its bounds."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="gate_settings")
    rule = models.ForeignKey(GateRule, models.PROTECT, related_name="+")
    value = models.PositiveIntegerField("valeur")

    class Meta:
        verbose_name = "réglage d’une condition"
        constraints = [models.UniqueConstraint(fields=["programme", "rule"], name="gate_set_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} = {self.value}"


class Deviation(Referenced):
    """A change of gate or a step passed with a reason: listed in the report, never about a person."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="deviations")
    what = models.CharField("écart", max_length=200)
    reason = models.CharField("raison", max_length=200)
    at = models.DateTimeField("le", default=clock.now)
    by_ref = models.UUIDField(null=True)

    class Meta:
        verbose_name = "écart au cadre"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.what
