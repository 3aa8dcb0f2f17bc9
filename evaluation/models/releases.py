"""Published figures: an atomic, numbered, hashed Release per exercice; nothing else may be shown (decision 23)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evaluation.enums import Audience, Label, ReportFormat, RestitutionForm
from portal import clock
from portal.models import Job, Person, StoredDocument
from portal.models.base import Referenced
from programmes.models import Exercice, Programme


class StatUnit(Referenced):
    """A pseudonymous statistical unit (a person or a pair) for the ledger of published figures (engineering C2)."""

    kind = models.CharField(max_length=8, choices=[("person", "personne"), ("pair", "binôme")])

    class Meta:
        verbose_name = "unité statistique"

    def __str__(self) -> str:
        return str(self.ref)


class StatLink(models.Model):
    """unit → person or pair; deleted at erasure, after which nobody can tell whose unit it was."""

    unit = models.OneToOneField(StatUnit, models.CASCADE, related_name="link")
    subject_ref = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "lien d’unité statistique"

    def __str__(self) -> str:
        return str(self.unit_id)


class ImportedFigure(models.Model):
    """A figure from before the portal, or from a published source, with that source (engineering C15)."""

    exercice = models.ForeignKey(Exercice, models.CASCADE, related_name="imported_figures")
    indicator = models.CharField("indicateur", max_length=10)
    value = models.PositiveIntegerField("valeur")
    source = models.CharField("source", max_length=300)
    published = models.BooleanField("déjà publié par la source", default=False)

    class Meta:
        verbose_name = "donnée reprise"
        ordering = ["indicator"]
        constraints = [
            models.UniqueConstraint(fields=["exercice", "indicator"], name="imported_once"),
            models.CheckConstraint(condition=~Q(source=""), name="imported_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"


class ReferenceFact(models.Model):
    """What a source says in words of a real programme (domain.md k): never a figure, always with its source."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="reference_facts")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField("rubrique", max_length=80)
    text = models.CharField("fait", max_length=400)
    source = models.CharField("source", max_length=300)

    class Meta:
        verbose_name = "fait de référence"
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "position"], name="reference_fact_once")]

    def __str__(self) -> str:
        return self.text


class Release(Referenced):
    """A numbered edition of one exercice's figures. `data` is canonical JSON, `sha256` its hash; never changed.

    Participants read it from `shared_on` on, RH only from `restituted_on` on: participants first (decision 48).
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="releases")
    exercice = models.ForeignKey(Exercice, models.PROTECT, related_name="releases")
    edition = models.PositiveSmallIntegerField("édition")
    rules_version = models.PositiveSmallIntegerField("version des règles")
    data = models.TextField("contenu canonique")
    sha256 = models.CharField("empreinte", max_length=64)
    established_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    established_at = models.DateTimeField("établie le", default=clock.now)
    shared_on = models.DateField("ouverte aux participants le", null=True, blank=True)
    restituted_on = models.DateField("restituée aux participants le", null=True, blank=True)
    restituted_how = models.CharField("forme de la restitution", max_length=8, choices=RestitutionForm, blank=True)
    words = models.TextField("paragraphe des participants, relu par eux", max_length=1500, blank=True)
    wishes = models.TextField("ce qu’ils souhaitent pour la suite", max_length=600, blank=True)

    class Meta:
        verbose_name = "publication"
        ordering = ["-exercice__starts", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["exercice", "edition"], name="edition_once"),
            models.CheckConstraint(condition=~Q(sha256=""), name="release_has_hash"),
            models.CheckConstraint(
                condition=Q(restituted_on__isnull=True) | Q(shared_on__isnull=False), name="participants_read_first"
            ),
        ]

    def __str__(self) -> str:
        return f"édition {self.edition}"


class PublishedFigure(models.Model):
    """One figure of a release: `lo..hi` when it is a value or a band, a label otherwise."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="figures")
    indicator = models.CharField("indicateur", max_length=10)
    stratum = models.CharField("strate", max_length=20, blank=True)
    label = models.CharField("libellé", max_length=16, choices=Label)
    lo = models.BigIntegerField("au moins", null=True, blank=True)
    hi = models.BigIntegerField("au plus", null=True, blank=True)

    class Meta:
        verbose_name = "chiffre publié"
        ordering = ["release", "indicator", "stratum"]
        constraints = [
            models.UniqueConstraint(fields=["release", "indicator", "stratum"], name="figure_once"),
            models.CheckConstraint(
                condition=Q(label=Label.VALUE, lo__isnull=False, hi__gte=F("lo"))
                | ~Q(label=Label.VALUE) & Q(lo__isnull=True, hi__isnull=True),
                name="figure_value_or_label",
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class FigureBasis(models.Model):
    """Which units stand behind an administrative figure: what the auditor of volumes reads (decision 21)."""

    figure = models.ForeignKey(PublishedFigure, models.CASCADE, related_name="basis")
    unit = models.ForeignKey(StatUnit, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "base d’un chiffre"
        constraints = [models.UniqueConstraint(fields=["figure", "unit"], name="basis_once")]

    def __str__(self) -> str:
        return str(self.figure_id)


class Report(Referenced):
    """The document of a release for one audience: made once by a job, stored, never rendered again."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="reports")
    audience = models.CharField("destinataire", max_length=12, choices=Audience)
    format = models.CharField("format", max_length=4, choices=ReportFormat, default=ReportFormat.PDF)
    document = models.OneToOneField(StoredDocument, models.PROTECT, null=True, blank=True, related_name="report")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="reports")

    class Meta:
        verbose_name = "rapport"
        constraints = [models.UniqueConstraint(fields=["release", "audience", "format"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.audience} {self.format}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:report", args=[self.ref])
