"""Non-interference: two programmes equal on what is published give the same bytes everywhere (decision 23).

It covers at once axes, bar order, captions, alternative texts, hidden cells, file sizes and row order: whatever is not a
published figure reaches nothing that anybody receives.
"""

import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluation import tables
from evaluation.disclosure import bands, partitions, rules
from evaluation.disclosure.figures import Figure
from tests.evaluation.twins import Shape, Twin, everything, rendered

pytestmark = pytest.mark.django_db
A_FEW, MANY = (2, 6, 10), 200  # one pair; many, by month; each side apart


def lived(shape: Shape, name: str, look=everything) -> tuple:
    """(what leaves the portal, what happened) of one twin; its rows are then undone, as if the other were the only one."""
    with transaction.atomic():
        twin = Twin(shape, name)
        left = look(twin.build())
        transaction.set_rollback(True)
    return left, twin.raw


def differences(seed: int, look=everything) -> list[str]:
    """What tells the two twins of this seed apart."""
    shape = Shape(seed)
    (one, happened), (other, happened_too) = (lived(shape, f"{seed}.{name}", look) for name in "ab")
    assert happened != happened_too, f"seed {seed}: the two programmes are the same"
    return [f"{name} of {seed}" for name in one if one[name] != other[name]]


@pytest.mark.parametrize("seed", A_FEW)
def test_what_is_not_published_changes_no_byte(seed):
    assert differences(seed) == []


# Read for a report and the same for both twins, since nothing there is anybody's: what the team or the employer says of
# the programme, published as it stands; who reads, under which employer; the document itself.
AS_IT_STANDS = {
    *("Step", "StepItem", "Objective", "ObjectiveReview", "Deviation", "Anchor", "Partner", "Problem"),
    *("Synthesis", "CollectiveTalk", "ImportedFigure"),
    *("Unit", "Affiliation", "NewsPreference", "StoredDocument"),
}


def test_the_twins_draw_whatever_a_report_reads():
    """A table added to a report and to no twin would escape all the proofs of this file."""
    read, drawn = set(), set()
    for seed in A_FEW:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            everything(Twin(Shape(seed), f"{seed}.a").build())
            tables_read = {name for one in queries for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])}
            models = [model for model in apps.get_models() if model._meta.db_table in tables_read]
            read |= {model.__name__ for model in models}
            drawn |= {model.__name__ for model in models if model._base_manager.exists()}
            transaction.set_rollback(True)
    assert len(read) > 50 and read - drawn == AS_IT_STANDS


def pdf(release) -> dict:
    return {"pdf": rendered(release).pdf}


def figures(release) -> dict:
    """The workbook alone, without a browser: quick."""
    return {"ods": tables.as_ods(rendered(release).document)}


def exact(value: int, n: int) -> Figure:
    return Figure.exact(value)


def broken(monkeypatch, weakening: str) -> None:
    if weakening == "no bands":
        monkeypatch.setattr(rules, "band", exact)
        monkeypatch.setattr(bands, "band", exact)
    if weakening == "no threshold of volumes":
        monkeypatch.setattr(rules, "publishable", lambda kind, basis: True)
    if weakening == "no threshold of answers":
        monkeypatch.setattr(bands, "MIN_ANSWERS", 0)
        monkeypatch.setattr(partitions, "publishable", lambda cell, pairs: True)
    if weakening == "no « moins de 5 »":
        monkeypatch.setattr(rules, "MIN_PEOPLE", 0)
    if weakening == "no rounding of hours":
        monkeypatch.setattr(rules, "hours", lambda minutes: minutes)


@pytest.mark.parametrize(
    "weakening",
    ["no bands", "no threshold of volumes", "no threshold of answers", "no rounding of hours", "no « moins de 5 »"],
)
def test_without_a_rule_two_twins_are_told_apart(monkeypatch, weakening):
    broken(monkeypatch, weakening)
    assert any(differences(seed, figures) for seed in range(10))


@pytest.mark.long
def test_two_hundred_twins_are_the_same_everywhere():
    found = [name for seed in range(MANY) for name in differences(seed)]
    print(f"\n{MANY} pairs of programmes: {len(found)} differences")
    assert found == []


@pytest.mark.long
def test_twenty_pdfs_are_the_same_as_their_twins():
    found = [name for seed in range(20) for name in differences(seed, pdf)]
    print(f"\n20 pairs of PDFs: {len(found)} differences")
    assert found == []
