"""The section « Ce qu’en disent les participants », read from frozen content: tables of a cycle, or what can be said."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from evaluation.disclosure import bands, changes
from evaluation.disclosure.figures import SENTENCES, WITHHELD, Figure
from evaluation.variables import OWN
from portal.dates import day_in_words


@dataclass(frozen=True)
class Refusal:
    """Several figures that say the same thing, on one line (field 4.18)."""

    label: str
    titles: str


def refusals_of(rows: Iterable, labels: tuple[str, ...]) -> tuple[Refusal, ...]:
    """One refusal a label, for rows that have a figure, a short name and maybe a note."""
    made = []
    for label in labels:
        titles = [f"{row.short} ({row.note})" if row.note else row.short for row in rows if row.figure.label == label]
        if titles:
            said = SENTENCES[label]
            made.append(Refusal(said[:1].upper() + said[1:], ", ".join(titles)))
    return tuple(made)


@dataclass(frozen=True)
class Question:
    """A row of the table: the words asked, and for each wave of the cycle (moment, what is published of it)."""

    text: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Waves of one cycle side by side."""

    cycle: int
    heads: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Around:
    """A wave of another public: what was received, and each question as it is read; nothing when it is withheld."""

    title: str
    received: str
    questions: tuple[tuple[str, str], ...]


class Perceived:
    """What a body template reads. Built from content alone."""

    def __init__(self, content: dict) -> None:
        self.waves, self.methods = content["waves"], content["methods"]
        self.content = content

    @property
    def around(self) -> list[Around]:
        """Managers, and sessions à chaud; editions before format 5 hold none."""
        return [_around(wave) for wave in self.content.get("around", [])]

    @property
    def syntheses(self) -> list[tuple[str, str]]:
        """(moment, text) of what two readers wrote of the free answers."""
        return [(self.label(wave), wave["synthesis"]) for wave in self.waves if wave.get("synthesis")]

    @property
    def received(self) -> list[str]:
        """« Enquête au départ, close le 3 mars 2026 : 12 réponses sur 13. »; without the numbers when they are withheld."""
        said = []
        for wave in self.waves:
            said.append(_received(f"Enquête {self.label(wave)}", wave))
            if wave.get("awaits"):
                said.append("Ses réponses sont comparées à celles de la fin du cycle : elles paraîtront ensemble.")
        return said

    @property
    def talks(self) -> list[str]:
        """What stood for a survey that a small group could not be sent."""
        return [
            f"Temps collectif d’échange {self.label(talk)}, le {_day(talk['on'])} : il a tenu lieu d’enquête."
            for talk in self.content["talks"]
        ]

    def label(self, moment: dict) -> str:
        """« au départ », with the cycle when the period holds several."""
        several = len({one["cycle"] for one in (*self.waves, *self.content["talks"])}) > 1
        return f"{moment['label']} (cycle {moment['cycle']})" if several else moment["label"]

    @cached_property
    def shown(self) -> list[dict]:
        """Waves of which at least one question is published."""
        return [wave for wave in self.waves if any(_is_shown(question["cells"]) for question in wave["questions"])]

    @property
    def tables(self) -> list[Table]:
        """Shares of the common core: one table a cycle, one column a wave."""
        made = []
        for cycle, group in groupby(self.shown, key=lambda wave: wave["cycle"]):
            waves = list(group)
            codes = {question["code"]: None for wave in waves for question in wave["questions"]}
            codes = sorted(codes, key=lambda code: (code.startswith(OWN), code))
            heads = tuple(wave["label"][:1].upper() + wave["label"][1:] for wave in waves)
            rows = [_question(code, heads, waves) for code in codes]
            made.append(Table(cycle, heads, tuple(rows)))
        return made

    @property
    def latest_table(self) -> Table | None:
        """The table of the latest cycle, for one page."""
        return self.tables[-1] if self.tables else None

    @property
    def means(self) -> list[tuple[str, str, str]]:
        """(dimension, moment, band) of the dimensions published by their mean."""
        return [
            (one["title"], self.label(wave), f"{_figure(one).text} sur 100")
            for wave in self.waves
            for one in wave["means"]
            if one["label"] != WITHHELD
        ]

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(what was asked, which way it moved, of how many linked answers) from departure to end."""
        return [
            (one["text"], changes.WAYS[one["lo"]], f"{one['of']}")
            for wave in self.waves
            for one in wave.get("changes", [])
        ]

    @property
    def harm(self) -> list[tuple[str, str]]:
        """(moment, share) of people who said an unwanted effect."""
        return [(self.label(wave), _cells(wave["harm"])) for wave in self.waves if _is_shown(wave["harm"])]

    @property
    def harm_withheld(self) -> bool:
        return any(wave["harm"] and not _is_shown(wave["harm"]) for wave in self.waves)

    @property
    def refusal(self) -> Refusal | None:
        """Everything of the surveys that is not shown, on one line."""
        said_elsewhere = [wave for wave in self.waves if wave.get("awaits") or wave.get("changes")]
        hidden = [wave for wave in self.waves if wave not in self.shown and wave not in said_elsewhere]
        titles = [f"réponses à l’enquête {self.label(wave)}" for wave in hidden]
        titles += [
            f"{one['title'].lower()} {self.label(wave)}"
            for wave in self.shown
            for one in wave["means"]
            if one["label"] == WITHHELD
        ]
        said = SENTENCES[WITHHELD]
        return Refusal(said[:1].upper() + said[1:], ", ".join(titles)) if titles else None


def _received(what: str, wave: dict) -> str:
    cell = wave["participation"]
    start = f"{what}, close le {_day(wave['closed_on'])}"
    if cell["label"] == WITHHELD:
        return f"{start} : recueillie, non diffusée."
    return f"{start} : {bands.said(_figure(cell), of=cell['of'])} questionnaires envoyés."


def _around(wave: dict) -> Around:
    asked = tuple((one["text"], _cells(one["cells"])) for one in wave["questions"])
    shown = any(_is_shown(one["cells"]) for one in wave["questions"])
    return Around(wave["title"], _received("Enquête", wave), asked if shown else ())


def _question(code: str, heads: tuple[str, ...], waves: list[dict]) -> Question:
    asked = [next((one for one in wave["questions"] if one["code"] == code), None) for wave in waves]
    text = next(one["text"] for one in reversed(asked) if one)
    texts = [_cells(one["cells"]) if one else "pas posée" for one in asked]
    return Question(text, tuple(zip(heads, texts, strict=True)))


def _is_shown(cells: list[dict]) -> bool:
    return any(cell["label"] != WITHHELD for cell in cells)


def _cells(cells: list[dict]) -> str:
    """« 7 sur 12 », or side by side: « pair-aidant·e : 7 sur 12 ; agent accompagné : 6 sur 11 »."""
    texts = [(cell["side"], bands.said(_figure(cell), of=cell["of"])) for cell in cells]
    return " ; ".join(f"{side} : {text}" if side else text for side, text in texts)


def _figure(cell: dict) -> Figure:
    return Figure(cell["lo"], cell["hi"], cell["label"])


def _day(text: str) -> str:
    return day_in_words(dt.date.fromisoformat(text), weekday=False)
