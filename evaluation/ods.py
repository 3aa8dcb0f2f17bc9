"""Writing an OpenDocument spreadsheet: words and whole numbers, no formula, the same bytes for the same cells.

Small on purpose (docs/decisions/libraries.md): one header row a sheet, repeated in print and known as such to assistive
technology; fixed order and date of the parts, « mimetype » first and stored, as the standard asks.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o644 << 16
WIDE, WIDER = 24, 60  # a column is wider when one of its cells has more letters than this
NAMES = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
ROOT = (
    f'xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" xmlns:text="{NAMES}:text:1.0" '
    f'xmlns:style="{NAMES}:style:1.0" xmlns:fo="{NAMES}:xsl-fo-compatible:1.0" xmlns:meta="{NAMES}:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
STYLES = (
    f"{HEAD}<office:document-styles {ROOT}><office:styles>"
    '<style:default-style style:family="table-cell"><style:text-properties fo:language="fr" fo:country="FR"/>'
    '</style:default-style><style:style style:name="Default" style:family="table-cell"/>'
    "</office:styles></office:document-styles>"
)
AUTOMATIC = (
    "<office:automatic-styles>"
    + "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        for name, width in (("narrow", 3), ("wide", 6), ("wider", 12))
    )
    + '<style:style style:name="head" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap"/><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="cell" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    "</office:automatic-styles>"
)
PARTS = ("content.xml", "styles.xml", "meta.xml")
MANIFEST = (
    f'{HEAD}<manifest:manifest xmlns:manifest="{NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    + "".join(f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="text/xml"/>' for part in PARTS)
    + "</manifest:manifest>"
)
Cell = str | int
Sheet = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]  # name, heads, rows


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The file. Holds no date and no author."""
    tables = "".join(_table(*sheet) for sheet in sheets)
    content = (
        f"{HEAD}<office:document-content {ROOT}>{AUTOMATIC}<office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    meta = (
        f"{HEAD}<office:document-meta {ROOT}><office:meta><dc:title>{escape(title)}</dc:title>"
        "<dc:language>fr-FR</dc:language></office:meta></office:document-meta>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        _add(file, "mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, text in zip(PARTS, (content, STYLES, meta), strict=True):
            _add(file, name, text, zipfile.ZIP_DEFLATED)
        _add(file, "META-INF/manifest.xml", MANIFEST, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _add(file: zipfile.ZipFile, name: str, text: str, method: int) -> None:
    part = zipfile.ZipInfo(name, EPOCH)
    part.compress_type, part.create_system, part.external_attr = method, UNIX, PLAIN_FILE
    file.writestr(part, text.encode())


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="{_width(longest)}"/>'
        for longest in (max(len(f"{cell}") for cell in column) for column in zip(heads, *rows, strict=True))
    )
    lines = "".join(_line(row, "cell") for row in rows)
    return (
        f"<table:table table:name={quoteattr(name)}>{columns}"
        f"<table:table-header-rows>{_line(heads, 'head')}</table:table-header-rows>{lines}</table:table>"
    )


def _width(longest: int) -> str:
    return "wider" if longest > WIDER else "wide" if longest > WIDE else "narrow"


def _line(cells: Sequence[Cell], style: str) -> str:
    return f"<table:table-row>{''.join(_cell(cell, style) for cell in cells)}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    kind = f'office:value-type="float" office:value="{cell}"' if isinstance(cell, int) else 'office:value-type="string"'
    return (
        f'<table:table-cell table:style-name="{style}" {kind}><text:p>{escape(f"{cell}")}</text:p></table:table-cell>'
    )
