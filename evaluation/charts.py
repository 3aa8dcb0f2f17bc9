"""Horizontal bars as plain geometry, drawn by templates/evaluation/bars.html: attributes only, no style, no script.

The scale comes from the published figures alone. The direct <title> is the text alternative, in pages and in PDFs.
"""

from dataclasses import dataclass

from evaluation.disclosure.figures import Figure

WIDTH = 360
ROW = 48
BAR = 300
HEIGHT = 18


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    label_y: int
    y: int
    width: int
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Chart:
    """Ready to draw. `title` says every figure in words; the same figures stand in a table beside it."""

    title: str
    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_height: int = HEIGHT


def bars(caption: str, rows: list[tuple[str, Figure]], unit: str = "") -> Chart | None:
    """A chart of the rows that are exact values; None when there are not two of them to compare."""
    shown = [(label, figure) for label, figure in rows if figure.is_value and figure.lo == figure.hi]
    if len(shown) < 2:
        return None
    largest = max(figure.hi for _, figure in shown) or 1
    drawn = []
    for rank, (label, figure) in enumerate(shown):
        top, width = rank * ROW, max(round(BAR * figure.hi / largest), 2)
        text = f"{figure.text}\u00a0{unit}".strip()
        drawn.append(Bar(label, text, top + 15, top + 22, width, width + 8, top + 36))
    said = " ; ".join(f"{bar.label} : {bar.text}" for bar in drawn)
    return Chart(f"{caption}. {said}.", tuple(drawn), WIDTH, len(shown) * ROW)
