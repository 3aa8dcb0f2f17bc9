"""No notes (decision 13): what an agent can type about the pairs is about themselves, sealed, or it does not exist.

Two lists. A text column of `pairing` is « own-text » in docs/data-map.yml, or written by somebody of the team about the
organisation (OFFICE says who). A text box of a form of `pairing` is the same.
"""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.db import models

import pairing.forms
from scripts.registry import listed_fields

# Columns no agent reaches, with who writes them and about what.
OFFICE = {
    "SupervisorEngagement.name": "the référent: how the supervisor is called",
    "SupervisorEngagement.address": "the référent: where links are sent, sealed",
    "CollectiveNeed.words": "who supervises: what a group says of the organisation, no name, validated by the group",
    "SupervisionSession.place": "the référent: where a session takes place",
    "WishRound.place": "the référent: where a dating session takes place",
    "Problem.title": "the référent: the organisation, compared with the names of who takes part",
    "Problem.answer": "RH, or the référent for them: the employer’s answer",
}
# What the portal itself writes: closed lists that a service checks, codes, hashes, what a computation read and made.
MACHINE = {
    *("SupervisionSession.themes", "CriterionWeight.code", "Candidate.parts", "Unpaired.causes"),
    *("WishRound.apart", "WishSeat.card_hash", "PairFrame.objectives"),
    *("Run.algorithm", "Run.input_sha256", "Run.output_sha256", "Run.input", "Run.certificate"),
}
# Text boxes of our forms: the column each of them fills.
BOXES = {
    "AskForm.reach": "SupportRequest.reach",
    "DebriefForm.reach": "SupportRequest.reach",
    "SessionForm.reach": "SupportRequest.reach",
    "EngageForm.name": "SupervisorEngagement.name",
    "EngageForm.address": "SupervisorEngagement.address",
    "SheetForm.need": "CollectiveNeed.words",
    "PlanForm.place": "SupervisionSession.place",
    "DatingForm.place": "WishRound.place",
    "ProblemForm.title": "Problem.title",
    "AnswerForm.answer": "Problem.answer",
}
# Forms of the référent alone that take over past pairs: who was in them, and the table read from a file, no word more.
NAMES = {"PastPairForm", "SealedForm"}
# What a session cost and the number of its invoice: the columns of an expense.
MONEY = {"CostForm"}
# The code of a printed card: compared by its hash, kept nowhere.
CODES = {"WishCodeForm.code", "CardWishesForm.code"}


def text_columns(model: type[models.Model]) -> list[str]:
    kinds = models.CharField | models.TextField | models.JSONField | models.BinaryField
    return [field.name for field in model._meta.fields if isinstance(field, kinds) and not field.choices]


def unexplained(models_of_app, classes) -> list[str]:
    found = []
    for model in models_of_app:
        name = model._meta.object_name
        for column in text_columns(model):
            own = classes.get(model._meta.label, {}).get(column) == "own-text"
            if not own and f"{name}.{column}" not in OFFICE.keys() | MACHINE:
                found.append(f"{name}.{column}")
    return found


def test_every_text_column_of_the_pairs_is_about_oneself_or_written_by_the_team():
    assert unexplained(apps.get_app_config("pairing").get_models(), listed_fields()) == []


def test_nothing_is_excused_that_is_no_longer_there():
    columns = {
        f"{model._meta.object_name}.{column}"
        for model in apps.get_app_config("pairing").get_models()
        for column in text_columns(model)
    }
    assert not (OFFICE.keys() | MACHINE) - columns


def test_a_note_would_be_found():
    class Note(models.Model):
        about = models.TextField()

        class Meta:
            app_label, managed = "tests_no_notes", False

    assert unexplained([Note], {}) == ["Note.about"]


def text_boxes() -> set[str]:
    found = set()
    for module in pkgutil.iter_modules(pairing.forms.__path__):
        for thing in vars(importlib.import_module(f"pairing.forms.{module.name}")).values():
            if not (isinstance(thing, type) and issubclass(thing, forms.Form)) or not thing.__module__.startswith(
                "pairing"
            ):
                continue
            for name, field in thing.base_fields.items():
                if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                    found.add(f"{thing.__name__}.{name}")
    return found


@pytest.mark.parametrize("box", sorted(text_boxes()))
def test_every_text_box_of_the_pairs_fills_one_of_these_columns(box):
    form = box.partition(".")[0]
    known = form in NAMES | MONEY or box in BOXES.keys() | CODES
    assert known, f"{box}: a box where an agent could write about somebody else?"
    if box in BOXES:
        model, _, column = BOXES[box].partition(".")
        own = listed_fields()[f"pairing.{model}"][column] == "own-text"
        assert own or BOXES[box] in OFFICE
