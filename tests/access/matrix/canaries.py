"""Marks: `CNRY-<employer>-<programme>-<model[.who]>-<field>` in every text that a person can write.

`employer` and `programme` are codes of world.py (« A », « A1 »; « X » for what belongs to the whole employer); `who` is
the part that the person plays there, so that the name of somebody helped is not the name of a référent.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models

from portal.crypto import SealedField
from portal.models import Employer, Person
from programmes.models import Programme
from scripts.registry import listed_fields

OURS = ("portal", "programmes", "pairing", "evaluation")
PATTERN = re.compile(r"CNRY-([A-Z])-([A-Z0-9]+)-([A-Za-z_.0-9]+?)-([a-z_]+)", re.IGNORECASE)
# Classes of docs/data-map.yml whose columns hold something somebody wrote.
WRITTEN = {"identity", "organisation", "programme", "participation", "own-text", "pairing"}
# Texts of the machinery, addresses, closed lists, and texts frozen under a hash (which hold marks already).
KEPT = {
    *("Employer.slug", "Employer.accent", "Employer.time_zone", "Programme.slug", "EmailDomain.domain"),
    *("Person.sort_key", "Person.search_key", "Person.given", "Person.family", "Employer.name", "User.email"),
    *("Employer.neutral_name", "Programme.name", "Unit.name", "Letter.body", "Letter.visa", "Letter.mission_title"),
    *("OutgoingMail.address", "Invitation.email", "ImpactAssessment.validator", "LibraryText.code"),
    *("Avoid.target", "JoinDraft.content", "JoinDraft.late"),
    # References, packed; its own tests look for them.
    "WishSeat.choices",
    # A code of a closed list, sealed; its own tests look for it.
    *("FitCheck.answer", "Meeting.themes", "ReviewAnswer.ticks"),
    # A line of fixed length, sealed; its own tests look for it.
    "ReturnPlan.kept",
}
# How to reach the person, the programme or the employer a row belongs to.
WAYS = (
    *("person", "participation", "programme", "pair", "session", "step", "item", "letter", "outreach", "objective"),
    *("cycle", "exercice", "role", "owner", "employer", "lead_employer"),
)
# employer, programme, part of the person: « A », « A1 », « helper »
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Mark:
    employer: str
    programme: str
    model: str
    field: str

    def __str__(self) -> str:
        return f"CNRY-{self.employer}-{self.programme}-{self.model}-{self.field}"

    @property
    def kind(self) -> str:
        """What readers.py knows it by."""
        return f"{self.model}.{self.field}".lower()


def found_in(text: str) -> set[Mark]:
    """Marks in a page, a header or a file; folded lines of calendars are unfolded."""
    unfolded = text.replace("\r\n ", "")
    return {
        Mark(employer.upper(), programme.upper(), model.lower(), field.lower())
        for employer, programme, model, field in PATTERN.findall(unfolded)
    }


def written_fields() -> dict[type[models.Model], list[models.Field]]:
    """Columns of our models that hold words of somebody."""
    listed, found = listed_fields(), {}
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        classes = listed.get(model._meta.label, {})
        fields = [field for field in model._meta.fields if _is_written(field, classes.get(field.name, "programme"))]
        if fields:
            found[model] = fields
    return found


def _is_written(field: models.Field, kind: str) -> bool:
    name = f"{field.model._meta.object_name}.{field.name}"
    if name in KEPT or kind not in WRITTEN or field.choices or isinstance(field, models.SlugField):
        return False
    return isinstance(field, (models.CharField, models.TextField))


def place_of(row: models.Model, places: dict[UUID, Place]) -> Place | None:
    """Whose a row is, followed through its keys."""
    if isinstance(row, (Employer, Programme, Person)):
        return places.get(row.ref)
    for way in WAYS:
        if any(field.name == way for field in row._meta.fields):
            owner = getattr(row, way)
            if isinstance(owner, models.Model) and (place := place_of(owner, places)):
                return place
    return None


def mark(place: Place, model: str, field: str) -> str:
    employer, programme, who = place
    return f"CNRY-{employer}-{programme}-{model}{'.' * bool(who)}{who}-{field}"


def mark_everything(places: dict[UUID, Place]) -> int:
    """A mark in every written column of every row that belongs somewhere; how many were set."""
    total = 0
    for model, fields in written_fields().items():
        for row in model._base_manager.all():
            place = place_of(row, places)
            if place is None:
                continue
            for field in fields:
                setattr(row, field.name, _fitting(field, mark(place, model._meta.object_name, field.name)))
            row.save(update_fields=[field.name for field in fields])
            total += len(fields)
    return total


def _fitting(field: models.Field, text: str) -> str:
    if isinstance(field, models.EmailField):
        return f"{text}@exemple.invalid"
    if not isinstance(field, SealedField) and field.max_length and len(text) > field.max_length:
        raise AssertionError(f"no room for {text}")
    return text
