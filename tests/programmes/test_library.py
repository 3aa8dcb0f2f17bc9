"""The library: model documents, an employer's own wording, three files that say the same, text that stays text."""

import html
import io
import re

import pypdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from docx import Document as Docx

from portal.errors import Conflict, DomainError
from portal.jobs import work
from portal.models import Employer, Job, StoredDocument
from portal.services import documents
from programmes import letter_text, library_text
from programmes.enums import ProgrammeRoleKind, StepState
from programmes.models import Evidence, LibraryText, Step
from programmes.services import library, library_files, rollout
from tests.builders import client_of, make_employer, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db

PAYLOADS = (
    "{{7*7}}",
    "{{ request.user }}",
    "{{ settings.SECRET_KEY }}",
    "{% load static %}",
    "{% include 'layout/base.html' %}",
    "{% debug %}",
    "{# comment #}",
    "{%",
    "}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</article></body>",
    "<!-- x -->",
    "&lt;b&gt;",
    "&amp;amp;",
    "{employeur.__class__}",
    "{employeur!r}",
    "{employeur[0]}",
    "{0}",
    "{}",
    "{{employeur}}x",
    "{inconnu}",
    "%(name)s",
    "%s %d",
    "{self.__init__.__globals__}",
    "$employeur",
    "<?xml version='1.0'?>",
    "]]>",
    "javascript:alert(1)",
)


def squeezed(text):
    """Letters only: how a file breaks its lines does not count."""
    return re.sub(r"\s", "", text)


def texts_of(programme, code):
    """What the page, the PDF and the DOCX of one document say, squeezed, the PDF's running lines left out."""
    library_files.request(programme=programme, code=code)
    for job in Job.objects.filter(kind=library_files.KIND, state="queued"):
        work(job)
    client = client_of(referent_of(programme))
    where = [programme.slug, code]
    page = client.get(reverse("programmes:library_document", args=where)).content.decode()
    article = re.search(r"<article.*?</article>", page, re.S)[0]
    # The title of the drawing is its alternative text.
    shown = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", article, flags=re.S)))
    pdf = client.get(reverse("programmes:library_file", args=[*where, "pdf"])).content
    docx = client.get(reverse("programmes:library_file", args=[*where, "docx"])).content
    return squeezed(shown), pdf, docx


def said_by_pdf(data, document):
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    running = squeezed(document.employer.neutral_name), squeezed(f"{document.title} · {document.period}")
    for number, text in enumerate(pages, start=1):
        for words in (squeezed(f"Page {number} sur {len(pages)}"), *(running if number > 1 else ())):
            text = text.replace(words, "", 1) if words == running[0] or words in text else text
        pages[number - 1] = text
    return "".join(pages).replace("•", "")


def said_by_docx(data):
    file = Docx(io.BytesIO(data))
    cells = [cell for table in file.tables for row in table.rows for cell in row.cells]
    return squeezed("".join(p.text for place in [file, *cells] for p in place.paragraphs))


def adapt(programme, code, blocks, *, use=True):
    by = referent_of(programme)
    text = library.draft(programme=programme, code=code, by=by)
    library.change(text=text, blocks=blocks, seen=text.version, by=by)
    if use:
        library.put_in_use(text=text, seen=text.version, by=by)
    return text


def paragraph(text):
    return {"kind": "paragraph", "text": text}


# --- Models ---------------------------------------------------------------------------------------------------------
def test_every_model_is_whole_and_uses_known_placeholders_only():
    models = library_text.every()
    assert len(models) == 21
    for model in models.values():
        assert model.blocks and all(block["kind"] in library_text.KINDS and block["text"] for block in model.blocks)
        used = set(re.findall(r"\{(\w+)\}", " ".join(block["text"] for block in model.blocks)))
        assert used <= set(library_text.PLACEHOLDERS), model.code


