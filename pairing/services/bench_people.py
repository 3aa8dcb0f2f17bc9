"""A fictional programme of any size, to measure the matching: written in bulk, for a transaction that is rolled back."""

import datetime as dt
import random
from collections.abc import Iterable
from itertools import islice

from django.db.models import Model

from portal import clock
from portal.models import Affiliation, Employer, Person, Unit
from portal.preparation import load_reference
from programmes.enums import (
    SLOTS,
    Channel,
    ExchangeNeed,
    Likeness,
    Lived,
    MeetingPlace,
    ParticipationState,
    Seniority,
    Side,
    WorkSetting,
)
from programmes.models import Participation, Programme, Site, Theme

TEAM, SERVICE = 20, 10  # people in a team, teams in a service
SITES = 12
STARTS = dt.date(2020, 1, 1)


def build(*, helped: int, helpers: int, capacity: int, seed: int) -> Programme:
    """So many agents who wait and helpers of 1 to `capacity` places, drawn from `seed`."""
    rng = random.Random(seed)  # noqa: S311  fictional people, the same each time
    if not Theme.objects.exists():
        load_reference()
    name = f"mesure-{seed}-{clock.now():%H%M%S%f}"
    employer = Employer.objects.create(slug=name, name="Mesure", neutral_name="Mesure", branch="fpt")
    programme = Programme.objects.create(slug=name, name="Mesure", lead_employer=employer, starts=STARTS)
    sides = [Side.HELPED] * helped + [Side.HELPER] * helpers
    people = Person.objects.bulk_create(
        [Person(given="Agent", family=f"{n}", sort_key=f"{n:06}") for n in range(len(sides))]
    )
    teams = _teams(employer, len(sides))
    rng.shuffle(people)
    Affiliation.objects.bulk_create(
        Affiliation(person=person, employer=employer, unit=teams[n // TEAM], starts=STARTS)
        for n, person in enumerate(people)
    )
    rng.shuffle(people)
    rows = Participation.objects.bulk_create(
        _participation(rng, programme, person, side, capacity) for person, side in zip(people, sides, strict=True)
    )
    themes = list(Theme.objects.values_list("pk", flat=True))
    through = Participation.themes.through
    links = (
        through(participation_id=row.pk, theme_id=theme)
        for row in rows
        for theme in rng.sample(themes, rng.randint(1, 4) if row.side == Side.HELPED else rng.randint(2, 6))
    )
    _write(through, links)
    sites = Site.objects.bulk_create([Site(programme=programme, name=f"Site {n}") for n in range(SITES)])
    through = Participation.sites.through
    met = (row for row in rows if Channel.IN_PERSON in row.channels and not row.any_site)
    links = (through(participation=row, site=site) for row in met for site in rng.sample(sites, rng.randint(0, 3)))
    _write(through, links)
    return programme


def _write(through: type[Model], links: Iterable[Model]) -> None:
    links = iter(links)
    while some := list(islice(links, 10_000)):
        through.objects.bulk_create(some)


def _teams(employer: Employer, people: int) -> list[Unit]:
    teams = people // TEAM + 1
    services = Unit.objects.bulk_create(
        [Unit(employer=employer, name=f"Service {n}") for n in range(teams // SERVICE + 1)]
    )
    return Unit.objects.bulk_create(
        [Unit(employer=employer, parent=services[n // SERVICE], name=f"Équipe {n}", is_team=True) for n in range(teams)]
    )


def _participation(
    rng: random.Random, programme: Programme, person: Person, side: Side, capacity: int
) -> Participation:
    now = clock.now()
    waits = dt.timedelta(days=rng.randint(0, 300))
    slots = sum(1 << bit for bit, _ in rng.sample(SLOTS, rng.randint(2, 6)))
    variable = rng.random() < 0.15
    channels = rng.sample(Channel.values, rng.randint(1, 3))
    met = Channel.IN_PERSON in channels
    return Participation(
        programme=programme,
        person=person,
        employer=programme.lead_employer,
        side=side,
        state=ParticipationState.ACCEPTED,
        places=rng.randint(1, capacity) if side == Side.HELPER else 1,
        channels=channels,
        any_site=met and rng.random() < 0.1,
        travels=met and side == Side.HELPER and rng.random() < 0.2,
        slots=0 if variable else slots,
        variable_hours=variable,
        setting=rng.choice(["", *WorkSetting.values]),
        seniority=rng.choice(["", *Seniority.values]),
        lived=rng.sample(Lived.values, rng.randint(0, 2)),
        exchange_needs=rng.sample(ExchangeNeed.values, 1) if rng.random() < 0.15 else [],
        likeness=rng.choice(["", "", *Likeness.values]),
        meeting_place=rng.choice(["", *MeetingPlace.values]),
        information_read_at=now,
        received_at=now - waits,
        waiting_since=now - waits if side == Side.HELPED else None,
        accepted_at=now,
    )
