"""The people of the demonstration, read from fixtures/demo/people.json (first name, role, employer)."""

import json
from dataclasses import dataclass
from functools import cache

from django.conf import settings

PEOPLE_FILE = settings.BASE_DIR / "fixtures/demo/people.json"


@dataclass(frozen=True)
class DemoPerson:
    """`personne` is what the entry form posts; `role` is a sentence."""

    personne: str
    name: str
    role: str


@dataclass(frozen=True)
class DemoEmployer:
    """`employer` is its name, as shown."""

    employer: str
    people: tuple[DemoPerson, ...]
    slug: str


@cache
def people() -> tuple[DemoEmployer, ...]:
    """Employers of the demonstration with the people one may enter as; empty when the file is not there."""
    if not PEOPLE_FILE.exists():
        return ()
    rows = json.loads(PEOPLE_FILE.read_text(encoding="utf-8"))
    return tuple(
        DemoEmployer(
            row["name"],
            tuple(DemoPerson(person["personne"], person["name"], person["role"]) for person in row["people"]),
            row["employer"],
        )
        for row in rows
    )
