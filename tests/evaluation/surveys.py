"""Waves for the tests of surveys."""

import datetime as dt
import json
import random
from pathlib import Path

from django.db import connection, models

from evaluation.enums import Moment
from evaluation.models import OpenAnswer, Wave
from evaluation.services import answers, closing, waves
from pairing.models import Pair
from portal import clock, jobs
from portal.models import Job, Person
from portal.preparation import load_reference
from programmes.enums import Side
from programmes.models import Cycle, Programme
from programmes.services import rollout
from tests.builders import make_employer, make_pair, make_person, make_programme, referent_of

NOW = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
TODAY = NOW.date()


def day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def on(number: int):
    """Everything inside happens `number` days after the wave opened."""
    return clock.at(NOW + dt.timedelta(days=number))


def make_cycle(pairs: int = 4, *, starts: int = -10, ends: int = 170, **options) -> Cycle:
    """A cycle under way, its pairs proposed (and no more, unless told otherwise)."""
    programme = make_programme()
    cycle = rollout.add_cycle(programme=programme, starts=day(starts), ends=day(ends), by=referent_of(programme))
    options = {"answered": False, "framed": False, **options}
    for _ in range(pairs):
        make_pair(programme, **options)
    return cycle


def pairs_of(programme: Programme) -> list[Pair]:
    return list(programme.pairs.order_by("pk"))


def open_wave(cycle: Cycle, moment: str = Moment.T0, days: int = 21, **options) -> Wave:
    until = clock.today(cycle.programme.time_zone) + dt.timedelta(days=days)
    return waves.open_wave(
        cycle=cycle, moment=moment, closes_on=until, by=referent_of(cycle.programme), chance=random.Random(7), **options
    )


def tokens(wave: Wave) -> dict[Person, str]:
    """The link of each person, as their mail holds it."""
    rows = wave.invitations.select_related("wave", "person").order_by("pk")
    return {row.person: waves.token_of(row) for row in rows}


def sides(people: list[Person]) -> dict[Person, str]:
    """Half helpers, half helped."""
    return {person: (Side.HELPER, Side.HELPED)[number % 2] for number, person in enumerate(people)}


def bare_cycles(number: int) -> tuple[list[Cycle], list[Person]]:
    """A programme with this many cycles and eight people: for many waves built quickly."""
    employer = make_employer()
    programme = make_programme(employer)
    people = [make_person(employer) for _ in range(8)]
    cycles = Cycle.objects.bulk_create(
        Cycle(programme=programme, number=n, starts=day(n), ends=day(n + 1)) for n in range(1, number + 1)
    )
    return cycles, people


def physically(model: type[models.Model], wave: Wave, column: str, order: str = "") -> list:
    """A column of the wave's rows in the order in which they lie in the database's file."""
    order = order or ("ctid" if connection.vendor == "postgresql" else "rowid")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE wave_id = %s ORDER BY {order}", [wave.pk])
        return [row[0] for row in cursor.fetchall()]


def leave_traces() -> None:
    """In a database of its own: a wave answered and closed. Prints how many of its links its files held, then hold."""
    load_reference()
    cycles, people = bare_cycles(1)
    with on(0):
        wave = waves.start(cycle=cycles[0], moment=Moment.T0, closes_on=day(21), people=sides(people), pairs=4)
        links = list(tokens(wave).values())
        for token in links:
            answers.submit(token=token, answers={"TC1": "4"})
    rows = list(OpenAnswer.objects.all())
    traces = [waves.digest(token) for token in links] + [row.payload.token for row in rows]
    traces += [row.ref.hex for row in rows] + [wave.key.token]
    before = _in_files(traces)
    with on(22):
        closing.close(wave=wave, by=None)
        job = Job.objects.get(kind="evaluation.vacuum")
        jobs.work(job)
    job.refresh_from_db()
    print(json.dumps([before, _in_files(traces), job.state]))


def _in_files(traces: list[str]) -> int:
    name = str(connection.settings_dict["NAME"])
    data = b"".join(path.read_bytes() for end in ("", "-wal") if (path := Path(name + end)).exists())
    # A long value may lie in two pages: its first bytes are enough.
    return sum(trace[:100].encode() in data for trace in traces)
