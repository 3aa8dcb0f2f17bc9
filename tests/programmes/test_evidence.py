"""« Pièces justificatives »: what is taken, what is taken out, who may read, what is left behind."""

import io
import uuid
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.enums import Verb
from portal.errors import DomainError
from portal.models import JournalEntry, StoredDocument
from portal.services import documents
from portal.services.uploads import MAX_BYTES
from programmes.enums import ItemState, ProgrammeRoleKind
from programmes.models import Evidence
from programmes.services import evidence, rollout, steps
from tests.builders import client_of, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db


def files() -> list[Path]:
    return [path for path in Path(settings.DOCUMENTS_DIR).rglob("*") if path.is_file()]


def a_pdf(change=lambda pdf: None) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    change(pdf)
    pdf.save(out)
    return out.getvalue()


def item_of(programme, number=1):
    rows = programme.steps.get(definition=number).items.select_related("step__programme__lead_employer")
    return rows.get(line="1-signed-note")


def kept(programme, data: bytes) -> bytes:
    piece = evidence.deposit(item=item_of(programme), data=data, by=referent_of(programme))
    return documents.read(document=piece.document)


def addresses(programme, item, piece=None) -> dict[str, str]:
    args = [programme.slug, item.step.number, item.ref]
    piece_args = [*args, piece.ref if piece else uuid.uuid4()]
    return {
        "item": reverse("programmes:step_item", args=args),
        "deposit": reverse("programmes:deposit_evidence", args=args),
        "file": reverse("programmes:evidence", args=piece_args),
        "remove": reverse("programmes:remove_evidence", args=piece_args),
    }


# --- Attacks --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!doctype html><script>alert(1)</script>", "PDF, PNG ou JPEG"),
        (b"PK\x03\x04" + b"\0" * 100, "PDF, PNG ou JPEG"),
        (b"%PDF-1.7 <script>alert(1)</script>", "abîmé"),
        (b"\xff\xd8\xff" + b"\0" * 100, "abîmé"),
        (b"%PDF-" + b" " * (MAX_BYTES - 4), "5 Mo"),
    ],
    ids=["html", "archive", "html-after-magic", "broken-jpeg", "one-byte-too-many"],
)
def test_what_is_refused_leaves_no_row_and_no_file(data, sentence):
    programme = make_programme()
    item, before = item_of(programme), (StoredDocument.objects.count(), len(files()))
    upload = {"file": SimpleUploadedFile("note.pdf", data, content_type="application/pdf")}
    page = client_of(referent_of(programme)).post(addresses(programme, item)["deposit"], upload)
    assert page.status_code == 200 and sentence in page.content.decode()
    assert (StoredDocument.objects.count(), len(files())) == before
    assert not Evidence.objects.exists()


def test_the_name_given_by_the_sender_goes_nowhere():
    programme = make_programme()
    item, client = item_of(programme), client_of(referent_of(programme))
    sent = SimpleUploadedFile("../../RQTH de Camille.pdf", a_pdf(), content_type="text/html")
    assert client.post(addresses(programme, item)["deposit"], {"file": sent}).status_code == 302
    piece = Evidence.objects.get()
    assert piece.document.filename.startswith("piece-etape-1-") and piece.document.filename.endswith(".pdf")
    assert piece.document.media_type == "application/pdf"
    page = client.get(addresses(programme, item)["item"]).content.decode()
    assert "Camille" not in page and piece.document.filename in page
    assert all(path.is_relative_to(settings.DOCUMENTS_DIR) for path in files())


def test_a_pdf_loses_author_scripts_and_attached_files():
    def poison(pdf):
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "SECRET-XMP"
        pdf.docinfo["/Author"] = "SECRET-AUTHOR"
        pdf.attachments["notes.txt"] = b"SECRET-FILE"
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('SECRET-OPEN')")
        pdf.Root.OpenAction = pdf.make_indirect(script)
        names = pikepdf.Array(["a", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="SECRET-NAMED")])
        pdf.Root.Names.JavaScript = pikepdf.Dictionary(Names=names)
        embedded = pikepdf.Stream(pdf, b"SECRET-ANNOT")
        link = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Link, "Rect": [0, 0, 9, 9]}
        clip = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.FileAttachment, "Rect": [0, 0, 9, 9]}
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="SECRET-LINK")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="SECRET-LAUNCH")
        pdf.pages[0].obj.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(**link, A=action),
                pdf.make_indirect(pikepdf.Dictionary(**link, A=pdf.make_indirect(launch))),
                pikepdf.Dictionary(**clip, FS=pikepdf.Dictionary(F="SECRET-CLIP", EF=pikepdf.Dictionary(F=embedded))),
            ]
        )

    data = a_pdf(poison)
    secrets = [b"SECRET-" + word for word in b"AUTHOR XMP FILE OPEN NAMED LINK LAUNCH ANNOT".split()]
    plain, clean = _plain(data), _plain(kept(make_programme(), data))
    assert [secret for secret in secrets if secret not in plain] == []
    assert [secret for secret in secrets if secret in clean] == []
    assert b"/JavaScript" not in clean and b"/EmbeddedFile" not in clean


