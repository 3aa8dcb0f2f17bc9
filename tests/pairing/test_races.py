"""Two people at the same moment, on PostgreSQL with real threads (SQLite takes writers one after the other)."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connections

from pairing.enums import PairState
from pairing.models import Meeting, Pair, PairMember
from pairing.services import answers, meetings, pairs
from portal.errors import DomainError
from programmes.enums import Side
from programmes.services import charter, letters
from tests.builders import (
    clear_gates,
    make_pair,
    make_participation,
    make_programme,
    make_reciprocal,
    referent_of,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(*acts) -> list[Exception | None]:
    """Run the acts in threads that start together; what each raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[Exception | None] = [None] * len(acts)

    def run(number: int, act) -> None:
        barrier.wait()
        try:
            act()
        except DomainError as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_yeses_at_the_same_moment_start_the_pair():
    for _ in range(10):
        pair = make_pair(answered=False)
        people = [member.person for member in pair.members.all()]
        assert at_once(*(lambda who=who, pair=pair: pairs.say_yes(pair=pair, by=who) for who in people)) == [None, None]
        assert Pair.objects.get(pk=pair.pk).state in (PairState.ACCEPTED, PairState.ACTIVE)


def test_the_last_place_is_taken_once():
    programme = make_programme()
    referent = referent_of(programme)
    helper = make_participation(programme, Side.HELPER, places=1)
    waiting = [make_participation(programme) for _ in range(8)]
    outcomes = at_once(*(lambda row=row: pairs.propose(helper=helper, helped=row, by=referent) for row in waiting))
    assert sum(outcome is None for outcome in outcomes) == 1
    assert PairMember.objects.filter(participation=helper, live=True).count() == 1
    assert Pair.objects.count() == 1


def test_both_members_tapping_at_once_note_one_meeting():
    pair = make_pair()
    people = [member.person for member in pair.members.all()]
    outcomes = at_once(
        *(lambda who=who: meetings.log(pair=pair, by=who, key=uuid.uuid4()) for who in people for _ in range(3))
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert Meeting.objects.count() == 1


def test_the_last_two_conditions_met_at_the_same_moment_start_the_pair():
    for _ in range(10):
        pair = make_reciprocal(answered=False, framed=False)
        clear_gates(pair, but="letter")
        one, other = (member.participation for member in pair.members.order_by("pk"))
        for person in (one.person, other.person):
            pairs.say_yes(pair=Pair.objects.get(pk=pair.pk), by=person)
        letters.engage(participation=one, by=one.person)
        one.charter_acceptances.all().delete()
        acts = (
            lambda one=one: charter.accept(participation=one, by=one.person),
            lambda other=other: letters.engage(participation=other, by=other.person),
        )
        assert at_once(*acts) == [None, None]
        assert Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE


def test_twenty_at_once_for_the_last_place_a_hundred_times():
    """0 overbooking, 0 unhandled error: one yes after the delay takes the place, all the others stay first."""
    people, rounds = 20, 100
    programme = make_programme(places_per_helper=1)
    helper = make_participation(programme, Side.HELPER)
    late = []
    for _ in range(people):
        pair = make_pair(programme, helper=helper, answered=False, framed=False)
        pairs.free_places(pair)
        late.append(pair)
    lapsed = Pair.objects.filter(programme=programme)
    asked = [(pair.pk, pair.members.get(part="helped").person) for pair in late]
    barrier = threading.Barrier(people + 1)
    outcomes: list[list[str]] = [[] for _ in range(rounds)]

    def take(key: int, person) -> None:
        try:
            for number in range(rounds):
                barrier.wait()
                try:
                    answers.take_up(pair=Pair.objects.select_related("programme").get(pk=key), by=person)
                    outcomes[number].append("")
                except DomainError as error:
                    outcomes[number].append(str(error))
                except DatabaseError as error:
                    outcomes[number].append(f"unhandled: {error}")
                barrier.wait()
        finally:
            connections.close_all()

    def begin_again() -> None:
        PairMember.objects.filter(pair__programme=programme).update(live=False, slot=1, yes_at=None)
        lapsed.update(state=PairState.LAPSED, late=True)

    threads = [threading.Thread(target=take, args=one) for one in asked]
    begin_again()
    for thread in threads:
        thread.start()
    for number in range(rounds):
        barrier.wait()
        barrier.wait()
        assert PairMember.objects.filter(participation=helper, live=True).count() == 1
        assert outcomes[number].count("") == 1, outcomes[number]
        assert set(outcomes[number]) == {"", pairs.TAKEN}
        begin_again()
    for thread in threads:
        thread.join()
