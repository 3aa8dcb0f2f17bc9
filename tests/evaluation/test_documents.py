"""Documents: page and print say the same; the PDF is accessible; nothing outside is fetched; nothing leaks."""

import io
import re

import pikepdf
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation import charts
from evaluation.disclosure.figures import Figure
from evaluation.documents import ANNUAL, period_in_words, render_document
from evaluation.enums import Audience
from evaluation.services import releases, reports
from pairing.models import Meeting
from portal import pdf
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def rendered(release, audience=Audience.HR):
    return render_document(ANNUAL, reports.content_of(release, audience))


def structure(node, found=None):
    """Every structure element of a tagged PDF, by its tag."""
    found = {} if found is None else found
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.setdefault(str(node["/S"]), []).append(node)
        if "/K" in node:
            structure(node["/K"], found)
    elif isinstance(node, pikepdf.Array):
        for child in node:
            structure(child, found)
    return found


def text_of(data):
    """In the order of the content, as a screen reader would meet it."""
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def squeezed(text):
    return "".join(text.split())


def test_the_pdf_is_tagged_french_titled_and_has_the_figures_of_the_page(connection_queries):
    release = world.established(number=6, meetings=12, restituted=True, name="Entraide & écoute")
    document = rendered(release)
    data = connection_queries(lambda: document.pdf)
    with pikepdf.open(io.BytesIO(data)) as opened:
        root = opened.Root
        assert str(root.Lang) == "fr"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(opened.docinfo["/Title"]) == "Rapport annuel, année 2025"
        with opened.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert "/CreationDate" not in opened.docinfo
        found = structure(root.StructTreeRoot.K)
        assert len(found["/H1"]) == 1
        assert [str(figure.Alt) for figure in found["/Figure"]] == [document.document.chart.title]
        assert all("/Headers" in str(cell.get("/A", "")) or cell.A.get("/Headers") for cell in found["/TD"])
        fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "Atkinson" in str(font.BaseFont)
    text = text_of(data)
    for row in document.document.key:
        if row.figure.is_value:
            assert squeezed(f"{row.text} {row.caption}") in text
    for section in document.document.sections:
        for row in section.rows:
            assert squeezed(f"{row.title} {row.text}") in text
    assert squeezed("6 binômes se sont rencontrés 72 fois") in text
    assert squeezed("Restituée aux participants le 12 janvier 2026") in text


@pytest.fixture
def connection_queries():
    """Calls a function and fails if it asked the database for anything."""

    def call(function):
        with CaptureQueriesContext(connection) as queries:
            result = function()
        assert len(queries) == 0, queries.captured_queries
        return result

    return call


def test_two_worlds_equal_on_what_is_published_give_the_same_bytes(client):
    """A group under the threshold: page of the team, page of RH, print and PDF do not move when its values do."""
    release = world.established(number=2, meetings=3)
    programme, exercice = release.programme, release.exercice
    referent, rh = world.referent(programme), world.human_resources(programme.lead_employer)

    def everything(release):
        with world.after():
            releases.restitute(release=release, on=world.dt.date(2026, 1, 12))
            document = rendered(release)
            pages = [
                re.sub(
                    r"[0-9a-f-]{36}|csrfmiddlewaretoken\" value=\"\w+",
                    "",
                    world.enter(client, who).get(address).content.decode(),
                )
                for who in (referent, rh)
                for address in (release.reports.get(audience=Audience.HR).get_absolute_url(),)
            ]
        return pages, document.html, document.pdf

    before = everything(release)
    for table in ("figures", "reports"):
        getattr(release, table).all().delete()
    release.delete()
    Meeting.objects.all().delete()
    for pair in programme.pairs.all():
        world.meet(pair, 11, minutes=240)
    with world.after():
        again = releases.establish(exercice=exercice)
    after = everything(again)
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert after[2] == before[2]


def test_page_and_print_hold_the_same_body(client):
    release = world.established(restituted=True)
    rh = world.human_resources(release.programme.lead_employer)
    report = release.reports.get(audience=Audience.HR)
    with world.after():
        page = world.enter(client, rh).get(report.get_absolute_url()).content.decode()
    article = re.compile(r"(?s)<article.*</article>")
    printed = rendered(release).shell
    assert article.search(page)[0] == article.search(printed)[0]


def test_the_file_in_html_stands_alone():
    html = rendered(world.established()).html
    assert "<link" not in html and "<script" not in html and "<img" not in html
    assert not re.search(r"url\(\"?(?!\"?data:font)", html)
    assert "--accent: #1f5c57" in html


def test_a_small_programme_is_not_a_page_of_refusals():
    small = rendered(world.established(number=2, meetings=4))
    document = small.document
    assert small.shell.count('class="doc-refusal"') == len(document.sections) == 2
    assert not any(section.rows for section in document.sections)
    assert document.chart is None and document.sentences == []


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.png", "http://127.0.0.1:1/a.png", "data:image/png;base64,AAAA", "file:///etc/hostname"],
)
def test_a_document_that_looks_outside_is_not_rendered(address):
    page = f'<html lang="fr"><head><title>x</title></head><body><img alt="x" src="{address}"></body></html>'
    with pytest.raises(pdf.OutsideResource, match="nothing outside"):
        pdf.render_pdf(page)


@pytest.mark.parametrize("name", ["../portal/settings.py", "/etc/hostname", "css/absent.css"])
def test_only_static_files_of_ours_are_read(name):
    with pytest.raises(pdf.OutsideResource):
        pdf.static_file(name)


def test_a_colour_that_is_not_one_never_reaches_a_sheet():
    release = world.established()
    content = reports.content_of(release, Audience.HR)
    content["employer"] = {**content["employer"], "accent": "red;} body {display: none"}
    with pytest.raises(Exception, match="couleur"):
        _ = render_document(ANNUAL, content).shell


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2025-01-01", "2025-12-31", "année 2025"),
        ("2020-09-01", "2021-01-31", "septembre 2020 – janvier 2021"),
        ("2024-02-01", "2024-02-29", "février 2024"),
        ("2025-11-20", "2026-11-19", "du 20 novembre 2025 au 19 novembre 2026"),
    ],
)
def test_periods_are_said_as_people_say_them(starts, ends, said):
    assert period_in_words(world.dt.date.fromisoformat(starts), world.dt.date.fromisoformat(ends)) == said


def test_bars_take_their_scale_from_what_is_shown():
    rows = [("a", Figure.exact(10)), ("b", Figure.exact(5)), ("c", Figure.said("few"))]
    chart = charts.bars("Titre", rows)
    assert [bar.width for bar in chart.bars] == [charts.BAR, charts.BAR // 2]
    assert chart.title == "Titre. a : 10 ; b : 5."
    assert charts.bars("Titre", rows[1:]) is None
