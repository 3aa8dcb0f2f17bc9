"""What a release freezes: everything its pages and documents will ever need (decisions 10 and 48)."""

import hashlib
import json

from evaluation import texts
from evaluation.disclosure import rules
from evaluation.disclosure.figures import NOT_APPLICABLE, NOT_COLLECTED, NOT_PUBLISHED, Figure
from evaluation.disclosure.rules import Basis, Kind
from evaluation.indicators import CATALOGUE, KEY, KEY_WITHOUT_SIDES, NEED_SIDES, SECTIONS, Indicator
from evaluation.models import ImportedFigure, PublishedFigure, ReferenceFact
from evaluation.services.collect import Count, collect
from programmes.enums import Form, ProgrammeState, StepState
from programmes.models import Exercice, Programme

FORMAT = 1
WITH_SIDES = {Form.PAIR, Form.PERMANENCE, Form.RETURN}
WITH_PAIRS = {Form.PAIR, Form.RECIPROCAL}


def canonical(data: dict) -> str:
    """One text for one content: sorted keys, no space, French as it is."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Line:
    """One indicator of the release: its figure, where it comes from, and its statistical units (not published)."""

    def __init__(self, indicator: Indicator, figure: Figure, source: str = "", units: frozenset = frozenset()) -> None:
        self.indicator, self.figure, self.source, self.units = indicator, figure, source, units

    def as_dict(self, note: str = "") -> dict:
        return {
            "code": self.indicator.code,
            "title": self.indicator.title,
            "short": self.indicator.short,
            "definition": self.indicator.definition,
            "unit": self.indicator.unit,
            "section": self.indicator.section,
            "label": self.figure.label,
            "lo": self.figure.lo,
            "hi": self.figure.hi,
            "source": self.source,
            "note": note,
        }


def lines(exercice: Exercice) -> list[Line]:
    """The whole catalogue for this exercice, after the rules, in its fixed order."""
    imported = {row.indicator: row for row in exercice.imported_figures.all()}
    reference = exercice.programme.state == ProgrammeState.REFERENCE
    counted = {} if reference else collect(exercice)
    made = [_line(indicator, exercice.programme, imported, counted) for indicator in CATALOGUE]
    return made if reference else _protect_totals(made)


def _line(indicator: Indicator, programme: Programme, imported: dict, counted: dict[str, Count]) -> Line:
    if indicator.code in imported:
        row = imported[indicator.code]
        return Line(indicator, _imported(indicator, row, imported), row.source)
    if programme.state == ProgrammeState.REFERENCE:
        return Line(indicator, Figure.said(NOT_PUBLISHED))
    if not _applies(indicator, programme):
        return Line(indicator, Figure.said(NOT_APPLICABLE))
    if indicator.code not in counted:
        return Line(indicator, Figure.said(NOT_COLLECTED))
    count = counted[indicator.code]
    figure = rules.disclose(indicator.kind, count.value, count.basis)
    return Line(indicator, figure, units=count.units if figure.is_value else frozenset())


def _imported(indicator: Indicator, row: ImportedFigure, imported: dict[str, ImportedFigure]) -> Figure:
    """A figure the source itself published is shown; any other follows the rules, on the numbers of its import."""
    if row.published:
        return Figure.exact(row.value)
    units = row.value if indicator.kind in rules.HEADS else 0
    everybody = imported["P01"].value if "P01" in imported else 0
    basis = Basis(
        people=units if indicator.kind in (Kind.PEOPLE, Kind.MEMBERS) else everybody,
        pairs=imported["E01"].value if "E01" in imported else 0,
        units=units,
    )
    minutes = row.value * 60 if indicator.kind == Kind.HOURS else row.value
    return rules.disclose(indicator.kind, minutes, basis)


def _applies(indicator: Indicator, programme: Programme) -> bool:
    forms = set(programme.forms)
    if indicator.code in NEED_SIDES and not forms & WITH_SIDES:
        return False
    return indicator.kind not in rules.FED_BY_PAIRS or bool(forms & WITH_PAIRS)


def _protect_totals(made: list[Line]) -> list[Line]:
    by_code = {line.indicator.code: line for line in made}
    for part in [line for line in made if line.indicator.part_of]:
        total = by_code[part.indicator.part_of]
        inside = len(part.units)
        figure = rules.protect_total(total.figure, part.figure, inside=inside, outside=len(total.units - part.units))
        if figure != total.figure:
            total.figure, total.units = figure, frozenset()
    return made


def build(exercice: Exercice, made: list[Line]) -> dict:
    """The content of a release, edition left out. Holds no name, no instant that varies, nothing unpublished."""
    programme = exercice.programme
    employer = programme.lead_employer
    reference = programme.state == ProgrammeState.REFERENCE
    return {
        "format": FORMAT,
        "reference": reference,
        "programme": {
            "name": programme.name,
            "slug": programme.slug,
            "forms": [Form(form).label for form in programme.forms],
        },
        "employer": {
            "name": employer.name,
            "neutral_name": employer.neutral_name,
            "accent": employer.accent,
            "fictional": employer.fictional,
        },
        "exercice": {"name": exercice.name, "starts": f"{exercice.starts}", "ends": f"{exercice.ends}"},
        "rules": {
            "version": rules.RULES_VERSION,
            "sentences": list(rules.SENTENCES),
            "withheld": texts.WITHHELD_MEANS,
        },
        "sections": [[code, title] for code, title in SECTIONS.items()],
        "key": list(_key(programme, reference)),
        "figures": [line.as_dict(_note(line, reference)) for line in made],
        "steps": [] if reference else _steps(exercice),
        "history": [] if reference else _history(exercice),
        "facts": list(_facts(programme)) if reference else [],
        "not_said": list(texts.NOT_SAID_REFERENCE if reference else texts.NOT_SAID),
    }


def _key(programme: Programme, reference: bool) -> tuple[str, ...]:
    sides = bool(set(programme.forms) & WITH_SIDES) and not reference
    return KEY if sides else KEY_WITHOUT_SIDES


def _note(line: Line, reference: bool) -> str:
    told = line.figure.label != NOT_PUBLISHED
    return texts.ROLES_NOT_TOLD if reference and line.indicator.code in NEED_SIDES and not told else ""


def _steps(exercice: Exercice) -> list[dict]:
    """Where each of the six steps stood on the last day of the exercice."""
    made = []
    for step in exercice.programme.steps.select_related("definition").order_by("definition_id"):
        state, on = StepState.TO_COME, None
        if step.passed_on and step.passed_on <= exercice.ends:
            state, on = StepState.PASSED, step.passed_on
        elif step.started_on and step.started_on <= exercice.ends:
            state, on = StepState.CURRENT, step.started_on
        made.append(
            {
                "number": step.number,
                "title": step.definition.title,
                "state": state.value,
                "state_label": state.label,
                "on": f"{on}" if on else "",
            }
        )
    return made


def _history(exercice: Exercice) -> list[dict]:
    """Earlier exercices as they were restituted: a row per exercice, from its latest edition."""
    rows = []
    for earlier in exercice.programme.exercices.filter(ends__lt=exercice.starts).order_by("starts"):
        release = earlier.releases.filter(restituted_on__isnull=False).order_by("-edition").first()
        if release is None:
            continue
        figures = PublishedFigure.objects.filter(release=release, indicator__in=("E01", "E02"))
        cells = {f.indicator: {"label": f.label, "lo": f.lo, "hi": f.hi} for f in figures}
        rows.append({"name": earlier.name, "figures": cells})
    return rows


def _facts(programme: Programme):
    return ReferenceFact.objects.filter(programme=programme).values("heading", "text", "source")
