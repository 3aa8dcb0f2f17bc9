"""The section « Ce qu’en disent les participants », read from frozen content: tables of a cycle, or what can be said."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from evaluation.disclosure import bands, changes
from evaluation.disclosure.figures import SENTENCES, WITHHELD, Figure
from evaluation.enums import Moment
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
class Digest:
    """What one page holds of the latest cycle: its main wave, side by side or beside the departure; what moved; effects.

    `moment` names the wave where the columns do not. `partial`: other answers are published too, for which one page has no room.
    """

    heads: tuple[str, ...]
    questions: tuple[Question, ...]
    moment: str
    moments: int
    changes: tuple[tuple[str, str, str], ...]
    harm: tuple[tuple[str, str], ...]
    partial: bool


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
        """Managers, then events à chaud; editions before format 5 hold none."""
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
        return [_table(cycle, list(waves)) for cycle, waves in groupby(self.shown, key=lambda wave: wave["cycle"])]

    @cached_property
    def digest(self) -> Digest | None:
        """The end of the latest cycle, else its latest wave; None when nothing of the answers is published."""
        told = [wave for wave in self.waves if wave in self.shown or wave.get("changes")]
        if not told:
            return None
        cycle = [wave for wave in told if wave["cycle"] == told[-1]["cycle"]]
        compared = [wave for wave in cycle if wave.get("changes")]
        shown = [wave for wave in cycle if wave in self.shown]
        main = next((wave for wave in shown if wave["moment"] == Moment.END), shown[-1] if shown else None)
        first = next((wave for wave in shown if wave["moment"] == Moment.T0 and wave is not main), None)
        sides = _sides(main) if main else ()
        waves = [main] if sides else [wave for wave in (first, main) if wave]
        table = _beside(main, sides) if sides else _table(cycle[0]["cycle"], waves)
        effects = next((wave for wave in (main, *reversed(cycle)) if wave and _is_shown(wave["harm"])), None)
        return Digest(
            table.heads,
            table.questions,
            _capital(self.label(main)) if sides else "",
            len(waves),
            tuple(self.moved(compared)),
            ((self.label(effects), _cells(effects["harm"])),) if effects else (),
            partial=len(self.shown) > len(waves) or len(cycle) < len(told),
        )

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
        return self.moved([wave for wave in self.waves if wave.get("changes")])

    def moved(self, waves: list[dict]) -> list[tuple[str, str, str]]:
        """The changes of these waves, with the cycle when they are of several."""
        several = len({wave["cycle"] for wave in waves}) > 1
        return [
            (one["text"] + f" (cycle {wave['cycle']})" * several, changes.WAYS[one["lo"]], f"{one['of']}")
            for wave in waves
            for one in wave["changes"]
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
        return f"{start}. Questionnaires reçus : {SENTENCES[WITHHELD]}."
    returned, of = _figure(cell), cell["of"]
    if of is None:
        return f"{start}. Questionnaires reçus : {returned.text}."
    number, _, share = bands.said(returned, of=of).partition(" (")
    return f"{start} : {number} questionnaires envoyés{f' ({share}' if share else ''}."


def _around(wave: dict) -> Around:
    asked = tuple((one["text"], _cells(one["cells"])) for one in wave["questions"])
    shown = any(_is_shown(one["cells"]) for one in wave["questions"])
    return Around(wave["title"], _received("Enquête", wave), asked if shown else ())


def _table(cycle: int, waves: list[dict]) -> Table:
    """One row a question asked in any of these waves, those of the programme itself last."""
    codes = {question["code"]: None for wave in waves for question in wave["questions"]}
    codes = sorted(codes, key=lambda code: (code.startswith(OWN), code))
    heads = tuple(_capital(wave["label"]) for wave in waves)
    return Table(cycle, heads, tuple(_question(code, heads, waves) for code in codes))


def _sides(wave: dict) -> tuple[str, ...]:
    """The sides that every question of a wave is published by; nothing when it is not."""
    found = {tuple(cell["side"] for cell in question["cells"]) for question in wave["questions"]}
    sides = found.pop() if len(found) == 1 else ()
    return sides if len(sides) > 1 else ()


def _beside(wave: dict, sides: tuple[str, ...]) -> Table:
    """One wave, one column a side."""
    heads = tuple(map(_capital, sides))
    asked = sorted(wave["questions"], key=lambda one: (one["code"].startswith(OWN), one["code"]))
    rows = [
        Question(one["text"], tuple((head, _said(cell)) for head, cell in zip(heads, one["cells"], strict=True)))
        for one in asked
    ]
    return Table(wave["cycle"], heads, tuple(rows))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _question(code: str, heads: tuple[str, ...], waves: list[dict]) -> Question:
    asked = [next((one for one in wave["questions"] if one["code"] == code), None) for wave in waves]
    text = next(one["text"] for one in reversed(asked) if one)
    texts = [_cells(one["cells"]) if one else "pas posée" for one in asked]
    return Question(text, tuple(zip(heads, texts, strict=True)))


def _is_shown(cells: list[dict]) -> bool:
    return any(cell["label"] != WITHHELD for cell in cells)


def _cells(cells: list[dict]) -> str:
    """« 7 sur 12 », or side by side: « pair-aidant·e : 7 sur 12 ; agent accompagné : 6 sur 11 »."""
    texts = [(cell["side"], _said(cell)) for cell in cells]
    return " ; ".join(f"{side} : {text}" if side else text for side, text in texts)


def _said(cell: dict) -> str:
    return bands.said(_figure(cell), of=cell["of"])


def _figure(cell: dict) -> Figure:
    return Figure(cell["lo"], cell["hi"], cell["label"])


def _day(text: str) -> str:
    return day_in_words(dt.date.fromisoformat(text), weekday=False)
