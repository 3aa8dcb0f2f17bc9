"""Closed lists of evaluation."""

from django.db import models


class Label(models.TextChoices):
    """What a figure says when it is not a number (decision 22). Every refusal has the same words."""

    VALUE = "value", "valeur"
    FEW = "few", "moins de 5 (zéro compris)"
    WITHHELD = "withheld", "non diffusé pour protéger les personnes"
    NOT_COLLECTED = "not_collected", "non recueilli"
    NOT_APPLICABLE = "not_applicable", "sans objet"
    NOT_PUBLISHED = "not_published", "non publié par la source"


class Audience(models.TextChoices):
    """For whom a report is laid out; all of them read figures of the same Release (decision 23)."""

    HR = "hr", "RH"
    REFERENT = "referent", "référent·e"
    PARTICIPANTS = "participants", "participants"


class RestitutionForm(models.TextChoices):
    MEETING = "meeting", "réunion"
    WRITTEN = "written", "par écrit"
    BOTH = "both", "réunion et écrit"


class ReportFormat(models.TextChoices):
    PDF = "pdf", "PDF"


class Moment(models.TextChoices):
    """When a cycle is asked (domain.md i.3)."""

    T0 = "t0", "au départ"
    MID = "mid", "à mi-parcours"
    END = "end", "en fin de cycle"
    LATER = "later", "six mois après"
    HOT = "hot", "à chaud"


class WaveState(models.TextChoices):
    PLANNED = "planned", "prévue"
    OPEN = "open", "ouverte"
    CLOSED = "closed", "close"


class Public(models.TextChoices):
    PARTICIPANTS = "participants", "participants"
    MANAGERS = "managers", "encadrants"
    EVENT = "event", "à chaud"


class WaveRoleKind(models.TextChoices):
    TYPIST = "typist", "tiers de saisie"
    READER = "reader", "lecture des réponses libres"
