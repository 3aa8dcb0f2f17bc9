"""Hard exclusions between people. One sentence for all of them (decision 15, field R13).

Hierarchy, same team, an earlier pair and a private wish are told apart by nobody: the référent reads the same words
whatever the rule and the side. `Exclusions` is the one place that knows them: a proposal by hand asks it about two
people, the matching reads it for everybody at once.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from pairing.enums import PairState
from pairing.models import PairMember
from portal import clock
from portal.models import Affiliation
from programmes.models import Participation
from programmes.services import avoid

REFUSAL = "Ce rapprochement n’est pas possible."
# A proposal whose delay passed is no refusal: for so long it may go on, and counts in its favour.
CONTINUITY_DAYS = 214


class Workplace(NamedTuple):
    """Where somebody works today, as keys: three levels of units, and who manages."""

    team: int | None
    service: int | None
    direction: int | None
    manager: int | None


class Exclusions:
    """What keeps these people (keys) apart, read in a constant number of queries."""

    def __init__(self, people: Iterable[int], *, same_team: bool) -> None:
        self.people = frozenset(people)
        self.same_team = same_team
        rows = Affiliation.objects.in_force().filter(person__in=self.people)
        columns = ("person_id", "unit_id", "unit__parent_id", "unit__parent__parent_id", "manager_id")
        self.affiliations = {person: Workplace(*row) for person, *row in rows.values_list(*columns)}
        self.wishes = avoid.targets_of(self.people)
        self.together, self.continued = self._earlier_pairs()

    def unit(self, person: int) -> tuple[int, int]:
        """The team somebody works in and what it is in; 0 is unknown."""
        link = self.affiliations.get(person)
        return (link.team, link.service or 0) if link and link.team else (0, 0)

    def _units_above(self, person: int) -> set[int]:
        """The team somebody works in and what it is in, up to the direction."""
        link = self.affiliations.get(person)
        return {link.team, link.service, link.direction} - {None} if link else set()

    @cached_property
    def pairs(self) -> set[tuple[int, int]]:
        """People apart whatever their team, smaller key first: nothing says why."""
        links = {(person, link.manager) for person, link in self.affiliations.items() if link.manager}
        inside: dict[int, list[int]] = {}
        for person in self.people:
            for unit in self._units_above(person):
                inside.setdefault(unit, []).append(person)
        for owner, targets in self.wishes.items():
            links |= {(owner, person) for person in targets.people}
            links |= {(owner, person) for unit in targets.units for person in inside.get(unit, ())}
        return self.together | {
            _ordered(one, other) for one, other in links if one != other and {one, other} <= self.people
        }

    def apart(self, one: int, other: int) -> bool:
        """Whether these two must not be put together."""
        team, others = self.unit(one)[0], self.unit(other)[0]
        return one == other or _ordered(one, other) in self.pairs or (self.same_team and team != 0 and team == others)

    def _earlier_pairs(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Who was put together before, and who only let a delay pass, not long ago."""
        seats = PairMember.objects.filter(person__in=self.people).values_list(
            "pair_id", "person_id", "pair__late", "pair__state", "pair__proposed_at"
        )
        pairs: dict[int, list] = {}
        for pair, person, late, state, proposed_at in seats.order_by("pk"):
            passed = late and state == PairState.LAPSED
            pairs.setdefault(pair, [passed, proposed_at, []])[2].append(person)
        limit = clock.now() - clock.dt.timedelta(days=CONTINUITY_DAYS)
        together, continued = set(), set()
        for passed, proposed_at, members in pairs.values():
            couples = {_ordered(*two) for two in combinations(members, 2)}
            if not passed:
                together |= couples
            elif proposed_at > limit:
                continued |= couples
        return together, continued - together


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one <= other else (other, one)


def compatible(*rows: Participation) -> bool:
    """Whether the rules let all of these meet, two by two."""
    people = [row.person_id for row in rows]
    if None in people:
        return False
    rules = Exclusions(people, same_team=rows[0].programme.exclude_same_team)
    return not any(rules.apart(*two) for two in combinations(people, 2))
