"""Hard exclusions between two people. One sentence for all of them (decision 15, field R13).

Hierarchy, same team, an earlier ended pair and a private wish are told apart by nobody: the référent reads the same
words whatever the rule and the side.
"""

from pairing.models import Pair
from portal import clock
from portal.models import Affiliation
from programmes.models import Participation
from programmes.services import avoid

REFUSAL = "Ce rapprochement n’est pas possible."


def compatible(one: Participation, other: Participation) -> bool:
    """Whether the rules let these two meet."""
    return not (
        one.person_id == other.person_id
        or _hierarchy(one, other)
        or _same_team(one, other)
        or _avoided(one, other)
        or _together_before(one, other)
    )


def _affiliations(*participations: Participation) -> dict[int, Affiliation]:
    people = [participation.person_id for participation in participations]
    rows = Affiliation.objects.on(clock.now().date()).filter(person__in=people).select_related("unit__parent")
    return {row.person_id: row for row in rows}


def _hierarchy(one: Participation, other: Participation) -> bool:
    links = _affiliations(one, other)
    return any(
        link.manager_id in (one.person_id, other.person_id) for link in links.values() if link.manager_id is not None
    )


def _same_team(one: Participation, other: Participation) -> bool:
    if not one.programme.exclude_same_team:
        return False
    links = _affiliations(one, other)
    units = [links[p.person_id].unit_id if p.person_id in links else None for p in (one, other)]
    return units[0] is not None and units[0] == units[1]


def _avoided(one: Participation, other: Participation) -> bool:
    wishes = avoid.targets_of([one.person_id, other.person_id])
    if not wishes:
        return False
    links = _affiliations(one, other)

    def named(owner: Participation, about: Participation) -> bool:
        unit = links[about.person_id].unit if about.person_id in links else None
        units = {unit.pk, unit.parent_id, unit.parent and unit.parent.parent_id} if unit else set()
        return owner.person_id in wishes and wishes[owner.person_id].name(about.person_id, units)

    return named(one, other) or named(other, one)


def _together_before(one: Participation, other: Participation) -> bool:
    return Pair.objects.filter(members__person=one.person_id).filter(members__person=other.person_id).exists()
