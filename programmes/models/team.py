"""Who carries the programme: seats, contacts, impact assessments, and how it passes from one référent to the next."""

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.models import Person, StoredDocument
from portal.models.base import Referenced, Versioned
from programmes.enums import Body, ContactKind, Function, HandoverState, Validator
from programmes.models.rollout import Programme, ProgrammeRole


class Seat(Referenced, Versioned):
    """A seat in the steering committee or the project team; the name is shown only if the person agrees."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="seats")
    body = models.CharField("instance", max_length=10, choices=Body, default=Body.STEERING)
    function = models.CharField("au titre de", max_length=14, choices=Function)
    name = models.CharField("nom", max_length=120, blank=True)
    name_agreed = models.BooleanField("d’accord pour que son nom soit affiché", default=False)

    class Meta:
        verbose_name = "siège"
        ordering = ["body", "function", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(name="") | Q(name_agreed=True), name="named_seat_has_agreement")
        ]

    def __str__(self) -> str:
        return self.get_function_display()


class Contact(Referenced, Versioned):
    """A service to call: shown to agents and to the team, without access to the portal."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="contacts")
    kind = models.CharField("qui", max_length=14, choices=ContactKind)
    name = models.CharField("service ou nom", max_length=120)
    phone = models.CharField("téléphone", max_length=40, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    hours = models.CharField("quand appeler", max_length=120, blank=True)

    class Meta:
        verbose_name = "contact"
        ordering = ["kind", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_has_phone_or_email")]

    def __str__(self) -> str:
        return self.name


class Absence(Referenced):
    """Days on which the holder of a role is away: the deputy may take over for that time."""

    role = models.ForeignKey(ProgrammeRole, models.CASCADE, related_name="absences")
    starts = models.DateField("du")
    ends = models.DateField("au")

    class Meta:
        verbose_name = "absence"
        ordering = ["starts", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="absence_dates")]

    def __str__(self) -> str:
        return f"{self.starts} – {self.ends}"


class ImpactAssessment(Referenced, Versioned):
    """The AIPD that opens some forms of support: own or shared (CDG, GHT, ministry), with file, date and validator."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="impact_assessments")
    forms = models.JSONField("formes de soutien couvertes")
    shared = models.BooleanField("AIPD mutualisée", default=False)
    asked_on = models.DateField("demandée le")
    due_on = models.DateField("attendue pour le", null=True, blank=True)
    validated_on = models.DateField("validée le", null=True, blank=True)
    validator = models.CharField("validée par", max_length=12, choices=Validator, blank=True)
    review_on = models.DateField("à relire le", null=True, blank=True)
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "analyse d’impact (AIPD)"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(validated_on__isnull=True, validator="", document__isnull=True)
                | Q(validated_on__isnull=False, document__isnull=False) & ~Q(validator=""),
                name="validated_assessment_has_file",
            )
        ]

    def __str__(self) -> str:
        return f"AIPD {self.asked_on}"


class Handover(Referenced, Versioned):
    """One référent leaves, another comes (field R10, scene 10). Without `successor`, nobody does yet.

    `done`: codes of the checklist lines ticked. Once announced, the two roles carry their dates.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="handovers")
    leaver = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    successor = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField("le nouveau ou la nouvelle référent·e commence le")
    state = models.CharField("état", max_length=10, choices=HandoverState, default=HandoverState.PREPARING)
    done = models.JSONField("lignes faites", default=list, blank=True)
    announced_at = models.DateTimeField("annoncée le", null=True, blank=True)
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "passation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=HandoverState.PREPARING),
                name="one_handover_in_preparation",
                violation_error_message="Une passation est déjà en préparation.",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.ANNOUNCED) | Q(announced_at__isnull=False),
                name="announced_handover_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"passation du {self.on}"
