"""Questionnaires are data: fixtures/texts/questionnaires.json, loaded as versions that never change (domain.md i.3).

Every question is optional. A question with a `side` is asked of that side only, and only when it has enough invitations.
Free answers are asked in a wave that has two named readers, and in no other (field R5).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction

from evaluation.enums import Moment, Public
from evaluation.models import Questionnaire, Wave
from programmes.enums import QuestionnaireSet

SOURCE = settings.BASE_DIR / "fixtures/texts/questionnaires.json"
AGREE, SEVERAL, ONE, NOTE, TEXT = "agree", "several", "one", "note", "text"
AGREEMENT = (
    ("1", "Pas du tout d’accord"),
    ("2", "Plutôt pas d’accord"),
    ("3", "Ni l’un ni l’autre"),
    ("4", "Plutôt d’accord"),
    ("5", "Tout à fait d’accord"),
)
PREFERS_NOT, NOT_CONCERNED = "nsp", "nc"
NO_ANSWER = ((PREFERS_NOT, "Je préfère ne pas répondre"), (NOT_CONCERNED, "Non concerné"))
# Said, and counted as an answer given, but they say nothing about anything: never kept (domain.md i.2: missing).
NO_VALUE = frozenset({PREFERS_NOT, NOT_CONCERNED})
MIN_SIDE = 7
OWN_SECTION = "Les questions de votre programme"


@dataclass(frozen=True)
class Item:
    """One question. `alone` are the options that exclude the others; `most` is how many may be ticked.

    `condition` says whom it concerns: the others leave it, or tick « non concerné ».
    """

    code: str
    text: str
    kind: str
    section: str
    side: str = ""
    reverse: bool = False
    condition: str = ""
    options: tuple = ()
    alone: tuple = ()
    most: int = 0

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be ticked: (value kept, words)."""
        if self.kind == AGREE:
            return [*AGREEMENT, *NO_ANSWER]
        if self.kind == NOTE:
            return [*((str(n), str(n)) for n in range(11)), NO_ANSWER[0]]
        return [(code, label[:1].upper() + label[1:]) for code, label in self.options]


def load() -> dict[tuple[str, str], Questionnaire]:
    """All the questionnaires of the file, by public and moment."""
    return {key: latest(moment=key[1], public=key[0]) for key in _rows()}


def latest(*, moment: str, public: str = Public.PARTICIPANTS) -> Questionnaire:
    """The one in use for this public at this moment, written if it is new. Changing a version is refused."""
    row = _rows()[str(public), str(moment)]
    return _write(code=row["code"], number=row["number"], title=row["title"], items=_expanded(row))


def read(*, moment: str, public: str = Public.PARTICIPANTS) -> Questionnaire:
    """The same to look at: nothing is written."""
    row = _rows()[str(public), str(moment)]
    return Questionnaire(code=row["code"], number=row["number"], title=row["title"], items=_expanded(row))


def moments_of(public: str) -> tuple[str, ...]:
    """The moments at which this public is asked, in their order."""
    return tuple(moment for moment in Moment.values if (str(public), moment) in _rows())


def band() -> str:
    """What the head of every questionnaire says."""
    return _source()["band"]


def items_of(questionnaire: Questionnaire) -> list[Item]:
    return [Item(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}) for row in questionnaire.items]


def items_in(wave: Wave) -> list[Item]:
    """Everything this wave asks, in order: its questionnaire and the programme's own questions, as frozen at opening."""
    own = [Item(code, text, AGREE, OWN_SECTION) for code, text in wave.own]
    return [item for item in [*items_of(wave.questionnaire), *own] if item.code in wave.plan]


def of_side(wave: Wave, side: str) -> list[Item]:
    """What somebody of this side is asked, in order."""
    return [item for item in items_in(wave) if item.side in ("", side)]


def asked(
    questionnaire: Questionnaire,
    invited: Mapping[str, int],
    which: str = QuestionnaireSet.FULL,
    *,
    texts: bool = False,
    own: tuple[str, ...] = (),
) -> dict[str, set[str]]:
    """{question: sides it is asked of} for these invitations by side (decision 30); the core alone has the TC items."""
    sides = {side for side, number in invited.items() if number}
    questions = {}
    for item in items_of(questionnaire):
        if which == QuestionnaireSet.CORE and not item.code.startswith("TC") or item.kind == TEXT and not texts:
            continue
        if not item.side:
            questions[item.code] = sides
        elif invited.get(item.side, 0) >= MIN_SIDE:
            questions[item.code] = {item.side}
    return questions | dict.fromkeys(own, sides)


def in_words(item: Item, given: object) -> str:
    """An answer as it was ticked, for the copy that its author keeps; "" for nothing."""
    if item.kind == TEXT:
        return str(given or "").strip()
    ticked = given if isinstance(given, list) else [given]
    return ", ".join(label for code, label in item.choices if code in ticked)


@cache
def _source() -> dict:
    return json.loads(SOURCE.read_text(encoding="utf-8"))


def _rows() -> dict[tuple[str, str], dict]:
    return {(row["public"], row["moment"]): row for row in _source()["questionnaires"]}


def _expanded(row: dict) -> list[dict]:
    """The list of questions of a version: words of the bank, under the section and for the side of this questionnaire."""
    bank = _source()["items"]
    return [
        {"code": code, **bank[code], "section": part["section"], **({"side": part["side"]} if "side" in part else {})}
        for part in row["parts"]
        for code in part["items"]
    ]


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