def test_what_passers_by_read_says_nothing_of_health():
    programme = make_programme()
    programme.name = "Pair-aidance et santé mentale"
    programme.save(update_fields=["name"])
    for model in library_text.every().values():
        if model.neutral:
            shown = library.document_of(programme, model.code)
            text = " ".join([model.title, model.filename, shown.over, *(block["text"] for block in shown.blocks)])
            assert letter_text.health_words(text) == [], model.code
        assert letter_text.health_words(model.filename) == [], model.code


def test_emergency_numbers_are_on_the_sheet_for_everybody():
    text = " ".join(block["text"] for block in library_text.every()["fiche-appui"].blocks)
    assert all(number in text for number in ("15", "112", "114", "3114"))


# --- Text stays text ------------------------------------------------------------------------------------------------
def test_nothing_in_a_text_or_a_name_is_ever_run():
    employer = make_employer(name="Ville {{7*7}} <b>{programme}</b> {% now 'Y' %}")
    programme = make_programme(employer)
    programme.name = "P {{7*6}} {contact} <i>&amp;"
    programme.save(update_fields=["name"])
    adapt(
        programme,
        "note-direction",
        [paragraph(payload) for payload in PAYLOADS] + [paragraph("{employeur}|{programme}")],
    )
    document = library.document_of(programme, "note-direction")
    expected = [*PAYLOADS[:23], "{" + employer.name + "}x", *PAYLOADS[24:], f"{employer.name}|{programme.name}"]
    assert [block["text"] for block in document.blocks] == expected
    shown, pdf, docx = texts_of(programme, "note-direction")
    body = squeezed("".join(expected))
    cover = squeezed(employer.name + document.title)
    assert shown == body
    assert said_by_docx(docx) == cover + body
    assert said_by_pdf(pdf, document) == cover + body


def test_a_name_is_not_read_again_for_placeholders():
    words = {"employeur": "{programme}", "programme": "{employeur}"}
    assert (
        library_text.fill("{employeur} {programme} {{employeur}} {autre}", words)
        == "{programme} {employeur} {{programme}} {autre}"
    )


def test_characters_that_no_document_can_hold_are_left_out():
    programme = make_programme()
    text = adapt(programme, "note-direction", [paragraph("a\x00\x0b\x1fb\r\nc\ud800")])
    assert text.blocks == [paragraph("ab\nc")]
    assert library_files.make_docx(library.document_of(programme, "note-direction"))


@pytest.mark.parametrize("code", ["protocole-alerte", "depliant-encadrants", "affiche"])
def test_page_pdf_and_docx_say_the_same(code):
    programme = make_programme()
    document = library.document_of(programme, code)
    shown, pdf, docx = texts_of(programme, code)
    cover = squeezed(document.over + document.title) if document.model.layout == "page" else ""
    assert len(shown) > 100
    assert said_by_pdf(pdf, document) == cover + shown == said_by_docx(docx)


def test_a_sheet_holds_eight_cards_with_a_drawing_that_has_words():
    programme = make_programme()
    shown, pdf, docx = texts_of(programme, "carte")
    document = library.document_of(programme, "carte")
    assert said_by_docx(docx) == shown * 8
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1 and said_by_pdf(pdf, document) == shown * 8
    assert len(Docx(io.BytesIO(docx)).inline_shapes) == 8
    printed = render_to_string(
        library_files.TEMPLATE, {"document": library.document_of(programme, "carte", print=True)}
    )
    assert printed.count(f"<title>{document.qr_text}</title>") == 8
    assert document.address.endswith(reverse("programmes:public", args=[programme.slug]))


def test_a_pdf_is_tagged_titled_in_french_and_a_docx_has_real_headings():
    programme = make_programme()
    _, pdf, docx = texts_of(programme, "notice-donnees")
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("fr") and "/StructTreeRoot" in root
    file = Docx(io.BytesIO(docx))
    assert file.core_properties.title == "Notice sur les données personnelles"
    styles = [p.style.name for p in file.paragraphs]
    assert "Title" in styles and "Heading 1" in styles and "List Bullet" in styles
    assert 'w:lang w:val="fr-FR"' in file.styles.element.xml


