"""What a release freezes: everything its pages and documents will ever need (decisions 10 and 48)."""

import hashlib
import json
from dataclasses import dataclass, field

from evaluation import texts
from evaluation.disclosure import rules
from evaluation.disclosure.figures import NOT_APPLICABLE, NOT_COLLECTED, NOT_PUBLISHED, Figure
from evaluation.disclosure.rules import Basis, Kind
from evaluation.indicators import (
    BY_CODE,
    CATALOGUE,
    COLLECTIVE,
    KEY,
    KEY_WITHOUT_SIDES,
    NEED_LETTERS,
    NEED_SIDES,
    PAST,
    SECTIONS,
    SHARES,
    SUPPORT,
    Indicator,
    catalogue,
)
from evaluation.models import ImportedFigure, PublishedFigure, ReferenceFact
from evaluation.services import collective_figures, frame, past, promises, rhythm, support_figures, survey_figures
from evaluation.services.collect import collect
from evaluation.services.counts import Count
from evaluation.services.survey_figures import PARTICIPATION, WaveFigures
from evaluation.variables import AGREE, AGREE_AROUND, CHANGE, HARM, MEAN
from programmes.enums import Form, ProgrammeState, StepState
from programmes.models import Exercice, Programme

FORMAT = 5
WITH_SIDES = {Form.PAIR, Form.PERMANENCE, Form.RETURN}
WITH_PAIRS = {Form.PAIR, Form.RECIPROCAL}


def canonical(data: dict) -> str:
    """One text for one content: sorted keys, no space, French as it is."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Line:
    """One indicator of the release: its figure, where it comes from, and its statistical units (not published).

    `of` is what a share is a share of; `stratum` the wave of a survey figure; `whose` the units, published or not.
    """

    indicator: Indicator
    figure: Figure
    source: str = ""
    units: frozenset = frozenset()
    of: int | None = None
    stratum: str = ""
    whose: frozenset = frozenset()

    def as_dict(self, note: str = "") -> dict:
        return {
            "code": self.indicator.code,
            "title": self.indicator.title,
            "short": self.indicator.short,
            "definition": self.indicator.definition,
            "unit": self.indicator.unit,
            "section": self.indicator.section,
            "words": list(self.indicator.words),
            "audiences": list(self.indicator.audiences),
            "label": self.figure.label,
            "lo": self.figure.lo,
            "hi": self.figure.hi,
            "of": self.of,
            "source": self.source,
            "note": note,
        }


@dataclass
class Lines:
    """All that a release publishes: the lines of the catalogue, the waves of the exercice, and those of other publics."""

    catalogue: list[Line]
    waves: list[WaveFigures]
    around: list[WaveFigures] = field(default_factory=list)
    spans: list[tuple[str, Line]] = field(default_factory=list)


def lines(exercice: Exercice) -> Lines:
    """The whole catalogue for this exercice, after the rules, in its fixed order, and the waves closed during it."""
    imported = {row.indicator: row for row in exercice.imported_figures.all()}
    programme = exercice.programme
    if programme.state == ProgrammeState.REFERENCE:
        sheet = [indicator for indicator in CATALOGUE if not indicator.words]
        return Lines([_line(indicator, programme, imported, {}) for indicator in sheet], [])
    counted, waves = collect(exercice), survey_figures.collect(exercice)
    words = catalogue(sides=bool(set(programme.forms) & WITH_SIDES))
    words += PAST if past.concerns(exercice) else ()
    words += COLLECTIVE if collective_figures.concerns(exercice) else ()
    words += SUPPORT
    made = [_line(indicator, programme, imported, counted) for indicator in words]
    _participation(made, waves)
    return Lines(_protect_totals(made), waves, survey_figures.collect_around(exercice), _spans(exercice))


def _spans(exercice: Exercice) -> list[tuple[str, Line]]:
    """Meetings by month or quarter, beside the total they add up to."""
    if not set(exercice.programme.forms) & WITH_PAIRS or exercice.imported_figures.filter(indicator="E02").exists():
        return []
    return [
        (span.label, Line(BY_CODE["E02"], span.figure, units=span.count.units, stratum=span.stratum))
        for span in rhythm.collect(exercice)
    ]


def _participation(made: list[Line], waves: list[WaveFigures]) -> None:
    """The participation of the first page is that of one wave, under the same stratum as in that wave."""
    wave = survey_figures.latest(waves)
    line = next(line for line in made if line.indicator.code == PARTICIPATION)
    if wave and not line.source:
        one = wave.participation
        line.figure, line.of, line.stratum = one.figure, one.of, one.stratum


def _line(indicator: Indicator, programme: Programme, imported: dict, counted: dict[str, Count | str]) -> Line:
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
    if not isinstance(count, Count):
        return Line(indicator, Figure.said(count))
    figure = rules.disclose(indicator.kind, count.value, count.basis)
    if not figure.is_value:
        return Line(indicator, figure, whose=count.units)
    return Line(
        indicator,
        figure,
        units=count.units,
        whose=count.units,
        of=count.basis.units if indicator.kind in rules.BANDED or indicator.code in SHARES else None,
    )


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
    minutes = row.value * 60 if indicator.kind in rules.IN_HOURS else row.value
    return rules.disclose(indicator.kind, minutes, basis)


def _applies(indicator: Indicator, programme: Programme) -> bool:
    forms = set(programme.forms)
    if indicator.code in NEED_SIDES | NEED_LETTERS and not forms & WITH_SIDES:
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


def build(exercice: Exercice, made: Lines) -> dict:
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
        "figures": [line.as_dict(_note(line, reference)) for line in made.catalogue],
        "charter": "" if reference else frame.charter_line(exercice),
        "deviations": [] if reference else frame.deviations(exercice),
        "promises": [] if reference else promises.promises(exercice),
        "problems": [] if reference else support_figures.answers(exercice),
        "anchors": [] if reference else promises.anchors(exercice),
        "spans": [{"name": name, **line.as_dict()} for name, line in made.spans],
        "waves": [wave.content for wave in made.waves],
        "around": [wave.content for wave in made.around],
        "talks": [] if reference else survey_figures.talks(exercice),
        "methods": {
            "agree": AGREE,
            "harm": HARM,
            "mean": MEAN,
            "around": AGREE_AROUND,
            "change": CHANGE,
            "not_the_same": texts.NOT_THE_SAME_PEOPLE,
        },
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
        figures = PublishedFigure.objects.filter(release=release, stratum="", indicator__in=("E01", "E02"))
        cells = {f.indicator: {"label": f.label, "lo": f.lo, "hi": f.hi} for f in figures}
        rows.append({"name": earlier.name, "figures": cells})
    return rows


def _facts(programme: Programme):
    return ReferenceFact.objects.filter(programme=programme).values("heading", "text", "source")
