"""Questionnaires are data: fixtures/texts/questionnaires.json, loaded as versions that never change (domain.md i.3).

Every question is optional. A question with a `side` is asked of that side only, and only when it has enough invitations.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction

from evaluation.models import Questionnaire, Wave
from programmes.enums import QuestionnaireSet

SOURCE = settings.BASE_DIR / "fixtures/texts/questionnaires.json"
AGREE, SEVERAL, ONE, NOTE = "agree", "several", "one", "note"
AGREEMENT = (
    ("1", "Pas du tout d’accord"),
    ("2", "Plutôt pas d’accord"),
    ("3", "Ni l’un ni l’autre"),
    ("4", "Plutôt d’accord"),
    ("5", "Tout à fait d’accord"),
)
PREFERS_NOT, NOT_CONCERNED = "nsp", "nc"
# Said, and counted as an answer given, but they say nothing about anything: never kept (domain.md i.2: missing).
NO_VALUE = frozenset({PREFERS_NOT, NOT_CONCERNED})
MIN_SIDE = 7


@dataclass(frozen=True)
class Item:
    """One question. `alone` are the options that exclude the others; `most` is how many may be ticked."""

    code: str
    text: str
    kind: str
    section: str
    side: str = ""
    reverse: bool = False
    options: tuple = ()
    alone: tuple = ()
    most: int = 0


def load() -> dict[str, Questionnaire]:
    """The questionnaires of the file, by moment, written if they are new. Changing a version is refused."""
    return {
        row["moment"]: _write(**{k: v for k, v in row.items() if k != "moment"}) for row in _source()["questionnaires"]
    }


def band() -> str:
    """What the head of every questionnaire says."""
    return _source()["band"]


def items_of(questionnaire: Questionnaire) -> list[Item]:
    return [Item(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}) for row in questionnaire.items]


def asked(
    questionnaire: Questionnaire, invited: Mapping[str, int], which: str = QuestionnaireSet.FULL
) -> dict[str, set[str]]:
    """{question: sides it is asked of} for these invitations by side (decision 30); the core alone has the TC items."""
    sides = {side for side, number in invited.items() if number}
    questions = {}
    for item in items_of(questionnaire):
        if which == QuestionnaireSet.CORE and not item.code.startswith("TC"):
            continue
        if not item.side:
            questions[item.code] = sides
        elif invited.get(item.side, 0) >= MIN_SIDE:
            questions[item.code] = {item.side}
    return questions


def of_side(wave: Wave, side: str) -> list[Item]:
    """What somebody of this side is asked, in order: the plan frozen at opening says which questions there are."""
    return [i for i in items_of(wave.questionnaire) if i.code in wave.plan and i.side in ("", side)]


@cache
def _source() -> dict:
    return json.loads(SOURCE.read_text(encoding="utf-8"))


@transaction.atomic
def _write(*, code: str, number: int, title: str, items: list[dict]) -> Questionnaire:
    canonical = json.dumps(items, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(canonical.encode()).hexdigest()
    row, _ = Questionnaire.objects.get_or_create(
        code=code, number=number, defaults={"title": title, "items": items, "sha256": sha256}
    )
    if row.sha256 != sha256:
        raise ValueError(f"{row} has changed: give the new text a new number")
    return row
