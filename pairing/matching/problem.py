"""What a run of pairing knows: two sides as columns, what is forbidden, and what each criterion weighs.

People are rows of numpy arrays in canonical order (increasing `key`), so that the same people give the same run in
whatever order they were read. All sets are bit masks. Zero always means "not said", which never counts against anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

MAX_PLACES = 5
POINTS = 1000  # what a perfect pair is worth, all criteria together

# Bits of `People.channels`.
IN_PERSON, VIDEO, PHONE, WRITING = 1, 2, 4, 8

# `People.place`: one's own workplace, a workplace that is not one's own, no workplace.
OWN_PLACE, OTHER_PLACE, OUTSIDE = 1, 2, 3


class Criterion(StrEnum):
    """The named criteria of the score; a programme gives each a weight, 0 leaves it out."""

    THEMES = "themes"
    HOURS = "hours"
    CHANNEL = "channel"
    SITE = "site"
    PREFERENCES = "preferences"
    SETTING = "setting"
    LIVED = "lived"
    SENIORITY = "seniority"
    DISTANCE = "distance"
    EXCHANGE = "exchange"
    WAITING = "waiting"
    CONTINUITY = "continuity"


DEFAULT_WEIGHTS: Mapping[Criterion, int] = {
    Criterion.THEMES: 40,
    Criterion.HOURS: 20,
    Criterion.CHANNEL: 10,
    Criterion.SITE: 10,
    Criterion.PREFERENCES: 20,
    Criterion.SETTING: 5,
    Criterion.LIVED: 10,
    Criterion.SENIORITY: 5,
    Criterion.DISTANCE: 10,
    Criterion.EXCHANGE: 10,
    Criterion.WAITING: 5,
    Criterion.CONTINUITY: 5,
}

_DTYPES = {
    "key": np.int64,
    "waiting_days": np.int32,
    "ahead": np.bool_,
    "places": np.int16,
    "person": np.int64,
    "unit": np.int32,
    "unit_parent": np.int32,
    "themes": np.uint64,
    "channels": np.uint8,
    "slots": np.uint64,
    "variable_hours": np.bool_,
    "place": np.int8,
    "sites": np.uint64,
    "travels": np.bool_,
    "setting": np.uint64,
    "lived": np.uint64,
    "seniority": np.int8,
    "level": np.int8,
    "traits": np.uint64,
    "wants": np.uint64,
    "exchange_needs": np.uint64,
    "exchange_offers": np.uint64,
}


class ProblemError(ValueError):
    """The caller built an impossible problem (a mistake in code, never a sentence for a user)."""


@dataclass(frozen=True, eq=False)
class People:
    """One side. Every column has shape (n,); build with `People.of`, which fills in, converts, checks and sorts."""

    key: np.ndarray  # int64, unique: the stable identity (participation pk); fixes the canonical order
    waiting_days: np.ndarray  # int32 ≥ 0: whole days of waiting; decides who is paired when not everybody can be
    ahead: np.ndarray  # bool: before everybody who is not, whatever the waiting (a lapse, a place lost to a race)
    places: np.ndarray  # int16 0..5: pairs this person can still enter; the helped have 0 or 1
    person: np.ndarray  # int64: the same number on both sides is the same human, never paired with oneself
    unit: np.ndarray  # int32: team, 0 unknown
    unit_parent: np.ndarray  # int32: what the team is in, 0 unknown
    themes: np.ndarray  # uint64 mask: themes asked for, or offered
    channels: np.ndarray  # uint8 mask of IN_PERSON | VIDEO | PHONE | WRITING
    slots: np.ndarray  # uint64 mask of weekly slots
    variable_hours: np.ndarray  # bool: « horaires variables », hours are to be agreed with this person
    place: np.ndarray  # int8: where to meet in person: 0 no matter, else OWN_PLACE, OTHER_PLACE or OUTSIDE
    sites: (
        np.ndarray
    )  # uint64 mask: where they may meet in person, all bits of the programme's sites for « peu importe »
    travels: np.ndarray  # bool: goes to the other's site, whichever it is
    setting: np.ndarray  # uint64 mask: métier or work setting, ticked by the person
    lived: np.ndarray  # uint64 mask: lived experience ticked to be shared, never a pathology
    seniority: np.ndarray  # int8: 0 not ticked, 1..3 bands of years of service
    level: np.ndarray  # int8: 0 unknown, else level in the hierarchy (1 = closest to the field)
    traits: np.ndarray  # uint64 mask: what others may want
    wants: np.ndarray  # uint64 mask over the other's `traits`
    exchange_needs: np.ndarray  # uint64 mask: what makes an exchange accessible to this person
    exchange_offers: np.ndarray  # uint64 mask: what this person can do or has at hand

    @classmethod
    def of(cls, key: Iterable[int], **columns: Iterable) -> People:
        """Rows sorted by key. Missing columns: places 1, person = key, everything else 0. Raises ProblemError."""
        keys = np.asarray(list(key) if not isinstance(key, np.ndarray) else key, dtype=np.int64)
        unknown = columns.keys() - _DTYPES.keys()
        if unknown:
            raise ProblemError(f"unknown columns: {sorted(unknown)}")
        order = np.argsort(keys, kind="stable")
        made = {"key": keys[order]}
        for name, dtype in _DTYPES.items():
            if name == "key":
                continue
            if name in columns:
                given = columns[name]
                column = np.asarray(given if isinstance(given, np.ndarray) else list(given), dtype=dtype)
            elif name == "person":
                column = keys
            else:
                column = np.full(len(keys), 1 if name == "places" else 0, dtype=dtype)
            if column.shape != keys.shape:
                raise ProblemError(f"{name}: {column.shape} for {len(keys)} people")
            made[name] = np.ascontiguousarray(column[order])
        people = cls(**made)
        people._check()
        return people

    def _check(self) -> None:
        if len(self) and (self.key[1:] == self.key[:-1]).any():
            raise ProblemError("two people have the same key")
        if len(self) and (self.places.min() < 0 or self.places.max() > MAX_PLACES):
            raise ProblemError("places go from 0 to 5")
        if len(self) and self.waiting_days.min() < 0:
            raise ProblemError("nobody waits a negative time")

    def __len__(self) -> int:
        return len(self.key)

    def row_of(self, key: int) -> int:
        """The row of a key. Raises KeyError."""
        row = int(np.searchsorted(self.key, key))
        if row == len(self) or self.key[row] != key:
            raise KeyError(key)
        return row


def no_pairs() -> np.ndarray:
    return np.empty((0, 2), dtype=np.int32)


def pairs_array(pairs: Iterable[tuple[int, int]] | np.ndarray) -> np.ndarray:
    """Rows (i, j) as an int32 array of shape (k, 2)."""
    array = np.asarray(pairs if isinstance(pairs, np.ndarray) else list(pairs), dtype=np.int32)
    return array.reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Problem:
    """Who could be paired with whom. `helped` are the rows i, `helpers` the columns j.

    For « entre pairs » use `Problem.peers`: one population on both sides, `reciprocal` true, everything symmetric.

    Excluded pairs (never proposed, whatever the score) are the union of: the same person on both sides; the explicit
    `forbidden` pairs; the same team when `exclude_same_team`; units avoided by either side. Nothing here tells a rule
    from a private wish, and nothing that reads this may (decision 15).
    Impossible pairs are those without a common channel or, when both said their hours, without a common slot.
    """

    helped: People
    helpers: People
    forbidden: np.ndarray = field(default_factory=no_pairs)  # int32 (k, 2): row of helped, row of helpers
    exclude_same_team: bool = True
    helped_avoid_units: np.ndarray = field(default_factory=no_pairs)  # int32 (k, 2): row of helped, unit or parent
    helpers_avoid_units: np.ndarray = field(default_factory=no_pairs)  # int32 (k, 2): row of helpers, unit or parent
    continuity: np.ndarray = field(default_factory=no_pairs)  # int32 (k, 2): a link of at most 7 months to go on with
    weights: Mapping[Criterion, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    channel_required: bool = True
    hours_required: bool = True
    reciprocal: bool = False

    @classmethod
    def peers(cls, people: People, **settings: object) -> Problem:
        """One population: sides are one and the same, forbidden pairs count both ways."""
        return cls(people, people, reciprocal=True, **settings)

    def __post_init__(self) -> None:
        for name in ("forbidden", "helped_avoid_units", "helpers_avoid_units", "continuity"):
            object.__setattr__(self, name, pairs_array(getattr(self, name)))
        n, m = self.shape
        for name, width in (("forbidden", m), ("continuity", m)):
            pairs = getattr(self, name)
            if len(pairs) and (pairs.min() < 0 or pairs[:, 0].max() >= n or pairs[:, 1].max() >= width):
                raise ProblemError(f"{name}: row out of range")
        for name, rows in (("helped_avoid_units", n), ("helpers_avoid_units", m)):
            column = getattr(self, name)[:, 0]
            if len(column) and (column.min() < 0 or column.max() >= rows):
                raise ProblemError(f"{name}: row out of range")
        if self.reciprocal and self.helped is not self.helpers:
            raise ProblemError("entre pairs, both sides are the same people")
        if any(weight < 0 for weight in self.weights.values()):
            raise ProblemError("weights are not negative")

        if len(self.helped) and self.helped.places.max() > 1:
            raise ProblemError("somebody helped, or a peer, has one place")

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.helped), len(self.helpers)

    @cached_property
    def maxima(self) -> dict[Criterion, int]:
        """The most points of each criterion in use: in proportion to the weights, POINTS in all (largest remainders)."""
        used = {criterion: self.weights.get(criterion, 0) for criterion in Criterion}
        total = sum(used.values())
        if not total:
            return {}
        shares = {criterion: divmod(weight * POINTS, total) for criterion, weight in used.items() if weight}
        left = POINTS - sum(whole for whole, _ in shares.values())
        most = sorted(shares, key=lambda criterion: (-shares[criterion][1], list(Criterion).index(criterion)))[:left]
        return {criterion: whole + (criterion in most) for criterion, (whole, _) in shares.items()}

    @cached_property
    def _excluded(self) -> tuple[np.ndarray, np.ndarray]:
        """Excluded pairs, the same team apart, as compressed rows: (start of each row, columns)."""
        n, m = self.shape
        parts = [
            self.forbidden,
            _join(self.helped.person, self.helpers.person),
            _avoided(self.helped_avoid_units, self.helpers),
            _avoided(self.helpers_avoid_units, self.helped)[:, ::-1],
        ]
        pairs = np.concatenate(parts).astype(np.int64)
        if self.reciprocal:
            pairs = np.concatenate([pairs, pairs[:, ::-1]])
        codes = np.unique(pairs[:, 0] * max(m, 1) + pairs[:, 1])
        starts = np.searchsorted(codes, np.arange(n + 1, dtype=np.int64) * max(m, 1))
        return starts, (codes % max(m, 1)).astype(np.int32)

    def excluded(self, start: int, stop: int) -> np.ndarray:
        """Rows start..stop of the excluded pairs: bool (stop - start, m)."""
        m = self.shape[1]
        if self.exclude_same_team:
            unit = self.helped.unit[start:stop, None]
            block = (unit == self.helpers.unit[None, :]) & (unit != 0)
        else:
            block = np.zeros((stop - start, m), dtype=bool)
        starts, columns = self._excluded
        counts = np.diff(starts[start : stop + 1])
        rows = np.repeat(np.arange(stop - start), counts)
        block[rows, columns[starts[start] : starts[stop]]] = True
        return block

    def no_channel(self, start: int, stop: int) -> np.ndarray:
        """Rows start..stop of the pairs who said their channels and share none: bool (stop - start, m)."""
        if not self.channel_required:
            return np.zeros((stop - start, self.shape[1]), dtype=bool)
        one, other = self._channels
        return (one[start:stop, None] & other) == 0

    def no_hours(self, start: int, stop: int) -> np.ndarray:
        """Rows start..stop of the pairs who both said fixed hours and share none: bool (stop - start, m)."""
        if not self.hours_required:
            return np.zeros((stop - start, self.shape[1]), dtype=bool)
        one, other = self._hours
        return (one[start:stop, None] & other) == 0

    @cached_property
    def _channels(self) -> tuple[np.ndarray, np.ndarray]:
        return _unsaid_is_all(self.helped.channels, self.helpers.channels)

    @cached_property
    def _hours(self) -> tuple[np.ndarray, np.ndarray]:
        return _unsaid_is_all(fixed_hours(self.helped), fixed_hours(self.helpers))

    def barred(self, start: int, stop: int) -> np.ndarray:
        """Rows start..stop of the pairs that may not be proposed, places apart: bool (stop - start, m)."""
        block = self.excluded(start, stop)
        block |= self.no_channel(start, stop)
        block |= self.no_hours(start, stop)
        return block

    def allowed(self, start: int, stop: int) -> np.ndarray:
        """Rows start..stop of the pairs that may be proposed, places apart: bool (stop - start, m)."""
        block = self.barred(start, stop)
        return np.logical_not(block, out=block)

    def may_meet(self, i: int, j: int) -> bool:
        return bool(self.allowed(i, i + 1)[0, j])

    def blocks(self, cells: int = 1 << 19) -> Iterator[tuple[int, int]]:
        """Ranges of rows holding about `cells` pairs each: what fits in the cache."""
        n, m = self.shape
        height = max(1, cells // max(m, 1))
        for start in range(0, n, height):
            yield start, min(n, start + height)

    def rest(self, locked: Iterable[tuple[int, int]] | np.ndarray) -> Problem:
        """The same problem once these pairs are taken: rows stay, places go. Raises ProblemError beyond the places."""
        locked = pairs_array(locked)
        helped, helpers = self.helped.places.copy(), self.helpers.places.copy()
        np.subtract.at(helped, locked[:, 0], 1)
        if self.reciprocal:
            np.subtract.at(helped, locked[:, 1], 1)
            helpers = helped
        else:
            np.subtract.at(helpers, locked[:, 1], 1)
        if (helped < 0).any() or (helpers < 0).any():
            raise ProblemError("locked beyond the places")
        one = replace(self.helped, places=helped)
        return replace(self, helped=one, helpers=one if self.reciprocal else replace(self.helpers, places=helpers))

    def without(self, rows: Iterable[int]) -> Problem:
        """Entre pairs: the same problem where these people have no place left."""
        places = self.helped.places.copy()
        places[list(rows)] = 0
        people = replace(self.helped, places=places)
        return replace(self, helped=people, helpers=people)

    def input_hash(self) -> str:
        """SHA-256 of everything a run depends on, the seed apart; the same whatever order it was given in."""
        digest = hashlib.sha256()
        for people in (self.helped, self.helpers):
            for column in fields(people):
                array = getattr(people, column.name)
                digest.update(f"{column.name}:{len(array)};".encode())
                digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        for name in ("forbidden", "helped_avoid_units", "helpers_avoid_units", "continuity"):
            pairs = np.unique(getattr(self, name), axis=0).astype("<i4")
            digest.update(f"{name}:{len(pairs)};".encode())
            digest.update(pairs.tobytes())
        settings = [
            sorted((str(criterion), weight) for criterion, weight in self.weights.items() if weight),
            self.exclude_same_team,
            self.channel_required,
            self.hours_required,
            self.reciprocal,
        ]
        digest.update(repr(settings).encode())
        return digest.hexdigest()


def fixed_hours(people: People) -> np.ndarray:
    """The slots of those whose hours are fixed and said; 0 where hours are to be agreed."""
    return np.where(people.variable_hours, np.uint64(0), people.slots)


def _unsaid_is_all(*masks: np.ndarray) -> tuple[np.ndarray, ...]:
    """Masks in the smallest type that holds them, all bits where nothing was said."""
    dtype = np.min_scalar_type(max((int(mask.max()) for mask in masks if len(mask)), default=0))
    return tuple(np.where(mask == 0, np.iinfo(dtype).max, mask).astype(dtype) for mask in masks)


def tie_order(people: People, seed: int) -> np.ndarray:
    """A rank per row that only the key and the seed decide: breaks exact ties, never anything else."""
    digests = [hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest() for key in people.key.tolist()]
    hashed = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)
    rank = np.empty(len(people), dtype=np.int64)
    rank[np.lexsort((people.key, hashed))] = np.arange(len(people))
    return rank


def waiting_order(people: People, seed: int) -> np.ndarray:
    """Rows from the first to be served to the last: `ahead`, then days of waiting, then the tie order."""
    return np.lexsort((tie_order(people, seed), -people.waiting_days.astype(np.int64), ~people.ahead))


def _join(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Every (row of left, row of right) with equal values; zero joins nothing."""
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right[order], left, side="left")
    last = np.searchsorted(right[order], left, side="right")
    counts = np.where(left == 0, 0, last - first)
    rows = np.repeat(np.arange(len(left)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack([rows, order[np.repeat(first, counts) + offsets]], axis=1)


def _avoided(avoids: np.ndarray, others: People) -> np.ndarray:
    """(row of the one who avoids, row of the other) for the units, or what they are in, that somebody avoids."""
    pairs = [_join(avoids[:, 1], others.unit), _join(avoids[:, 1], others.unit_parent)]
    joined = np.concatenate(pairs)
    return np.stack([avoids[joined[:, 0], 0], joined[:, 1]], axis=1)
