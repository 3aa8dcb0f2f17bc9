"""The figures of a document as tables, for a spreadsheet: from frozen content alone, in the words of the page.

What is withheld is said in words in every column of numbers, never as 0 nor as an empty cell.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from evaluation import ods
from evaluation.disclosure import bands, changes
from evaluation.disclosure.figures import Figure
from evaluation.documents import Document
from portal.words import FORMULA

HEADS = ("Partie", "Code", "Ce qui est compté", "Période ou moment", "Côté", "Résultat", "Au moins", "Au plus", "Sur")
HEADS += ("Unité", "Source ou précision", "Définition")
ABOUT, FIGURES, SPANS, HISTORY, ANSWERS = (
    "À propos",
    "Chiffres",
    "Au fil de la période",
    "D’une période à l’autre",
    "Enquêtes",
)
# Columns of each sheet, by their rank in HEADS: only those that may hold something there.
COLUMNS = {
    ABOUT: (2, 5),
    FIGURES: (0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11),
    SPANS: (1, 2, 3, 5, 6, 7),
    HISTORY: (1, 2, 3, 5, 6, 7),
    ANSWERS: (1, 2, 3, 4, 5, 6, 7, 8),
}
WHOLE = "ensemble"
Cell = str | int


@dataclass(frozen=True)
class Table:
    """A sheet: a name, heads, and cells that are words or whole numbers."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(document: Document) -> list[Table]:
    """One table a sheet; a sheet without a row is left out."""
    made: dict[str, list[tuple[Cell, ...]]] = {}
    for name, row in _rows(document):
        made.setdefault(name, []).append(row)
    return [
        Table(
            name, tuple(HEADS[rank] for rank in columns), tuple(tuple(r[rank] for rank in columns) for r in made[name])
        )
        for name, columns in COLUMNS.items()
        if name in made
    ]


def as_ods(document: Document) -> bytes:
    return ods.workbook(document.page_title, [(table.name, table.heads, table.rows) for table in sheets(document)])


def as_csv(document: Document) -> bytes:
    """One table of everything, the sheet in the first column: UTF-8 with its mark, semicolons, as a French office reads."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Feuille", *HEADS))
    writer.writerows((name, *row) for name, row in _rows(document))
    return text.getvalue().encode("utf-8-sig")


def _rows(document: Document) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """(sheet, one cell for each of HEADS), in the order of the page."""
    for what, said in _about(document):
        yield ABOUT, _row("", "", what, "", "", said, "", "", "", "", "", "")
    sections = dict(document.content["sections"])
    for row in document.rows:
        source = " ; ".join(part for part in (row.source, row.note) if part)
        numbers = _numbers(row.text, None if row.words else row.figure, row.of)
        yield (
            FIGURES,
            _row(
                sections[row.section],
                row.code,
                row.title,
                document.period,
                "",
                *numbers,
                row.unit,
                source,
                row.definition,
            ),
        )
    for name, row in document.spans:
        yield SPANS, _row("", row.code, row.title, name, "", *_numbers(row.text, row.figure, None), "", "", "")
    titles = {row.code: row.title for row in document.rows}
    for one in document.history:
        for code in sorted(one.keys() - {"name"}):
            numbers = _numbers(one[code].text, one[code], None)
            yield HISTORY, _row("", code, titles[code], one["name"], "", *numbers, "", "", "")
    if not document.reference:
        yield from _answers(document)


def _about(document: Document) -> Iterator[tuple[str, str]]:
    content = document.content
    yield "Document", document.page_title
    yield "Employeur", document.employer["name"]
    if document.employer["fictional"]:
        yield "Attention", "Employeur fictif : données de démonstration"
    yield "Programme", document.programme["name"]
    yield "Période", document.period
    yield "Édition", f"{content['edition']}"
    yield "Établie le", document.established
    if document.restituted:
        yield "Restituée aux participants le", document.restituted
    yield "Destinataire", content["audience_label"]
    yield "Empreinte (SHA-256)", content["sha256"]
    yield "Règles de diffusion", f"version {content['rules']['version']}"
    for sentence in content["rules"]["sentences"]:
        yield "Règle", sentence
    if document.withheld:
        yield "À savoir", content["rules"]["withheld"]


def _answers(document: Document) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Wave by wave: questionnaires received, shares question by question, means, unwanted effects."""
    perceived, methods = document.perceived, document.content["methods"]
    named = [(perceived.label(wave), wave, methods["agree"]) for wave in perceived.waves]
    named += [(wave["title"], wave, methods["around"]) for wave in document.content.get("around", [])]
    for moment, wave, agree in named:
        of_all = "" if wave["participation"]["of"] is None else ", sur tous ceux envoyés"
        asked = [("F01", f"Questionnaires reçus{of_all}", [wave["participation"]])]
        asked += [(one["code"], f"{one['text']} ({agree})", one["cells"]) for one in wave["questions"]]
        asked += [("", f"Effets gênants ({methods['harm']})", wave["harm"])]
        for code, what, cells in asked:
            for cell in cells:
                figure = _figure(cell)
                numbers = _numbers(bands.said(figure, of=cell["of"]), figure, cell["of"])
                yield ANSWERS, _row("", code, what, moment, cell.get("side") or WHOLE, *numbers, "", "", "")
        for one in wave.get("changes", []):
            figure = _figure(one)
            text = changes.WAYS[figure.lo]
            what = f"{one['text']} ({methods['change']})"
            yield ANSWERS, _row("", one["code"], what, moment, WHOLE, text, text, text, one["of"], "", "", "")
        for one in wave["means"]:
            figure, out_of = _figure(one), bands.FULL
            text = f"{figure.text} sur {out_of}" if figure.is_value else figure.text
            what = f"{one['title']} ({methods['mean']})"
            numbers = _numbers(text, figure, out_of)
            yield ANSWERS, _row("", one["code"], what, moment, WHOLE, *numbers, "", "", "")


def _figure(cell: dict) -> Figure:
    return Figure(cell["lo"], cell["hi"], cell["label"])


def _numbers(text: str, figure: Figure | None, of: int | None) -> tuple[Cell, Cell, Cell, Cell]:
    """(result as it is read, at least, at most, out of); a result in words stands in all of them."""
    if figure is None or not figure.is_value:
        return text, text, text, text
    return text, figure.lo, figure.hi, "" if of is None else of


def _row(*cells: Cell) -> tuple[Cell, ...]:
    return tuple(_safe(cell) if isinstance(cell, str) else cell for cell in cells)


def _safe(text: str) -> str:
    """No control character, and nothing that a spreadsheet would take for a formula."""
    kept = "".join(letter if letter.isprintable() or letter in "\u00a0\u202f" else " " for letter in text)
    return f"'{kept}" if kept.lstrip().startswith(FORMULA) else kept
