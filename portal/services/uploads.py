"""Files that people deposit: kind read from the first bytes, size bounded, what the maker's tools wrote taken out."""

import io
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps

from portal.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024
PDF = "application/pdf"
# First bytes → type, ending.
MAGIC = {b"%PDF-": (PDF, "pdf"), b"\x89PNG\r\n\x1a\n": ("image/png", "png"), b"\xff\xd8\xff": ("image/jpeg", "jpg")}
UNREADABLE = "Ce fichier ne s’ouvre pas : il est abîmé ou protégé. Déposez-en une autre copie."
_MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class Upload:
    """What is kept of a deposited file."""

    data: bytes
    media_type: str
    ending: str


def checked(data: bytes) -> Upload:
    """PDF, PNG or JPEG by its first bytes, 5 MB at most, untouched. Raises DomainError on field `file`."""
    if len(data) > MAX_BYTES:
        raise DomainError("Ce fichier dépasse 5 Mo. Numérisez-le avec moins de détails.", field="file")
    found = next((kind for start, kind in MAGIC.items() if data.startswith(start)), None)
    if found is None:
        raise DomainError("Déposez un fichier PDF, PNG ou JPEG.", field="file")
    return Upload(data, *found)


def cleaned(data: bytes) -> Upload:
    """The same without author, software, place, comments on the file, attached files nor scripts.

    For pieces that prove something by what they show; a signed paper is kept as it came (`checked`), or its electronic
    signature would break.
    """
    upload = checked(data)
    clean = _clean_pdf(data) if upload.media_type == PDF else _clean_image(data, upload.media_type)
    return Upload(clean, upload.media_type, upload.ending)


# Wherever they stand in a PDF: who made it and with what, files attached, scripts and what starts by itself.
_PDF_KEYS = ("/Metadata", "/PieceInfo", "/AA", "/AF", "/OpenAction", "/JS", "/EF", "/EmbeddedFiles", "/JavaScript")
_PDF_ACTIONS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute")


def _clean_pdf(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            for obj in pdf.objects:
                if isinstance(obj, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
                    _clean_pdf_object(obj)
            out = io.BytesIO()
            pdf.save(out)
    except (pikepdf.PdfError, ValueError) as error:
        raise DomainError(UNREADABLE, field="file") from error
    return out.getvalue()


def _clean_pdf_object(obj: pikepdf.Object) -> None:
    """What stands inside it directly, arrays too, is cleaned with the object that holds it."""
    todo = [obj]
    while todo:
        held = todo.pop()
        if isinstance(held, pikepdf.Array):
            inner = list(held)
        else:
            for key, value in list(held.items()):
                if key in _PDF_KEYS or (key in ("/A", "/Next") and _acts(value)):
                    del held[key]
            inner = [value for _, value in held.items()]
        nested = (pikepdf.Array, pikepdf.Dictionary)
        todo += [value for value in inner if isinstance(value, nested) and not value.is_indirect]


def _acts(action: pikepdf.Object) -> bool:
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _PDF_ACTIONS


def _clean_image(data: bytes, media_type: str) -> bytes:
    """The picture drawn again, upright: nothing but its points comes along."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise DomainError("Cette image est trop grande. Réduisez-la, puis déposez-la de nouveau.", field="file")
            upright = ImageOps.exif_transpose(image)
            kind = media_type.removeprefix("image/").upper()
            upright = upright.convert("RGB" if kind == "JPEG" else "RGBA")
            plain = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            out = io.BytesIO()
            plain.save(out, format=kind)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DomainError(UNREADABLE, field="file") from error
    return out.getvalue()
