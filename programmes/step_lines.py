"""The lines of a step as its page shows them: the essential first, the rest folded, exit criteria apart."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from portal.dates import count_in_words, day_in_words
from programmes.access import opens
from programmes.enums import ItemState, LineKind, StepState
from programmes.models import Programme, Step, StepItem, StepLine
from programmes.services import templates
from programmes.services.steps import OPEN, ReadLine

GROUPS = ((LineKind.PREREQUISITE, "Prérequis"), (LineKind.ACTION, "Actions"), (LineKind.DELIVERABLE, "Livrables"))
TONES = {ItemState.DOING: "wait", ItemState.DROPPED: "neutral", ItemState.DONE: "done"}


@dataclass(frozen=True)
class Row:
    """A line. `item` is None when the portal reads it; `word` and `tone` say where it stands, if there is a word."""

    label: str
    kind: str
    essential: bool
    advice: bool
    together: bool
    word: str
    tone: str
    said: str
    url: str
    item: StepItem | None = None
    late: bool = False


@dataclass
class Lines:
    """`folded` by group of the same kind; `more` is how many lines they are."""

    first: list[Row] = field(default_factory=list)
    criteria: list[Row] = field(default_factory=list)
    folded: list[tuple[str, list[Row]]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return sum(len(rows) for _, rows in self.folded)


def lines_of(step: Step, items: list[StepItem], read: list[ReadLine], held: frozenset[str], today: dt.date) -> Lines:
    """`items` with line, owner, done_by and evidence at hand. A pilot's exit criteria are folded too (field R23)."""
    programme = step.programme
    rows = [(item.position, _ticked(item, programme, held, today)) for item in items]
    rows += [(line.line.position, _read(line, programme, held)) for line in read]
    pilot = templates.get(programme.template).essential_only
    lines, rest = Lines(), {kind: [] for kind in LineKind}
    for _, row in sorted(rows, key=lambda pair: pair[0]):
        own = row.item is not None and row.item.line_id is None
        if row.kind == LineKind.CRITERION and not pilot and not own:
            lines.criteria.append(row)
        elif row.essential or own or row.late:
            lines.first.append(row)
        else:
            rest[row.kind].append(row)
    groups = [*GROUPS, (LineKind.CRITERION, "Critères de sortie")]
    lines.folded = [(title, rest[kind]) for kind, title in groups if rest[kind]]
    return lines


def _ticked(item: StepItem, programme: Programme, held: frozenset[str], today: dt.date) -> Row:
    passed = item.step.state == StepState.PASSED
    late = bool(item.state in OPEN and item.due_on and item.due_on < today) and not passed
    word, tone = (item.get_state_display(), TONES[item.state]) if item.state in TONES else ("", "neutral")
    if late:
        word, tone = f"{count_in_words((today - item.due_on).days, 'jour')} de retard", "stop"
    elif passed and item.state in OPEN:
        word, tone = "restée ouverte", "wait"
    return Row(
        label=item.label,
        kind=item.kind,
        essential=item.essential,
        advice=bool(item.line and item.line.advice),
        together=item.co_construction,
        word=word,
        tone=tone,
        said=_facts(item),
        url=page_of(item.line, programme, held),
        item=item,
        late=late,
    )


def _facts(item: StepItem) -> str:
    """« Claude R., pour le 3 mars 2026 ; 2 pièces », or by whom and when it was done."""
    if item.done_on:
        by = f"par {item.done_by.short_name} " if item.done_by else ""
        facts = [f"{by}le {day_in_words(item.done_on, weekday=False)}"]
    else:
        due = f"pour le {day_in_words(item.due_on, weekday=False)}" if item.due_on else ""
        facts = [", ".join(part for part in (item.owner.short_name if item.owner else "", due) if part)]
    pieces = len(item.evidence.all())
    facts.append(count_in_words(pieces, "pièce justificative", "pièces justificatives") if pieces else "")
    return " ; ".join(fact for fact in facts if fact)


def _read(read: ReadLine, programme: Programme, held: frozenset[str]) -> Row:
    line = read.line
    return Row(
        label=line.label,
        kind=line.kind,
        essential=line.essential,
        advice=line.advice,
        together=line.co_construction,
        word="oui" if read.met else "pas encore",
        tone="done" if read.met else "neutral",
        said=f"lu dans le portail : {read.said}",
        url=page_of(line, programme, held),
    )


def page_of(line: StepLine | None, programme: Programme, held: frozenset[str]) -> str:
    """Where this is done in the portal, if there is such a page and the reader's roles open it."""
    if line is None or not line.page:
        return ""
    try:
        url = reverse(line.page, args=[programme.slug])
    except NoReverseMatch:
        return ""
    return url if opens(url, held) else ""
