"""A programme, its cycles, its reporting periods, its six steps and its team."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.models import Employer, Person
from portal.models.base import Referenced, Versioned
from portal.models.people import DatedGrant
from programmes.enums import (
    Form,
    LineKind,
    PeerOrigin,
    Perimeter,
    ProgrammeRoleKind,
    ProgrammeState,
    ProgrammeTemplate,
    QuestionnaireSet,
    StepState,
)


def default_perimeters() -> list[str]:
    return [Perimeter.DISABILITY]


def default_forms() -> list[str]:
    return [Form.PAIR]


def default_peers() -> list[str]:
    return [PeerOrigin.INTERNAL]


class Theme(models.Model):
    """What people may want to talk about: a closed list (domain.md e), loaded from fixtures/reference."""

    code = models.SlugField(max_length=40, primary_key=True)
    label = models.CharField("thème", max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "thème"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class StepDefinition(models.Model):
    """One of the six steps of the Handi-Pacte/FIPHFP method (domain.md c), loaded from fixtures/reference.

    `weeks`: usual duration, in weeks. `indicators`: codes of the catalogue (evaluation/indicators.py).
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    title = models.CharField("intitulé", max_length=120)
    objective = models.TextField("objectif")
    leader = models.CharField("qui conduit", max_length=160)
    duration = models.CharField("durée habituelle", max_length=120)
    indicators = models.CharField("indicateurs", max_length=40)

    class Meta:
        verbose_name = "étape type"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class StepLine(models.Model):
    """One line of a step (domain.md c). The *essentiel* ones make up a pilot (field R23).

    `computed`: a criterion or prerequisite that the portal reads from the data (hook CRITERION, by code); `advice`: it
    never asks for a reason (field.md 3). `page`: name of the page of the programme where it is done, if there is one.
    """

    code = models.SlugField(max_length=40, primary_key=True)
    definition = models.ForeignKey(StepDefinition, models.CASCADE, related_name="lines")
    kind = models.CharField("nature", max_length=14, choices=LineKind)
    position = models.PositiveSmallIntegerField()
    label = models.CharField("ligne", max_length=200)
    essential = models.BooleanField("essentiel", default=False)
    computed = models.BooleanField("lu dans les données", default=False)
    advice = models.BooleanField("conseil", default=False)
    co_construction = models.BooleanField("avec les personnes concernées", default=False)
    page = models.CharField("page du portail", max_length=60, blank=True)

    class Meta:
        verbose_name = "ligne d’étape"
        ordering = ["definition", "position"]

    def __str__(self) -> str:
        return self.label


class Programme(Referenced, Versioned):
    """A peer-support programme, led by one employer."""

    slug = models.SlugField("adresse courte", max_length=60, unique=True)
    name = models.CharField("nom", max_length=160)
    lead_employer = models.ForeignKey(Employer, models.PROTECT, related_name="programmes")
    perimeters = models.JSONField("périmètre", default=default_perimeters)
    forms = models.JSONField("formes de soutien", default=default_forms)
    words = models.JSONField("mots adaptés", default=dict, blank=True)
    template = models.CharField("modèle", max_length=12, choices=ProgrammeTemplate, default=ProgrammeTemplate.PAIR)
    peers = models.JSONField("pairs", default=default_peers)
    criteria = models.JSONField("critères publics", default=dict, blank=True)
    target_helpers = models.PositiveSmallIntegerField("pairs-aidants visés", null=True, blank=True)
    target_pairs = models.PositiveSmallIntegerField("binômes visés", null=True, blank=True)
    cycle_months = models.PositiveSmallIntegerField("durée d’un cycle, en mois", default=6)
    questionnaires = models.CharField(
        "questionnaires", max_length=4, choices=QuestionnaireSet, default=QuestionnaireSet.FULL
    )
    open_forms = models.JSONField("formes ouvertes aux demandes", default=list, blank=True)
    state = models.CharField("état", max_length=12, choices=ProgrammeState, default=ProgrammeState.PREPARING)
    places_per_helper = models.PositiveSmallIntegerField("places par pair-aidant·e au plus", default=2)
    exclude_same_team = models.BooleanField("jamais deux personnes de la même équipe", default=True)
    wishes_on_presentations = models.BooleanField("vœux sur présentations", default=False)
    starts = models.DateField("début")
    ends = models.DateField("fin", null=True, blank=True)

    class Meta:
        verbose_name = "programme"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="programme_dates"),
            models.CheckConstraint(
                condition=Q(places_per_helper__gte=1) & Q(places_per_helper__lte=3), name="places_one_to_three"
            ),
            models.CheckConstraint(
                condition=Q(cycle_months__gte=3) & Q(cycle_months__lte=12), name="cycle_three_to_twelve_months"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:home", args=[self.slug])

    @property
    def time_zone(self) -> str:
        return self.lead_employer.time_zone


class Partner(models.Model):
    """Another employer whose agents may join a shared programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partners")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="partnerships")
    joined = models.DateField("depuis le")
    left = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "employeur partenaire"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "employer"], condition=Q(left__isnull=True), name="one_open_partnership"
            )
        ]

    def __str__(self) -> str:
        return str(self.employer_id)


class Cycle(Referenced):
    """A promotion: pairs start together and are asked together (engineering C4)."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField("numéro")
    starts = models.DateField("début")
    ends = models.DateField("fin")

    class Meta:
        verbose_name = "cycle"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="cycle_number_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="cycle_dates"),
        ]

    def __str__(self) -> str:
        return f"cycle {self.number}"


class Exercice(Referenced):
    """A declared reporting period. Those of one programme never overlap (decision 33)."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="exercices")
    name = models.CharField("nom", max_length=80)
    starts = models.DateField("du")
    ends = models.DateField("au")

    class Meta:
        verbose_name = "exercice"
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "starts"], name="exercice_start_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="exercice_dates"),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeRole(Referenced, DatedGrant):
    """A role inside one programme."""

    EMPLOYER = "programme__lead_employer"
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="programme_roles")
    role = models.CharField("rôle", max_length=20, choices=ProgrammeRoleKind)

    class Meta:
        verbose_name = "rôle dans un programme"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "role"], condition=Q(ends__isnull=True), name="one_open_programme_role"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="programme_role_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Step(Referenced, Versioned):
    """Where a programme stands on one of the six steps."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="steps")
    definition = models.ForeignKey(StepDefinition, models.PROTECT, db_column="number")
    state = models.CharField("état", max_length=10, choices=StepState, default=StepState.TO_COME)
    planned_from = models.DateField("début prévu", null=True, blank=True)
    planned_to = models.DateField("fin prévue", null=True, blank=True)
    started_on = models.DateField("commencée le", null=True, blank=True)
    passed_on = models.DateField("franchie le", null=True, blank=True)
    reason = models.CharField("raison, si un critère manquait", max_length=200, blank=True)

    class Meta:
        verbose_name = "étape"
        ordering = ["definition"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "definition"], name="step_once"),
            models.CheckConstraint(
                condition=Q(state=StepState.PASSED, passed_on__isnull=False)
                | (~Q(state=StepState.PASSED) & Q(passed_on__isnull=True)),
                name="passed_step_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True, planned_to__isnull=True) | Q(planned_from__lte=F("planned_to")),
                name="planned_step_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"étape {self.definition_id}"

    @property
    def number(self) -> int:
        return self.definition_id
