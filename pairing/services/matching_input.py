"""Who waits and which places are free, as the matching reads them: one load, a constant number of queries.

What is loaded is also what is kept, sealed, as the run's input (`to_text`), so that `from_text` gives the very same
problem back. Keys are those of participations. Exclusions come from services/rules.py, the one place that knows them;
once here they are bare pairs, and nothing says any more where one came from.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from django.db.models import Model, QuerySet

from pairing.access import helpers_with_a_place, waiting_for_a_pair
from pairing.matching.problem import (
    DEFAULT_WEIGHTS,
    OTHER_PLACE,
    OUTSIDE,
    OWN_PLACE,
    Criterion,
    People,
    Problem,
)
from pairing.models import CriterionWeight
from pairing.services.rules import Exclusions
from pairing.services.runs import canonical
from portal import clock
from portal.models import Affiliation, Person
from programmes.enums import Channel, ExchangeNeed, Form, Likeness, Lived, MeetingPlace, Seniority, Side, WorkSetting
from programmes.models import Participation, Programme, Theme

FORMAT = 3
_COLUMNS = (
    *("pk", "person_id", "waiting_since", "places", "channels", "slots", "variable_hours"),
    *("setting", "lived", "seniority", "likeness", "meeting_place", "exchange_needs"),
    *("any_site", "travels"),
)
# What can be arranged for any exchange; the others depend on the person met.
_ARRANGED = ("captions", "step_free", "quiet", "pauses", "plain", "third")


@dataclass(frozen=True)
class Loaded:
    """A problem and what its bits mean: themes and sites have no number of their own."""

    problem: Problem
    themes: tuple[str, ...]
    sites: tuple[int, ...] = ()


def weights_of(programme: Programme) -> dict[Criterion, int]:
    """How much each criterion counts in this programme; the sites are none where it has no sites."""
    own = dict(CriterionWeight.objects.filter(programme=programme).values_list("code", "weight"))
    used = set(Criterion) if programme.sites.exists() else set(Criterion) - {Criterion.SITE}
    return {
        criterion: own.get(criterion.value, default)
        for criterion, default in DEFAULT_WEIGHTS.items()
        if criterion in used
    }


# --- Load -------------------------------------------------------------------------------------------------------------
def load(
    programme: Programme, form: Form, *, without: Person | None = None, about: Participation | None = None
) -> Loaded:
    """Everybody who waits and every free place. `without`: who launches the run is never in it (decision 17).

    `about`: the one person somebody is looked for, whether or not they have said yet that they look again.
    """
    looking = Side.PEER if form == Form.RECIPROCAL else Side.HELPED
    waiting = waiting_for_a_pair(programme, looking)
    if about and form == Form.RECIPROCAL:
        waiting = waiting | _only(about)
    elif about:
        waiting = _only(about)
    sides = [waiting] if form == Form.RECIPROCAL else [waiting, helpers_with_a_place(programme)]
    rows = [_rows(side.exclude(person=without) if without else side) for side in sides]
    people = [row["person_id"] for side in rows for row in side]
    exclusions = Exclusions(people, same_team=programme.exclude_same_team)
    themes = tuple(Theme.objects.values_list("pk", flat=True))
    sites = tuple(programme.sites.order_by("pk").values_list("pk", flat=True))
    read = _Reader(exclusions, themes, sites, [row["pk"] for side in rows for row in side], _levels(people))
    return Loaded(_problem([read.people(side) for side in rows], exclusions, weights_of(programme)), themes, sites)


def _only(about: Participation) -> QuerySet:
    free = Participation.objects.filter(pk=about.pk, state="accepted", person__isnull=False)
    return free.exclude(memberships__live=True)


def _rows(side: QuerySet) -> list[dict]:
    extra = [name for name in ("taken", "ahead") if name in side.query.annotations]
    return list(side.order_by("pk").values(*_COLUMNS, *extra))


def _levels(people: Iterable[int]) -> dict[int, int]:
    """1: close to the field; 2: leads a team today; 3: leads people who lead. Two queries."""
    today = Affiliation.objects.in_force()
    led = list(today.filter(manager__in=list(people)).values_list("manager_id", "person_id"))
    leaders = set(today.filter(manager__in=[person for _, person in led]).values_list("manager_id", flat=True))
    levels: dict[int, int] = {}
    for manager, person in led:
        levels[manager] = max(levels.get(manager, 2), 3 if person in leaders else 2)
    return levels


# Bits of the masks. The lists are read once: `.values` builds one at each call.
_CHANNELS, _SETTINGS, _LIVED, _NEEDS = [
    {value: 1 << bit for bit, value in enumerate(choices.values)}
    for choices in (Channel, WorkSetting, Lived, ExchangeNeed)
]
_SENIORITY = {"": 0, **{value: band for band, value in enumerate(Seniority.values, start=1)}}
_PLACES = {"": 0, MeetingPlace.MY_SITE: OWN_PLACE, MeetingPlace.OTHER_SITE: OTHER_PLACE, MeetingPlace.OUTSIDE: OUTSIDE}
_ALL_SETTINGS = (1 << len(_SETTINGS)) - 1


def _mask(values: Iterable[str], bits: Mapping[str, int]) -> int:
    return sum(bits.get(value, 0) for value in set(values))


def _masks(through: type[Model], column: str, values: tuple, keys: list[int]) -> dict[int, int]:
    """For each participation, the mask of what it is linked to; without `values`, nothing is read."""
    if not values:
        return {}
    bits = {value: 1 << number for number, value in enumerate(values)}
    masks: dict[int, int] = {}
    for key, value in through.objects.filter(participation__in=keys).values_list("participation_id", column):
        masks[key] = masks.get(key, 0) | bits[value]
    return masks


class _Reader:
    """Turns rows of participations into columns."""

    def __init__(
        self,
        exclusions: Exclusions,
        themes: tuple[str, ...],
        sites: tuple[int, ...],
        keys: list[int],
        levels: dict[int, int],
    ) -> None:
        self.exclusions, self.levels = exclusions, levels
        self.themes = _masks(Participation.themes.through, "theme_id", themes, keys)
        self.sites = _masks(Participation.sites.through, "site_id", sites, keys)
        self.every_site = (1 << len(sites)) - 1

    def people(self, rows: list[dict]) -> People:
        now = clock.now()
        columns: dict[str, list] = {column.name: [] for column in fields(People)}
        for row in rows:
            for name, value in self._columns(row, now).items():
                columns[name].append(value)
        return People.of(columns.pop("key"), **columns)

    def _columns(self, row: dict, now) -> dict:
        person = row["person_id"]
        unit, parent = self.exclusions.unit(person)
        setting = _SETTINGS.get(row["setting"], 0)
        alike = {Likeness.ALIKE: setting, Likeness.DIFFERENT: setting << len(_SETTINGS)}
        others = _ALL_SETTINGS & ~setting if setting else 0
        needs = _mask(row["exchange_needs"], _NEEDS)
        writes = [ExchangeNeed.WRITTEN] if Channel.WRITING in row["channels"] else []
        return {
            "key": row["pk"],
            "waiting_days": max(0, (now - row["waiting_since"]).days)
            if row["waiting_since"] and "taken" not in row
            else 0,
            "ahead": row.get("ahead", False),
            "places": row["places"] - row["taken"] if "taken" in row else 1,
            "person": person,
            "unit": unit,
            "unit_parent": parent,
            "themes": self.themes.get(row["pk"], 0),
            "channels": _mask(row["channels"], _CHANNELS),
            "slots": row["slots"],
            "variable_hours": row["variable_hours"],
            "place": _PLACES[row["meeting_place"]],
            "sites": self.every_site if row["any_site"] else self.sites.get(row["pk"], 0),
            "travels": row["travels"],
            "setting": setting,
            "lived": _mask(row["lived"], _LIVED),
            "seniority": _SENIORITY[row["seniority"]],
            "level": self.levels.get(person, 1) if person in self.exclusions.affiliations else 0,
            "traits": setting | others << len(_SETTINGS),
            "wants": alike.get(row["likeness"], 0),
            "exchange_needs": needs,
            "exchange_offers": needs | _mask([*_ARRANGED, *writes], _NEEDS),
        }


def _problem(sides: list[People], exclusions: Exclusions, weights: Mapping[Criterion, int]) -> Problem:
    one, other = sides[0], sides[-1]
    rows = [{person: row for row, person in enumerate(side.person.tolist())} for side in (one, other)]

    def both_ways(pairs: Iterable[tuple[int, int]]) -> np.ndarray:
        found = [
            (rows[0][a], rows[1][b])
            for couple in pairs
            for a, b in (couple, couple[::-1])
            if a in rows[0] and b in rows[1]
        ]
        return np.array(sorted(found), dtype=np.int32).reshape(-1, 2)

    settings = {
        "forbidden": both_ways(exclusions.pairs),
        "continuity": both_ways(exclusions.continued),
        "exclude_same_team": exclusions.same_team,
        "weights": weights,
    }
    if len(sides) == 1:
        return Problem.peers(one, **settings)
    return Problem(one, other, **settings)


# --- Kept, and read again ---------------------------------------------------------------------------------------------
_PAIRS = ("forbidden", "continuity")


def _columns_of(people: People) -> dict:
    return {column.name: getattr(people, column.name).tolist() for column in fields(people)}


def to_text(loaded: Loaded, *, mode: str, seed: int, locked: Iterable[tuple[int, ...]] = ()) -> str:
    """The run's whole input as canonical JSON. The salt makes two hashes of equal inputs differ: a hash tells nothing."""
    problem = loaded.problem
    return canonical(
        {
            "format": FORMAT,
            "salt": secrets.token_hex(16),
            "mode": mode,
            "seed": seed,
            "locked": sorted(locked),
            "themes": loaded.themes,
            "sites": loaded.sites,
            "reciprocal": problem.reciprocal,
            "exclude_same_team": problem.exclude_same_team,
            "weights": {criterion.value: weight for criterion, weight in problem.weights.items()},
            "helped": _columns_of(problem.helped),
            "helpers": None if problem.reciprocal else _columns_of(problem.helpers),
            **{name: getattr(problem, name).tolist() for name in _PAIRS},
        }
    )


def from_text(text: str) -> tuple[Loaded, list[tuple[int, ...]]]:
    """The problem a run read, and what was locked."""
    held = json.loads(text)
    settings = {name: held[name] for name in _PAIRS} | {
        "exclude_same_team": held["exclude_same_team"],
        "weights": {Criterion(code): weight for code, weight in held["weights"].items()},
    }
    sides = [People.of(side.pop("key"), **side) for side in (held["helped"], held["helpers"]) if side]
    problem = Problem.peers(sides[0], **settings) if held["reciprocal"] else Problem(*sides, **settings)
    loaded = Loaded(problem, tuple(held["themes"]), tuple(held["sites"]))
    return loaded, [tuple(kept) for kept in held["locked"]]
