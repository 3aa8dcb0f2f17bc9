"""Documents from frozen content, without any query: one body in two shells, page and print (decisions 10 and 48)."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from evaluation import charts, essential
from evaluation.disclosure import bands
from evaluation.disclosure.figures import (
    FEW,
    NOT_APPLICABLE,
    NOT_COLLECTED,
    NOT_PUBLISHED,
    WITHHELD,
    Figure,
    grouped,
)
from evaluation.indicators import CHART, FRAME, PERCEIVED, TRAINING
from evaluation.perceived import Perceived, Refusal, refusals_of
from portal.contrast import validate_accent
from portal.dates import NBSP, day_in_words
from portal.pdf import in_print_shell, render_pdf, standalone

ANNUAL, LEAFLET = "annual", "leaflet"
BODIES = {ANNUAL: "layout/annual_body.html", LEAFLET: "layout/leaflet_body.html"}
TITLES = {ANNUAL: "Rapport annuel", LEAFLET: "Nos résultats"}
HR, PARTICIPANTS = "hr", "participants"
# Signs in a line, and lines of its table, of a leaflet in larger letters.
LEAFLET_LINE, LEAFLET_LINES = 50, 16
SHEET_TITLE = "Fiche de référence"


@dataclass(frozen=True)
class Row:
    """A published figure as it is read."""

    code: str
    title: str
    short: str
    definition: str
    figure: Figure
    unit: str
    section: str
    source: str
    note: str
    words: tuple[str, ...] = ()
    of: int | None = None

    @property
    def text(self) -> str:
        return bands.said(self.figure, unit=self.unit, words=self.words, of=self.of)

    @property
    def number(self) -> str:
        """In large figures: « 17 sur 21 », without the share that follows in brackets."""
        return self.text.partition(" (")[0]

    @property
    def share(self) -> str:
        """« (81 %) », or nothing."""
        return self.text.removeprefix(self.number).strip()

    @property
    def caption(self) -> str:
        """Under a number, the words that agree with it."""
        if self.figure.is_value and self.figure.hi < 2:
            return re.sub(r"s(?=-| |$)", "", self.short)
        return self.short


@dataclass(frozen=True)
class Section:
    """Numbers, then everything that is not shown on one line (field 4.18)."""

    code: str
    title: str
    rows: tuple[Row, ...]
    refusals: tuple[Refusal, ...]

    @property
    def caption(self) -> str:
        return f"{self.title} : les chiffres"


class Document:
    """What a body template reads. Built from content alone: plain dicts, as frozen in the release."""

    def __init__(self, kind: str, content: dict) -> None:
        self.kind, self.content = kind, content
        self.reference = content["reference"]
        self.title = SHEET_TITLE if self.reference else TITLES[kind]
        self.employer, self.programme, self.exercice = content["employer"], content["programme"], content["exercice"]
        # The participants read the lines that RH will read.
        reader = HR if content["audience"] == PARTICIPANTS else content["audience"]
        shown = [figure for figure in content["figures"] if reader in figure["audiences"]]
        self.rows = [_row(figure) for figure in shown]

    @property
    def period(self) -> str:
        """The period in words; a reference sheet says what its sources say of it."""
        if self.reference:
            return self.exercice["name"]
        return period_in_words(_date(self.exercice["starts"]), _date(self.exercice["ends"]))

    @property
    def page_title(self) -> str:
        """Tab, PDF title: neutral, no programme name, nothing on health."""
        return f"{self.title}, {self.period}"

    @property
    def established(self) -> str:
        return day_in_words(_date(self.content["established_on"]), weekday=False)

    @property
    def restituted(self) -> str:
        on = self.content["restituted_on"]
        return day_in_words(_date(on), weekday=False) if on else ""

    @property
    def fingerprint(self) -> str:
        """The start of the hash, by fours, to compare by eye."""
        short = self.content["sha256"][:16]
        return " ".join(short[i : i + 4] for i in range(0, 16, 4))

    @property
    def key(self) -> list[Row]:
        by_code = {row.code: row for row in self.rows}
        chosen = [by_code[code] for code in self.content["key"]]
        return [row for row in chosen if row.figure.is_value] if self.reference else chosen

    @cached_property
    def sections(self) -> list[Section]:
        """Sections that have something to say: numbers, or the reason why one is not given."""
        made = []
        for code, title in self.content["sections"]:
            inside = [row for row in self.rows if row.section == code]
            values = tuple(row for row in inside if row.figure.is_value)
            refusals = refusals_of(inside, (WITHHELD, FEW))
            if code != PERCEIVED and (values or refusals):
                made.append(Section(code, title, values, refusals))
        return made

    @property
    def activity(self) -> list[Section]:
        return [section for section in self.sections if section.code not in (FRAME, TRAINING)]

    @property
    def frame(self) -> Section | None:
        return next((section for section in self.sections if section.code == FRAME), None)

    @property
    def training(self) -> Section | None:
        return next((section for section in self.sections if section.code == TRAINING), None)

    @cached_property
    def perceived(self) -> Perceived:
        return Perceived(self.content)

    @property
    def roomy(self) -> bool:
        """Whether the leaflet's rows leave room on its page for a larger letter."""
        digest = self.perceived.digest
        if digest is None:
            return True
        return (
            not digest.changes and sum(1 + len(one.text) // LEAFLET_LINE for one in digest.questions) <= LEAFLET_LINES
        )

    @property
    def restitution(self) -> dict:
        """What the participants said of it first: form, paragraph, wishes; nothing before it took place."""
        return self.content.get("restitution", {}) if self.restituted else {}

    @property
    def frame_lines(self) -> list[tuple[str, str]]:
        """The charter; what is used of the time given (E07), from its two published numbers."""
        lines = [("Charte", self.content["charter"])]
        value = {row.code: row.figure.lo for row in self.rows if row.figure.is_value}
        used, planned = value.get("E06"), value.get("C03")
        if used and planned:
            share = f"{grouped(used)}{NBSP}h sur {grouped(planned)}{NBSP}h, soit {round(100 * used / planned)}{NBSP}%"
            lines.append(("Temps prévu utilisé", share))
        return lines

    @property
    def training_lines(self) -> list[tuple[str, str]]:
        """Supervisors for helpers, from their two published numbers."""
        value = {row.code: row.figure.lo for row in self.rows if row.figure.is_value}
        if not (value.get("H02") and value.get("B06")):
            return []
        helpers = -(-value["B06"] // value["H02"])
        return [("Soit un·e superviseur·e pour", essential.many(helpers, "pair-aidant·e", "pairs-aidants"))]

    @property
    def deviations_said(self) -> str:
        number = len(self.deviations)
        listed = "il est listé" if number < 2 else "ils sont listés"
        return f"{essential.many(number, 'écart')} au cadre pendant la période : {listed} en annexe, avec la raison."

    @property
    def deviations(self) -> list[dict]:
        return [{**row, "day": day_in_words(_date(row["on"]), weekday=False)} for row in self.content["deviations"]]

    @property
    def promises(self) -> list[dict]:
        """Objectives as they were read again; editions before format 3 hold none."""
        return [{**row, "result": _result(row)} for row in self.content.get("promises", [])]

    @property
    def problems(self) -> list[dict]:
        """What was raised and what was answered; editions before format 4 hold none."""
        return [{**row, "said": _answer(row)} for row in self.content.get("problems", [])]

    @property
    def anchors(self) -> list[dict]:
        return [{**row, "period": _between(row["starts"], row["ends"])} for row in self.content.get("anchors", [])]

    @property
    def absent(self) -> tuple[Refusal, ...]:
        """What has no figure for another reason than protecting people; surveys have their own section."""
        rows = [row for row in self.rows if self.reference or row.section != PERCEIVED]
        return refusals_of(rows, (NOT_COLLECTED, NOT_APPLICABLE, NOT_PUBLISHED))

    @property
    def withheld(self) -> bool:
        """Whether « non diffusé » stands anywhere: its meaning is then said once, on the first page."""
        return any(row.figure.label in (FEW, WITHHELD) for row in self.rows) or self.perceived.refusal is not None

    @property
    def sentences(self) -> list[str]:
        """The essential in words, from published numbers only."""
        if self.reference:
            return []
        value = {row.code: row.figure.lo for row in self.rows if row.figure.is_value}
        return essential.activity(value)

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(anchor, title) of the parts of a report that are there, for its page."""
        parts = (
            ("etapes", "Les six étapes", self.steps),
            ("promis", "Promis, fait", self.promises),
            ("cadre", "Cadre et gouvernance", True),
            ("activite", "L’activité", self.activity),
            ("formation", "Formation et supervision", self.training),
            ("problemes", "Problèmes d’organisation", self.problems),
            ("participants", "Ce qu’en disent les participants", True),
            ("annexe", "Définitions et règles", True),
        )
        return [(anchor, title) for anchor, title, there in parts if there]

    @property
    def standing(self) -> list[str]:
        """Where the programme stands, and the limit of every number of the page."""
        return [] if self.reference else [*essential.standing(self.content), essential.LIMIT]

    @property
    def chart(self) -> charts.Chart | None:
        if self.reference:
            return None
        by_code = {row.code: row for row in self.rows}
        return charts.bars(
            "Du côté des personnes et des binômes", [(by_code[c].title, by_code[c].figure) for c in CHART]
        )

    @property
    def spans(self) -> list[tuple[str, Row]]:
        """Meetings along the period."""
        return [(span["name"], _row(span)) for span in self.content["spans"]]

    @property
    def spans_chart(self) -> charts.Chart | None:
        return charts.bars("Rencontres au fil de la période", [(name, row.figure) for name, row in self.spans])

    @property
    def history(self) -> list[dict]:
        """A row per exercice already restituted, then this one."""
        earlier = [
            {"name": row["name"], **{code: _figure(cell) for code, cell in row["figures"].items()}}
            for row in self.content["history"]
        ]
        by_code = {row.code: row.figure for row in self.rows}
        now = {"name": self.exercice["name"], "E01": by_code["E01"], "E02": by_code["E02"]}
        return [*earlier, now] if earlier else []

    @property
    def history_chart(self) -> charts.Chart | None:
        rows = [(row["name"], row["E02"]) for row in self.history if "E02" in row]
        return charts.bars("Rencontres d’une période à l’autre", rows)

    @property
    def steps(self) -> list[dict]:
        return [
            {**step, "day": day_in_words(_date(step["on"]), weekday=False) if step["on"] else ""}
            for step in self.content["steps"]
        ]

    @property
    def facts(self) -> list[tuple[str, list[dict]]]:
        """Facts of a reference sheet by heading, in the order of the source file; a source once for its run of facts."""
        headings: dict[str, list[dict]] = {}
        for fact in self.content["facts"]:
            facts = headings.setdefault(fact["heading"], [])
            if facts and facts[-1]["source"] == fact["source"]:
                facts[-1] = {**facts[-1], "source": ""}
            facts.append(fact)
        return list(headings.items())

    @property
    def published(self) -> list[Row]:
        """What a source gives in numbers."""
        return [row for row in self.rows if row.figure.is_value]


@dataclass(frozen=True)
class Rendered:
    """A document in its two forms; each is made when asked for."""

    document: Document

    @cached_property
    def shell(self) -> str:
        """The print shell, in the employer's accent as frozen with the release."""
        accent = self.document.employer["accent"]
        validate_accent(accent)
        return in_print_shell(self.document, BODIES[self.document.kind], accent)

    @cached_property
    def html(self) -> str:
        """One file to keep: print shell, sheets and fonts inside."""
        return standalone(self.shell)

    @cached_property
    def pdf(self) -> bytes:
        return render_pdf(self.shell)


def render_document(kind: str, content: dict) -> Rendered:
    """The document of this kind for this frozen content."""
    return Rendered(Document(kind, content))


def period_in_words(starts: dt.date, ends: dt.date) -> str:
    """« année 2025 », « septembre 2020 – janvier 2021 » for whole months, « du … au … » otherwise."""
    whole = starts.day == 1 and (ends + dt.timedelta(days=1)).day == 1
    if whole and (starts.month, ends.month, ends.year) == (1, 12, starts.year):
        return f"année {starts.year}"
    if whole:
        first, last = (" ".join(day_in_words(day, weekday=False).split()[1:]) for day in (starts, ends))
        return first if first == last else f"{first} – {last}"
    return f"du {day_in_words(starts, weekday=False)} au {day_in_words(ends, weekday=False)}"


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _result(promise: dict) -> str:
    """« atteint », « pas encore relu », « abandonné le 3 mars 2026 »; the result given, if any, comes first."""
    dropped = promise["dropped_on"]
    said = [promise["result"]] if promise["result"] else []
    said += [f"abandonné le {day_in_words(_date(dropped), weekday=False)}"] if dropped else []
    return ", ".join(said) or "pas encore relu"


def _answer(problem: dict) -> str:
    """« acceptée le 3 mars 2026, pour le 1er juin 2026 », « réponse attendue depuis le 3 mars 2026 »."""
    if not problem["answered_on"]:
        return f"{problem['state']} depuis le {day_in_words(_date(problem['raised_on']), weekday=False)}"
    said = f"{problem['state']} le {day_in_words(_date(problem['answered_on']), weekday=False)}"
    return f"{said}, pour le {day_in_words(_date(problem['due_on']), weekday=False)}" if problem["due_on"] else said


def _between(starts: str, ends: str) -> str:
    """« du … au … », « depuis le … », « jusqu’au … », or nothing."""
    first, last = (day_in_words(_date(day), weekday=False) if day else "" for day in (starts, ends))
    if first and last:
        return f"du {first} au {last}"
    return f"depuis le {first}" if first else f"jusqu’au {last}" if last else ""


def _figure(cell: dict) -> Figure:
    return Figure(cell["lo"], cell["hi"], cell["label"])


def _row(cell: dict) -> Row:
    kept = ("code", "title", "short", "definition", "unit", "section", "source", "note")
    return Row(figure=_figure(cell), words=tuple(cell["words"]), of=cell["of"], **{name: cell[name] for name in kept})
