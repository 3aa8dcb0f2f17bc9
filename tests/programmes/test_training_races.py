"""Twelve people take the last three places in the same instant, with real threads and commits."""

import datetime as dt
import threading

import pytest
from django.db import connections

from portal import clock
from programmes.enums import Side
from programmes.models import TrainingModule
from programmes.services import training, training_places
from tests.builders import make_participation, make_programme, referent_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_the_last_places_go_once_and_everybody_else_is_on_the_list():
    programme = make_programme()
    people = [make_participation(programme, Side.HELPER).person for _ in range(12)]
    session = training.plan_session(
        programme=programme,
        modules=list(TrainingModule.objects.filter(pk="M1")),
        on=clock.today(programme.time_zone) + dt.timedelta(days=9),
        invited=[],
        places=3,
        by=referent_of(programme),
    )
    gate, outcomes = threading.Barrier(len(people)), []

    def take(person) -> None:
        gate.wait()
        try:
            outcomes.append(training_places.register(session=session, by=person))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["expected"] * 3 + ["waiting"] * 9
    session.refresh_from_db()
    assert session.taken == 3
    assert session.attendances.filter(presence="expected").count() == 3
