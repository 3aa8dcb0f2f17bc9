"""« Mes repères »: where somebody places themself on six skills, before and after training (domain.md g).

For them alone: sealed, in no list, no figure, no mail, no journal; they change or erase it whenever they want.
"""

from django.db import transaction

from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Person
from programmes.enums import Level, Side, Skill, TrainingMoment
from programmes.models import Participation, SelfPositioning


def read(participation: Participation) -> dict[str, dict[str, int]]:
    """By moment, the level of each skill that was answered."""
    return {row.moment: _levels(row) for row in participation.self_positionings.all()}


def _levels(row: SelfPositioning) -> dict[str, int]:
    lines = (line.partition("=") for line in row.levels.open(row.ref).splitlines())
    found = {skill: int(level) for skill, _, level in lines if skill in Skill.values and level.isdecimal()}
    return {skill: level for skill, level in found.items() if level in Level.values}


@transaction.atomic
def keep(*, participation: Participation, moment: str, levels: dict[str, int], by: Person) -> None:
    """The six, or some of them; said again, the earlier answer of that moment is gone."""
    if participation.person_id != by.pk:
        raise Refused("Ces repères n’appartiennent qu’à la personne qui les pose.")
    if participation.side == Side.HELPED or moment not in TrainingMoment.values:
        raise DomainError("Ces repères vont avec la formation.")
    kept = {skill: level for skill, level in levels.items() if level}
    if not kept:
        raise DomainError("Cochez au moins un repère.")
    if not set(kept) <= set(Skill.values) or not set(kept.values()) <= set(Level.values):
        raise DomainError("Choisissez dans la liste.")
    text = "\n".join(f"{skill}={int(level)}" for skill, level in sorted(kept.items()))
    SelfPositioning.objects.update_or_create(
        participation=participation, moment=moment, defaults={"levels": text, "at": clock.now()}
    )


@transaction.atomic
def erase(*, participation: Participation, by: Person) -> None:
    if participation.person_id != by.pk:
        raise Refused("Ces repères n’appartiennent qu’à la personne qui les pose.")
    participation.self_positionings.all().delete()