# --- Adapting -------------------------------------------------------------------------------------------------------
def test_a_draft_changes_nothing_until_it_is_used_and_then_never_changes():
    programme = make_programme()
    before = library.document_of(programme, "note-direction").blocks
    text = adapt(programme, "note-direction", [paragraph("Notre note.")], use=False)
    assert library.document_of(programme, "note-direction").blocks == before
    by = referent_of(programme)
    library.put_in_use(text=text, seen=text.version, by=by)
    assert library.document_of(programme, "note-direction").blocks == [paragraph("Notre note.")]
    with pytest.raises(DomainError, match="ne change plus"):
        library.change(text=text, blocks=[paragraph("Autre.")], seen=text.version, by=by)
    with pytest.raises(DomainError, match="ne change plus"):
        library.drop(text=text, by=by)
    assert library.draft(programme=programme, code="note-direction", by=by).number == 2


def test_two_people_writing_at_once_lose_nothing():
    programme = make_programme()
    by = referent_of(programme)
    text = library.draft(programme=programme, code="affiche", by=by)
    seen = text.version
    library.change(text=text, blocks=[paragraph("Un.")], seen=seen, by=by)
    with pytest.raises(Conflict):
        library.change(text=text, blocks=[paragraph("Deux.")], seen=seen, by=by)
    client, url = client_of(by), reverse("programmes:library_adapt", args=[programme.slug, "affiche"])
    sent = {"seen": seen, "count": 1, "kind_1": "paragraph", "text_1": "Mon texte à moi"}
    page = client.post(url, sent).content.decode()
    assert "Mon texte à moi" in page and "rien n’est perdu" in page
    assert LibraryText.objects.get().blocks == [paragraph("Un.")]


def test_a_newer_model_is_signalled_until_a_version_written_from_it_is_used(monkeypatch):
    programme = make_programme()
    text = adapt(programme, "note-direction", [paragraph("Notre note.")])
    LibraryText.objects.filter(pk=text.pk).update(based_on=0)
    assert library.entry(programme.lead_employer, "note-direction").outdated
    page = client_of(referent_of(programme)).get(reverse("programmes:library", args=[programme.slug])).content.decode()
    assert page.count("modèle plus récent") == 1
    adapt(programme, "note-direction", [paragraph("Relue.")])
    assert not library.entry(programme.lead_employer, "note-direction").outdated


def test_blocks_are_added_and_removed_without_losing_what_was_typed():
    programme = make_programme()
    by = referent_of(programme)
    library.draft(programme=programme, code="carte", by=by)
    client, url = client_of(by), reverse("programmes:library_adapt", args=[programme.slug, "carte"])
    sent = {"seen": 1, "count": 2, "kind_1": "heading", "text_1": "Premier", "kind_2": "item", "text_2": "Second"}
    form = client.post(url, {**sent, "then": "ajouter-1"}).context["form"]
    assert [row["text"].value() for row in form.rows()] == ["Premier", "", "Second"]
    form = client.post(url, {**sent, "then": "retirer-1"}).context["form"]
    assert [(row["kind"].value(), row["text"].value()) for row in form.rows()] == [("item", "Second")]
    assert library.entry(programme.lead_employer, "carte").draft.blocks == list(library_text.every()["carte"].blocks)
    client.post(url, {**sent, "then": "enregistrer"})
    assert [block["text"] for block in LibraryText.objects.get().blocks] == ["Premier", "Second"]


@pytest.mark.parametrize(
    "sent",
    [
        {"seen": "x", "count": "99999999999", "then": "enregistrer"},
        {"count": "-1"},
        {"seen": 1, "count": 1, "kind_1": "<b>", "text_1": "x"},
        {"seen": 1, "count": 1, "kind_1": "item", "text_1": "x" * 2000},
        {"seen": 1, "count": 0},
        {"then": "retirer-999999"},
        {"then": "ajouter-²"},
    ],
)
def test_a_tampered_form_changes_nothing(sent):
    programme = make_programme()
    by = referent_of(programme)
    library.draft(programme=programme, code="carte", by=by)
    url = reverse("programmes:library_adapt", args=[programme.slug, "carte"])
    assert client_of(by).post(url, sent).status_code == 200
    assert LibraryText.objects.get().blocks == list(library_text.every()["carte"].blocks)


