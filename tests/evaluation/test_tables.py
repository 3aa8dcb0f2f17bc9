"""Figures for a spreadsheet: those of the page, cell by cell; nothing hidden, nothing that runs, the same bytes each time."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.urls import reverse

from evaluation import ods, tables
from evaluation.documents import ANNUAL, render_document
from evaluation.enums import Audience
from evaluation.models import Release
from evaluation.services import releases, reports
from portal.enums import Verb
from portal.models import JournalEntry
from portal.typography import french
from programmes.enums import Side
from tests.evaluation import frame_world, sheets, world
from tests.evaluation.test_documents import framed

pytestmark = pytest.mark.django_db
WITHHELD = "non diffusé pour protéger les personnes"
ALL = "Tous les indicateurs de cette édition"


def document_of(release, audience=Audience.HR):
    return render_document(ANNUAL, reports.content_of(release, audience)).document


def page_of(release, audience=Audience.HR):
    return render_document(ANNUAL, reports.content_of(release, audience)).shell


@pytest.fixture
def release():
    return framed(6, meetings=12, answers=12, name="Entraide & <écoute>")


@pytest.mark.parametrize("audience", list(Audience))
def test_every_figure_of_the_page_is_in_the_workbook_and_no_other(release, audience):
    page = sheets.page_tables(page_of(release, audience))
    book = sheets.workbook(tables.as_ods(document_of(release, audience)))
    shown = [(row["Ce qui est compté"] + " " + row["Code"], row["Résultat"]) for row in book["Chiffres"]]
    assert [tuple(map(french, row)) for row in shown] == [(title, text) for title, text, _ in page[ALL][1:]]
    spans = [[row["Période ou moment"], row["Résultat"]] for row in book["Au fil de la période"]]
    assert spans == page[french("Rencontres au fil de la période : les chiffres")][1:]
    [answers] = [rows for caption, rows in page.items() if caption.startswith("Cycle 1.")]
    asked = [row for row in book["Enquêtes"] if row["Code"].startswith("TC")]
    assert [row["Résultat"] for row in asked] == [text for _, text in answers[1:]] and len(asked) == 8
    for row, (question, _) in zip(asked, answers[1:], strict=True):
        assert row["Ce qui est compté"].startswith(question)
    for row in book["Enquêtes"]:
        assert row["Résultat"] == WITHHELD or row["Résultat"] in page_of(release, audience)


def test_the_csv_holds_the_rows_of_the_workbook(release):
    document = document_of(release)
    rows = sheets.rows_of_csv(tables.as_csv(document))
    for name, sheet in sheets.workbook(tables.as_ods(document)).items():
        inside = [row for row in rows if row["Feuille"] == name]
        assert [{head: row[head] for head in sheet[0]} for row in inside] == [
            {head: f"{cell}" for head, cell in row.items()} for row in sheet
        ]


def test_numbers_are_numbers_and_a_band_has_its_two_ends(release):
    book = sheets.workbook(tables.as_ods(document_of(release)))
    by_code = {row["Code"]: row for row in book["Chiffres"]}
    assert (by_code["E02"]["Au moins"], by_code["E02"]["Au plus"]) == (72, 72)
    harm = next(row for row in book["Enquêtes"] if row["Ce qui est compté"].startswith("Effets gênants"))
    assert (harm["Résultat"], harm["Au moins"], harm["Au plus"], harm["Sur"]) == ("0 à 3 sur 12", 0, 3, 12)


def test_what_is_withheld_is_said_in_words_never_as_nought_or_nothing():
    document = document_of(framed(2, meetings=4, answers=5))
    book = sheets.workbook(tables.as_ods(document))
    assert {row.figure.label for row in document.rows} >= {"withheld", "few", "not_collected"}
    for name in ("Chiffres", "Enquêtes"):
        silent = [row for row in book[name] if isinstance(row["Au moins"], str)]
        assert silent
        for row in silent:
            assert row["Résultat"] and row["Résultat"] == row["Au moins"] == row["Au plus"] == row["Sur"]
    assert {row["Résultat"] for row in book["Enquêtes"]} == {WITHHELD}


def test_nothing_in_the_files_runs_or_hides(client):
    release = framed(4, meetings=4, answers=8, name="=1+1")
    release.exercice.imported_figures.create(indicator="A03", value=3, source="@SUM(A1)\x0b")
    with world.after():
        again = releases.establish(exercice=release.exercice)
    document = document_of(again, Audience.REFERENT)
    data = tables.as_ods(document)
    content = sheets.parts(data)["content.xml"]
    assert not re.search(r"formula|hidden|visibility|script|annotation|xlink", content)
    values = [f"{sheets.value(cell)}" for cell in sheets.cells(data)]
    values += [cell for row in sheets.rows_of_csv(tables.as_csv(document)) for cell in row.values()]
    assert "'=1+1" in values and "'@SUM(A1) " in values
    assert not [cell for cell in values if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_workbook_is_an_opendocument_file_with_fixed_bytes(release):
    document = document_of(release)
    data = tables.as_ods(document)
    assert data == tables.as_ods(document_of(Release.objects.get()))
    assert data[30:38] == b"mimetype" and data[38 : 38 + len(ods.MEDIA_TYPE)] == ods.MEDIA_TYPE.encode()
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.infolist()[0].compress_type == zipfile.ZIP_STORED
    parts = sheets.parts(data)
    for name in ("content.xml", "styles.xml", "meta.xml"):
        assert f'full-path="{name}"' in parts["META-INF/manifest.xml"]
    assert parts["content.xml"].count("table-header-rows") == 2 * parts["content.xml"].count("<table:table ")
    assert "<dc:title>Rapport annuel, année 2025</dc:title>" in parts["meta.xml"]


def test_each_side_of_a_question_is_a_row():
    made, exercice = world.programme()
    world.pairs(made, 12)
    given = frame_world.favourable({"TC1": 6}, 12) + frame_world.favourable({"TC1": 5}, 11, Side.HELPED)
    frame_world.wave(made, given, invited=24, pairs=12, plan={"TC1": "by_side"})
    with world.after():
        document = document_of(releases.establish(exercice=exercice))
    asked = [row for row in sheets.workbook(tables.as_ods(document))["Enquêtes"] if row["Code"] == "TC1"]
    assert {(row["Côté"], row["Résultat"]) for row in asked} == {
        (Side.HELPER.label, "6 sur 12"),
        (Side.HELPED.label, "5 sur 11"),
    }


def test_who_downloads_what_and_the_journal_knows(client):
    early, shown = world.established(), world.established(slug="autre", restituted=True)
    referent, rh = world.referent(shown.programme), world.human_resources(shown.programme.lead_employer)
    address = {
        (release, audience, form): reverse(
            f"evaluation:report_{form}", args=[release.reports.get(audience=audience).ref]
        )
        for release in (early, shown)
        for audience in (Audience.HR, Audience.REFERENT)
        for form in ("ods", "csv")
    }
    with world.after():
        for who, name in ((referent, Audience.REFERENT), (referent, Audience.HR), (rh, Audience.HR)):
            world.enter(client, who)
            assert address[shown, name, "ods"] in client.get(shown.reports.get(audience=name).get_absolute_url()).text
            for form in ("ods", "csv"):
                before = JournalEntry.objects.filter(verb=Verb.DOWNLOADED, actor_ref=who.ref).count()
                answer = client.get(address[shown, name, form])
                assert answer.headers["Content-Type"] == {"ods": ods.MEDIA_TYPE, "csv": "text/csv; charset=utf-8"}[form]
                named = f'filename="rapport-annuel-2025-01-2025-12-edition-1.{form}"'
                assert named in answer.headers["Content-Disposition"]
                assert JournalEntry.objects.filter(verb=Verb.DOWNLOADED, actor_ref=who.ref).count() == before + 1
        for form in ("ods", "csv"):
            assert client.get(address[shown, Audience.REFERENT, form]).status_code == 404
            assert client.get(address[early, Audience.HR, form]).status_code == 404
        world.enter(client, world.referent(early.programme))
        assert client.get(address[early, Audience.HR, "ods"]).status_code == 302
        assert client.get(address[early, Audience.REFERENT, "csv"]).status_code == 200
        client.logout()
        assert client.get(address[shown, Audience.HR, "ods"]).status_code == 302


def test_a_figure_laid_out_for_one_audience_only_stays_with_it(release):
    content = reports.content_of(release, Audience.HR)
    for row in content["figures"]:
        row["audiences"] = ["referent"] if row["code"] == "B04" else row["audiences"]
    document = render_document(ANNUAL, content).document
    assert "B04" not in {row["Code"] for row in sheets.workbook(tables.as_ods(document))["Chiffres"]}


def test_years_already_restituted_stand_side_by_side():
    first = world.established(restituted=True)
    made = first.programme
    exercice = made.exercices.create(name="Année 2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31))
    with world.after(dt.date(2027, 1, 15)):
        document = document_of(releases.establish(exercice=exercice))
    rows = sheets.workbook(tables.as_ods(document))["D’une période à l’autre"]
    page = sheets.page_tables(page_of(Release.objects.get(exercice=exercice)))[
        french("D’une période à l’autre : les chiffres")
    ]
    assert [row["Résultat"] for row in rows] == [text for _, *texts in page[1:] for text in texts]
