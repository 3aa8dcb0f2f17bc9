"""Sheets of real programmes: the sources' figures and words, for everybody, twice the same."""

import json

import pytest
from django.urls import reverse

from evaluation.models import ImportedFigure, ReferenceFact, Release
from evaluation.services import reference
from programmes.enums import ProgrammeState
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def test_building_again_changes_nothing():
    first = reference.build()
    facts, figures = ReferenceFact.objects.count(), ImportedFigure.objects.count()
    assert reference.build() == first
    assert (Release.objects.count(), ReferenceFact.objects.count(), ImportedFigure.objects.count()) == (
        3,
        facts,
        figures,
    )


def test_nothing_but_paris_has_a_number_and_every_fact_has_a_source():
    reference.build()
    shown = {}
    for release in Release.objects.select_related("programme"):
        data = json.loads(release.data)
        numbers = {row["code"]: row["lo"] for row in data["figures"] if row["label"] == "value"}
        shown[release.programme.slug] = numbers
        assert {row["label"] for row in data["figures"]} <= {"value", "not_published"}
        assert data["facts"] and all(fact["source"] for fact in data["facts"])
    assert shown == {"paris-indicarr": {"P01": 8, "E01": 4}, "les-uns-visibles": {}, "ghu-paris": {}}


def test_everybody_reads_the_sheets(client):
    reference.build()
    page = client.get(reverse("evaluation:reference")).content.decode()
    for slug in ("paris-indicarr", "les-uns-visibles", "ghu-paris"):
        address = reverse("evaluation:reference_sheet", args=[slug])
        assert address in page
        sheet = client.get(address).content.decode()
        assert sheet.count("<h1") == 1 and "Handi-Pacte" in sheet


def test_a_programme_of_the_portal_is_no_public_sheet(client):
    release = world.established(restituted=True)
    assert release.programme.state != ProgrammeState.REFERENCE
    assert client.get(reverse("evaluation:reference_sheet", args=[release.programme.slug])).status_code == 404
    assert "Pas encore de fiche" in client.get(reverse("evaluation:reference")).content.decode()