def test_a_card_may_not_be_made_to_speak_of_health():
    programme = make_programme()
    with pytest.raises(DomainError, match="se lit en passant"):
        adapt(programme, "carte", [paragraph("Handicap : parlons-en.")])


# --- Whose library --------------------------------------------------------------------------------------------------
def test_each_employer_has_its_own_wording_and_strangers_have_none():
    ours, theirs = make_programme(), make_programme()
    adapt(ours, "note-direction", [paragraph("Secret de la maison.")])
    deputy = make_person(ours.lead_employer)
    rollout.grant(programme=ours, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(ours))
    url = reverse("programmes:library_document", args=[ours.slug, "note-direction"])
    for person, status in [
        (referent_of(ours), 200),
        (deputy, 200),
        (referent_of(theirs), 404),
        (make_person(ours.lead_employer), 404),
    ]:
        assert client_of(person).get(url).status_code == status
    other = client_of(referent_of(theirs)).get(url.replace(ours.slug, theirs.slug)).content.decode()
    assert "Secret de la maison" not in other


def test_an_unknown_document_is_no_page():
    programme = make_programme()
    client = client_of(referent_of(programme))
    for name in ("library_document", "library_adapt", "library_pdf", "library_use"):
        assert client.get(reverse(f"programmes:{name}", args=[programme.slug, "inconnu"])).status_code == 404
    url = reverse("programmes:library_file", args=[programme.slug, "carte", "exe"])
    assert client.get(url).status_code == 404


def test_the_library_makes_as_many_queries_with_many_versions():
    programme = make_programme()
    client, url = client_of(referent_of(programme)), reverse("programmes:library", args=[programme.slug])
    codes = iter(library_text.every())
    assert_same_queries(lambda: client.get(url), lambda: adapt(programme, next(codes), [paragraph("Un texte.")]))


# --- Pieces of a step -----------------------------------------------------------------------------------------------
def test_the_pdf_joins_the_line_of_its_step_and_outlives_later_wordings():
    programme = make_programme()
    client, where = client_of(referent_of(programme)), [programme.slug, "trame-entretien"]
    url = reverse("programmes:library_attach", args=where)
    assert client.post(url).status_code == 404
    texts_of(programme, "trame-entretien")
    client.post(url)
    client.post(url)
    piece = Evidence.objects.get()
    assert (piece.item.line_id, piece.added_by) == ("2-talk-guide", referent_of(programme))
    adapt(programme, "trame-entretien", [paragraph("Nouvelle trame.")])
    texts_of(programme, "trame-entretien")
    assert StoredDocument.objects.filter(key__contains=":trame-entretien:").count() == 2
    assert documents.read(document=piece.document).startswith(b"%PDF")
    adapt(programme, "trame-entretien", [paragraph("Encore une.")])
    texts_of(programme, "trame-entretien")
    assert StoredDocument.objects.filter(key__contains=":trame-entretien:").count() == 2


def test_nothing_joins_a_step_that_was_passed():
    programme = make_programme()
    texts_of(programme, "trame-entretien")
    Step.objects.filter(programme=programme, definition=2).update(state=StepState.PASSED, passed_on=programme.starts)
    client_of(referent_of(programme)).post(
        reverse("programmes:library_attach", args=[programme.slug, "trame-entretien"])
    )
    assert not Evidence.objects.exists()


def test_every_line_named_by_a_model_exists():
    programme = make_programme()
    for model in library_text.every().values():
        assert bool(library_files.item_for(programme, model.code)) == bool(model.line), model.code


def test_the_pdf_waits_for_the_text_that_is_shown():
    programme = make_programme()
    job = library_files.request(programme=programme, code="fiche-fonction")
    Employer.objects.filter(pk=programme.lead_employer_id).update(accent="#123456")
    work(job)
    job.refresh_from_db()
    assert job.state == "failed" and not StoredDocument.objects.filter(kind=library_files.KIND).exists()