def _plain(data: bytes) -> bytes:
    """A PDF with nothing compressed: every word in it can be looked for."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def test_a_picture_loses_its_place():
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(out, format="JPEG", exif=exif, comment=b"SECRET-COMMENT")
    assert b"SECRET-MAKER" in out.getvalue()
    clean = kept(make_programme(), out.getvalue())
    with Image.open(io.BytesIO(clean)) as image:
        assert image.size == (20, 10) and not image.getexif()
    assert b"SECRET" not in clean


# --- Who ------------------------------------------------------------------------------------------------------------
def test_only_the_team_of_the_programme_reads_a_piece():
    programme, other = make_programme(), make_programme()
    item = item_of(programme)
    piece = evidence.deposit(item=item, data=a_pdf(), by=referent_of(programme))
    stranger, agent = client_of(referent_of(other)), client_of(make_person(programme.lead_employer))
    for client in (stranger, agent):
        for what, url in addresses(programme, item, piece).items():
            if what != "file":
                assert client.post(url).status_code == 404, what
            if what != "deposit":
                assert client.get(url).status_code == 404, what
    # The same piece asked for under another programme's address, by somebody of that programme's team.
    mine = item_of(other)
    args = [other.slug, 1, mine.ref, piece.ref]
    assert stranger.get(reverse("programmes:evidence", args=args)).status_code == 404
    assert stranger.post(reverse("programmes:remove_evidence", args=args)).status_code == 404
    assert Evidence.objects.count() == 1


def test_the_deputy_downloads_it_as_a_file_and_the_journal_knows():
    programme = make_programme()
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    item = item_of(programme)
    piece = evidence.deposit(item=item, data=a_pdf(), by=referent_of(programme))
    answer = client_of(deputy).get(addresses(programme, item, piece)["file"])
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{piece.document.filename}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    entry = JournalEntry.objects.get(verb=Verb.DOWNLOADED)
    assert (entry.actor_ref, entry.object_ref) == (deputy.ref, piece.ref)


# --- Keeping --------------------------------------------------------------------------------------------------------
def test_a_piece_removed_leaves_no_file(django_capture_on_commit_callbacks):
    programme = make_programme()
    item, before = item_of(programme), len(files())
    piece = evidence.deposit(item=item, data=a_pdf(), by=referent_of(programme))
    assert len(files()) == before + 1
    with django_capture_on_commit_callbacks(execute=True):
        client_of(referent_of(programme)).post(addresses(programme, item, piece)["remove"])
    assert len(files()) == before and not Evidence.objects.exists()


def test_the_same_piece_twice_a_sixth_piece_and_a_passed_step_are_refused():
    programme = make_programme()
    by, item = referent_of(programme), item_of(programme)
    pictures = []
    for shade in range(6):
        out = io.BytesIO()
        Image.new("RGB", (2, 2), (shade, 0, 0)).save(out, format="PNG")
        pictures.append(out.getvalue())
    for data in pictures[:5]:
        evidence.deposit(item=item, data=data, by=by)
    with pytest.raises(DomainError, match="déjà déposée"):
        evidence.deposit(item=item, data=pictures[0], by=by)
    with pytest.raises(DomainError, match="Cinq pièces"):
        evidence.deposit(item=item, data=pictures[5], by=by)
    steps.set_state(items=[item], state=ItemState.DONE, by=by)
    steps.start_step(step=item.step, by=by)
    steps.pass_step(step=item.step, by=by, reason="La suite viendra.")
    item = item_of(programme)
    with pytest.raises(DomainError, match="Rouvrez-la"):
        evidence.remove(piece=item.evidence.first(), by=by)
