"""Rows of tables that no builder makes, so that their columns hold marks too."""

import datetime as dt
import uuid

from django.apps import apps
from django.db import IntegrityError, models, transaction

from portal import clock
from portal.models import Employer, Person, StoredDocument, Unit
from portal.services import documents
from programmes import library_text
from programmes.enums import GateKind
from programmes.models import GateRule, LibraryText, Programme
from tests.access.matrix.canaries import mark

# Values that constraints ask for.
NEEDED = {
    "Seat": {"name_agreed": True, "name": "words"},
    "LibraryText": {"code": next(iter(library_text.every())), "number": 1, "based_on": 1},
    "Contact": {"phone": "words"},
    "CallBack": {"phone": "words"},
    "MaturityReview": {"levels": {}},
    "Handover": {"leaver": "referent"},
    "Testimony": {"person": "helper"},
    "Interview": {"participation": "helper"},
    "MentionRequest": {"participation": "helper"},
    "Membership": {"person": "helper"},
    "Registration": {"person": "helper"},
    "Gathering": {"starts_at": clock.now() + dt.timedelta(days=9), "minutes": 90},
    "StepItem": {"kind": "action", "label": "words"},
}
# Texts that are not somebody's words: left to their defaults.
NAMES_OF_ROWS = {"sha256", "visa_sha256", "token_hash", "error"}
# Made by the services above, or facts of public sources.
MADE = {"ImpactAssessment", "Partner", "ReferenceFact", "ImportedFigure"}


def add_extras(scene, objects: dict) -> None:
    """A row of each table of the frame that the programme has none of, each after those it points to."""
    waiting = [model for model in apps.get_app_config("programmes").get_models() if _is_extra(model, scene)]
    while waiting:
        ready = [model for model in waiting if not _targets(model) & set(waiting)]
        assert ready, waiting
        for model in ready:
            row = _make(model, scene)
            if hasattr(row, "ref"):
                objects[model._meta.object_name] = row.ref
            waiting.remove(model)


def _targets(model: type[models.Model]) -> set:
    return {field.related_model for field in model._meta.fields if field.is_relation and not field.null} - {model}


def _path(model: type[models.Model], seen: tuple = ()) -> str | None:
    """The lookup from a table to its programme."""
    for field in model._meta.fields:
        if not field.is_relation or field.related_model in seen:
            continue
        if field.related_model is Programme:
            return field.name
    ours = [field for field in model._meta.fields if field.is_relation and field.related_model not in seen]
    for field in ours:
        inner = field.related_model
        if inner._meta.app_label == "programmes" and (path := _path(inner, (*seen, model))):
            return f"{field.name}__{path}"
    return None


def paper(scene) -> StoredDocument:
    rest = {"filename": "piece.pdf", "employer": scene.employer, "media_type": "application/pdf"}
    return documents.store(key=f"piece:{uuid.uuid4()}", kind="piece", label="piece", data=b"%PDF-1.4", **rest)


def _is_extra(model: type[models.Model], scene) -> bool:
    name = model._meta.object_name
    if name in MADE or model is Programme:
        return False
    if path := _path(model):
        return not model._base_manager.filter(**{path: scene.programme}).exists()
    return name == "LibraryText" and not model._base_manager.filter(employer=scene.employer).exists()


def _make(model: type[models.Model], scene) -> models.Model:
    values = dict(NEEDED.get(model._meta.object_name, {}))
    for name in {"person", "leaver"} & values.keys():
        values[name] = scene.people[values[name]]
    if "participation" in values:
        values["participation"] = scene.people[values["participation"]].participations.get(programme=scene.programme)
    if model is LibraryText:
        words = mark((scene.code[0], "X", ""), "LibraryText", "blocks")
        values["blocks"] = [{"kind": "paragraph", "text": words}]
    for field in model._meta.fields:
        text = isinstance(field, (models.CharField, models.TextField)) and not field.choices and not field.unique
        given = field.name in values or field.auto_created or field.name in NAMES_OF_ROWS
        if given or (not text and (field.has_default() or field.null)):
            continue
        values[field.name] = _value(field, scene)
    try:
        with transaction.atomic():
            return model._base_manager.create(**values)
    except IntegrityError as error:
        raise AssertionError(
            f"{model.__name__}: say in NEEDED of extras.py what a row of it needs ({error})"
        ) from error


def _value(field: models.Field, scene) -> object:
    if field.is_relation:
        return _related(field.related_model, scene)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return clock.today(scene.programme.time_zone) + dt.timedelta(days=field.name == "ends")
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.JSONField):
        return []
    if field.unique:
        return uuid.uuid4().hex
    return 1 if isinstance(field, models.IntegerField) else "words"


def _related(model: type[models.Model], scene) -> models.Model:
    fixed = {Programme: scene.programme, Employer: scene.employer, Person: scene.people["referent"]}
    if model in fixed:
        return fixed[model]
    if model is StoredDocument:
        return paper(scene)
    if model is GateRule:
        return GateRule.objects.filter(form__in=scene.programme.forms, kind=GateKind.ADJUSTABLE).first()
    if model is Unit:
        return Unit.objects.filter(employer=scene.employer).first()
    if path := _path(model):
        return model._base_manager.filter(**{path: scene.programme}).first()
    return model._base_manager.first()
