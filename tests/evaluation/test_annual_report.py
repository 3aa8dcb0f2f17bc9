"""`manage.py annual_report`: a file, or one French sentence and exit code 2."""

import io
import os

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluation.models import Release
from evaluation.services import reference
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def run(*arguments):
    call_command("annual_report", *map(str, arguments), stdout=io.StringIO())


def refused(*arguments):
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_paris_gives_eight_and_four_with_the_period_and_nothing_else(tmp_path):
    reference.build()
    output = tmp_path / "rapport.html"
    run("--programme", "paris-indicarr", "--year", "2020", "--format", "html", "--output", output)
    html = output.read_text()
    assert "septembre 2020 – janvier 2021" in html
    assert '<span class="doc-number">8</span> <span class="doc-caption">participants</span>' in html
    assert '<span class="doc-number">4</span> <span class="doc-caption">binômes</span>' in html
    assert html.count("doc-number") - html.count(".doc-number") == 2
    assert html.count("<td>non publié par la source") == 17
    assert "rôles non distingués par la source" in html
    assert "non diffusé" not in html.split("Quand un nombre")[0]


def test_the_file_is_made_for_the_team_from_a_closed_year(tmp_path, monkeypatch):
    monkeypatch.setattr("evaluation.documents.render_pdf", lambda html: b"%PDF-1.7")
    made, _ = world.programme()
    output = tmp_path / "rapport.pdf"
    with world.after():
        run("--programme", made.slug, "--audience", "referent", "--output", output)
        run("--programme", made.slug, "--audience", "referent", "--output", output)
    assert output.read_bytes() == b"%PDF-1.7"
    assert Release.objects.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rapport.pdf"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--programme", "absent"], "Aucun programme ne s’appelle « absent »"),
        ([], "Donnez --programme"),
        (["--programme", "entraide", "--year", "2019"], "ne commence en 2019"),
        (["--programme", "entraide", "--year", "deux mille"], "n’est pas une année"),
        (["--programme", "entraide", "--year", "0"], "n’est pas une année"),
        (["--programme", "entraide", "--from", "2025-01-01"], "Donnez les deux dates"),
        (["--programme", "entraide", "--from", "2025-02-30", "--to", "2025-12-31"], "n’est pas une date"),
        (["--programme", "entraide", "--from", "2025-01-01", "--to", "2025-06-30"], "aucune période déclarée"),
        (["--programme", "entraide", "--year", "2025", "--to", "2025-12-31"], "pas les deux"),
        (["--programme", "entraide", "--audience", "presse"], "--audience vaut"),
        (["--programme", "entraide", "--format", "odt"], "--format vaut"),
        (["--programme", "entraide", "--audience", "hr"], "n’a pas encore été restitué"),
        (["--programme", "entraide", "--year", "2026", "--audience", "referent"], "se termine le 31 décembre 2026"),
        (["--programme", "entraide", "--year"], "Option inconnue ou sans valeur"),
        (["--programme", "vide"], "Aucune période n’est déclarée"),
        (["--programme", "en-cours"], "n’est encore terminée"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(arguments, sentence, tmp_path):
    made, _ = world.programme()
    made.exercices.create(name="2026", starts=world.dt.date(2026, 1, 1), ends=world.dt.date(2026, 12, 31))
    world.programme("vide")[1].delete()
    world.programme("en-cours", starts=world.dt.date(2026, 1, 1), ends=world.dt.date(2026, 12, 31))
    output = tmp_path / "rapport.pdf"
    with world.after():
        assert sentence in refused("--output", output, *arguments)
    assert not Release.objects.exists()
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_said_before_any_work(tmp_path):
    world.programme()
    with world.after():
        arguments = ("--programme", "entraide", "--audience", "referent", "--output")
        assert "ce dossier n’existe pas" in refused(*arguments, tmp_path / "absent" / "rapport.pdf")
        assert "c’est un dossier" in refused(*arguments, tmp_path)
        assert "Donnez --output" in refused("--programme", "entraide", "--audience", "referent")
    assert not Release.objects.exists()


def test_a_disk_that_refuses_leaves_the_former_file(tmp_path, monkeypatch):
    monkeypatch.setattr("evaluation.documents.render_pdf", lambda html: b"new")
    world.programme()
    output = tmp_path / "rapport.pdf"
    output.write_bytes(b"former")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with world.after():
        said = refused("--programme", "entraide", "--audience", "referent", "--output", output)
    assert "le disque a refusé" in said
    assert output.read_bytes() == b"former"
    assert [path.name for path in tmp_path.iterdir()] == ["rapport.pdf"]
