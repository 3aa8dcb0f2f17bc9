"""Model documents of the library: read from fixtures/texts/library, filled in one pass, laid out. Pure: no table.

A document is a list of blocks, {"kind": "heading" | "paragraph" | "item", "text": str}. Placeholders are those of
PLACEHOLDERS and nothing else: they are replaced as text, never by a template engine, and what replaces them is not read
again. Any other brace comes out as it was written.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "fixtures/texts/library"
PLACEHOLDERS = {
    "employeur": "nom de l’employeur",
    "employeur_court": "nom court de l’employeur",
    "versant": "fonction publique",
    "programme": "nom du programme",
    "referent": "personne qui pilote",
    "contact": "son adresse électronique",
    "adresse": "adresse de la page d’inscription",
    "date": "date du jour",
}
HEADING, PARAGRAPH, ITEM = "heading", "paragraph", "item"
KINDS = {HEADING: "titre", PARAGRAPH: "paragraphe", ITEM: "puce"}
PAGE, POSTER, CARD = "page", "poster", "card"
CARDS_A_SHEET = 8
MAX_BLOCKS, MAX_TEXT = 80, 1500
# What XML, hence a DOCX, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Model:
    """One model. `line`: the step line it may be attached to; `neutral`: it is read by passers-by, no health word."""

    code: str
    title: str
    step: int
    version: int
    audience: str
    filename: str
    line: str
    layout: str
    neutral: bool
    position: int
    blocks: tuple[dict, ...]


@cache
def every() -> dict[str, Model]:
    """All models by code, in the order of the library."""
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in SOURCE.glob("*.json")]
    rows.sort(key=lambda row: row["position"])
    return {row["code"]: Model(**{**row, "blocks": tuple(row["blocks"])}) for row in rows}


def fill(text: str, words: dict[str, str]) -> str:
    """`text` with our placeholders replaced, once; unknown ones stay."""
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), text)


def filled(blocks: Iterable[dict], words: dict[str, str]) -> list[dict]:
    known = {name: plain(word) for name, word in words.items() if name in PLACEHOLDERS}
    return [{"kind": block["kind"], "text": fill(plain(block["text"]), known)} for block in blocks]


def plain(text: str) -> str:
    """`text` without the characters that no document can hold, on lines that end alike."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned(blocks: Iterable[dict]) -> list[dict]:
    """Blocks as they are kept: known kinds, trimmed, the empty ones left out."""
    return [
        {"kind": block["kind"], "text": text}
        for block in blocks
        if block["kind"] in KINDS and (text := plain(block["text"]).strip())
    ]


def groups(blocks: Iterable[dict]) -> list[dict]:
    """Blocks as they are shown: neighbouring items make one list. {"kind", "text"} or {"kind": "item", "texts"}."""
    made: list[dict] = []
    for block in blocks:
        if block["kind"] != ITEM:
            made.append(block)
        elif made and made[-1]["kind"] == ITEM:
            made[-1]["texts"].append(block["text"])
        else:
            made.append({"kind": ITEM, "texts": [block["text"]]})
    return made


def digest(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Code:
    """A QR code as a drawing: `path` in modules of 1, on a square of `size` with its quiet zone of 4."""

    size: int
    path: str


@cache
def qr_code(address: str) -> Code:
    import qrcode

    maker = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    maker.add_data(address)
    maker.make()
    rows = maker.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Code(len(rows), "".join(dark))


def qr_picture(address: str) -> bytes:
    """The same as PNG, for word processors."""
    import io

    import qrcode

    out = io.BytesIO()
    qrcode.make(address, border=4, error_correction=qrcode.constants.ERROR_CORRECT_M).save(out)
    return out.getvalue()
