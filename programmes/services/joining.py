"""The inscription, step by step: a sealed draft that only its owner reads, for a week, then `participation.join`.

Answers are kept as they were typed, complete or not, so that going back loses nothing; they are checked when they are
sent. What arrives after the session ended is kept aside, and shown once the same person has signed in.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from portal import clock
from portal.models import Person, Unit
from programmes.models import JoinDraft, Participation, Programme
from programmes.services import avoid, participation

DAYS = 7
Answers = dict[str, list[str]]


@dataclass
class Content:
    """What a draft holds: by step, what was typed; `done`: the steps that were complete when left."""

    steps: dict[str, Answers] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    late_step: str = ""
    late: Answers = field(default_factory=dict)

    def of(self, step: str) -> Answers | None:
        """What to show on a step: what came too late first, then what was kept."""
        return self.late if step == self.late_step else self.steps.get(step)

    def value(self, step: str, name: str) -> str:
        return (self.steps.get(step, {}).get(name) or [""])[-1]


def find(person: Person, programme: Programme) -> JoinDraft | None:
    since = clock.now() - dt.timedelta(days=DAYS)
    return JoinDraft.objects.filter(person=person, programme=programme, changed_at__gt=since).first()


def read(draft: JoinDraft | None) -> Content:
    """Empty without a draft."""
    if draft is None:
        return Content()
    content = Content(**json.loads(draft.content.open(draft.ref) or "{}"))
    late = json.loads(draft.late.open(draft.ref) or "{}")
    content.late_step, content.late = late.get("step", ""), late.get("answers", {})
    return content


@transaction.atomic
def keep(*, person: Person, programme: Programme, step: str, answers: Answers, done: bool) -> Content:
    """One step as it was typed; a week begins again. What came late for it is replaced."""
    draft = _fresh(person, programme)
    content = read(draft)
    if step == "cote" and content.steps.get(step) != answers:
        # What is promised and asked depends on the side.
        content.done = [name for name in content.done if name != "information"]
    content.steps[step] = answers
    content.done = [name for name in content.done if name != step] + ([step] if done else [])
    draft.content = json.dumps({"steps": content.steps, "done": content.done}, ensure_ascii=False)
    if content.late_step == step:
        draft.late = content.late_step = ""
    draft.changed_at = clock.now()
    draft.save()
    return content


@transaction.atomic
def keep_late(*, person: Person, programme: Programme, step: str, answers: Answers) -> None:
    """A page sent after the session ended: beside what was kept, never over it."""
    draft = _fresh(person, programme)
    draft.late = json.dumps({"step": step, "answers": answers}, ensure_ascii=False)
    draft.changed_at = clock.now()
    draft.save()


def _fresh(person: Person, programme: Programme) -> JoinDraft:
    """The draft, begun if there is none; one that is too old is begun again."""
    if find(person, programme) is None:
        drop(person=person, programme=programme)
    return JoinDraft.objects.get_or_create(person=person, programme=programme)[0]


def drop(*, person: Person, programme: Programme) -> None:
    JoinDraft.objects.filter(person=person, programme=programme).delete()


def purge() -> int:
    """RETENTION: a week after the last change."""
    return JoinDraft.objects.filter(changed_at__lte=clock.now() - dt.timedelta(days=DAYS)).delete()[0]


@transaction.atomic
def send(
    *,
    programme: Programme,
    person: Person,
    side: str,
    receipt: UUID,
    people: Iterable[Person] = (),
    units: Iterable[Unit] = (),
    lived_used: bool = False,
    **wishes,
) -> Participation:
    """The draft becomes a participation. Raises DomainError."""
    if not lived_used:
        wishes["lived"] = []
    if not wishes.get("free_text"):
        wishes["readers"] = []
    if not wishes.get("presentation"):
        wishes["presentation_published"] = False
    row = participation.join(programme=programme, person=person, side=side, receipt=receipt, **wishes)
    # A presentation taken back since then was no longer among the choices: it does not stop the inscription.
    avoid.add_all(owner=person, people=people, units=units)
    drop(person=person, programme=programme)
    return row
