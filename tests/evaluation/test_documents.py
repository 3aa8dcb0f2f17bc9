"""Documents: page and print say the same; the PDF is accessible; nothing outside is fetched; nothing leaks."""

import io
import re

import pikepdf
import pypdf
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluation import charts
from evaluation.disclosure.figures import Figure
from evaluation.documents import ANNUAL, period_in_words, render_document
from evaluation.enums import Audience
from evaluation.services import releases, reports
from pairing.enums import Part
from pairing.models import Meeting
from portal import pdf
from portal.typography import french
from programmes.enums import Form, Side
from programmes.models import Deviation
from tests.evaluation import frame_world, world

pytestmark = pytest.mark.django_db
A_THIRD_OF_A_PAGE = 450  # signs


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
    release = framed(6, meetings=12, answers=12, name="Entraide & écoute")
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
        assert [str(figure.Alt) for figure in found["/Figure"]] == [
            document.document.chart.title,
            document.document.spans_chart.title,
        ]
        assert all("/Headers" in str(cell.get("/A", "")) or cell.A.get("/Headers") for cell in found["/TD"])
        fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "Atkinson" in str(font.BaseFont)
    *pages, _ = [len(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert min(pages) > A_THIRD_OF_A_PAGE
    text = text_of(data)
    for row in document.document.key:
        if row.figure.is_value:
            assert squeezed(f"{row.text} {row.caption}") in text
    for section in document.document.sections:
        for row in section.rows:
            assert squeezed(f"{row.title} {row.text}") in text
    for table in document.document.perceived.tables:
        for question in table.questions:
            assert squeezed(question.text + "".join(text for _, text in question.cells)) in text
    assert len(table.questions) == 8
    for said in (
        "12 sur 13 questionnaires envoyés",
        "Effets gênants, en fin de cycle : 0 à 3 sur 12",
        "Étape 3 franchie",
    ):
        assert squeezed(said) in text
    assert squeezed("6 binômes se sont rencontrés 72 fois") in text
    assert squeezed("Restituée aux participants le 12 janvier 2026") in text


def framed(number, *, meetings, answers, **kwargs):
    """A restituted release of `number` pairs with their frame, and an end wave of so many answers."""
    made, exercice = world.programme(**kwargs)
    pairs = world.pairs(made, number)
    for pair in pairs:
        world.meet(pair, meetings)
    helpers = frame_world.taking_part(pairs, "helper")
    for helper in helpers:
        frame_world.letter(helper, hours=4)
    frame_world.charter(made, frame_world.taking_part(pairs))
    frame_world.trained(made, helpers)
    frame_world.supervised(made, helpers)
    at = world.clock.noon(world.dt.date(2025, 4, 2), world.PARIS)
    Deviation.objects.create(programme=made, what="Étape 3 franchie", reason="Avis reçu plus tard", at=at)
    counts = {"TC1": 5, "TC2": 10, "TC3": 6, "TC8": 1}
    given = frame_world.favourable(counts, answers, TC4=4, TC5=2, TC6=3, TC7=5)
    frame_world.wave(made, given, invited=max(answers + 1, 2 * number - 1), pairs=number)
    with world.after():
        release = releases.establish(exercice=exercice)
        return releases.restitute(release=release, on=world.dt.date(2026, 1, 12))


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


def test_what_a_phone_folds_is_a_whole_part_and_no_refusal():
    shell = rendered(framed(6, meetings=12, answers=12)).shell
    folded = re.findall(r"(?s)<details class=\"unfold\">.*?</details>\s*<(table|ol|div)\b", shell)
    assert len(folded) == shell.count('class="unfold"') > 8
    outside = re.sub(r"(?s)<(table|ol)\b.*?</\1>", "", shell)
    assert outside.count("doc-refusal") == shell.count("doc-refusal") > 0
    assert french("Ces chiffres décrivent une activité. Ils ne prouvent pas un effet.") in outside


def refusals_by_heading(shell):
    """{heading: number of refusal lines under it}."""
    parts = re.split(r"<h[123]>(.*?)</h[123]>", shell)
    return {heading: body.count("doc-refusal") for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("answers", [6, 8])
def test_a_programme_of_four_pairs_has_at_most_one_line_of_refusal_a_section(answers, audience):
    shell = rendered(framed(4, meetings=4, answers=answers), audience).shell
    refusals = refusals_by_heading(shell)
    assert set(refusals.values()) == {0, 1}
    assert refusals["Ce qu’en disent les participants"] == (answers < 7)
    for said in ('Lettres de mission</th><td class="doc-num">à jour', "Cadence de supervision tenue", "16"):
        assert said in shell


def test_the_meaning_of_a_refusal_is_said_when_answers_alone_are_withheld():
    """Eight peers in four pairs: RH read every number of the report but the answers of six people."""
    made, exercice = world.programme(forms=[Form.RECIPROCAL])
    for _ in range(4):
        peers = [world.participation(made, world.person(), Side.PEER) for _ in range(2)]
        world.meet(world.pair(made, *peers, parts=(Part.PEER, Part.PEER)), 2)
    means = french("« Non diffusé » ne veut dire ni beaucoup, ni peu, ni zéro.")
    for answers, said in ((8, False), (6, True)):
        with transaction.atomic():
            frame_world.wave(made, frame_world.favourable({"TC1": 4}, answers, Side.PEER), invited=8, pairs=4)
            with world.after():
                document = rendered(releases.establish(exercice=exercice))
            assert (means in document.shell) == said
            transaction.set_rollback(True)


def test_a_programme_of_two_pairs_says_what_it_can():
    small = rendered(world.established(number=2, meetings=4))
    document = small.document
    assert set(refusals_by_heading(small.shell).values()) == {0, 1}
    assert not any(section.rows for section in document.sections)
    assert document.chart is None and document.sentences == []
    assert "Aucune enquête n’a été close pendant la période" in small.shell


def test_delays_are_laid_out_for_the_team_only():
    release = framed(6, meetings=2, answers=8)
    team, hr = (rendered(release, audience).shell for audience in (Audience.REFERENT, Audience.HR))
    assert "délai de première réponse" in team and "Délai" not in hr


def test_the_limits_of_the_report_stand_on_its_second_page_before_any_section():
    shell = rendered(framed(6, meetings=2, answers=8)).shell
    body = shell[shell.index("doc-new-page") :]
    assert re.search(r"<h2>(.*?)</h2>", body)[1].strip() == "Ce que ce rapport ne dit pas"


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
