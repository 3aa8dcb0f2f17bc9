"""Templates of programmes: fixtures/texts/programme_templates.json, one entry per ProgrammeTemplate (field.md 1, R23)."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from programmes.enums import ProgrammeTemplate

SOURCE = settings.BASE_DIR / "fixtures/texts/programme_templates.json"


@dataclass(frozen=True)
class Template:
    """`settings`: fields of Programme. `weeks`: (first, last) week of each of the six steps, counted from the start, 0 first."""

    code: str
    title: str
    text: str
    settings: dict
    weeks: tuple[tuple[int, int], ...]

    @property
    def essential_only(self) -> bool:
        """A pilot is passed with its sixteen essential lines alone."""
        return self.code == ProgrammeTemplate.PILOT


@lru_cache(maxsize=1)
def every() -> tuple[Template, ...]:
    """All templates, in the order of the enumeration."""
    rows = json.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        Template(**{**rows[code], "code": code, "weeks": tuple(map(tuple, rows[code]["weeks"]))})
        for code in ProgrammeTemplate.values
    )


def get(code: str) -> Template:
    """The template called `code`; raises KeyError."""
    return {template.code: template for template in every()}[code]
