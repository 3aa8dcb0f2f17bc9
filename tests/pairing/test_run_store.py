"""A stored run: whole, sealed, checkable, and gone when its time is over."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pairing.enums import CandidateState, Part, RunMode, RunState
from pairing.models import Candidate, CandidateMember, Run, SearchChoice, Unpaired
from pairing.services import erasure, retention
from pairing.services.runs import Left, Seat, Staged, output_sha256, store_run
from portal import clock
from programmes.enums import Form, Side
from tests.builders import make_pair, make_participation, make_programme, referent_of

pytestmark = pytest.mark.django_db


def stored(programme, pairs=1, left=1, **changes) -> Run:
    helpers = [make_participation(programme, Side.HELPER) for _ in range(pairs)]
    helped = [make_participation(programme) for _ in range(pairs + left)]
    staged = [
        Staged((Seat(one.pk, Part.HELPER), Seat(other.pk, Part.HELPED)), parts=[{"criterion": "themes"}])
        for one, other in zip(helpers, helped, strict=False)
    ]
    fields = {
        "form": Form.PAIR,
        "mode": RunMode.CRITERIA,
        "by": referent_of(programme),
        "unpaired": [Left(row.pk, [{"cause": "places"}]) for row in helped[pairs:]],
        "algorithm": "test 1",
        "seed": 7,
        "input_text": "CANARIENTREE",
        **changes,
    }
    return store_run(programme=programme, staged=staged, **fields)


def test_a_run_is_stored_whole_and_its_input_is_sealed():
    run = stored(make_programme(), pairs=2)
    assert run.state == RunState.STAGED and run.candidates.count() == 2 and run.unpaired.count() == 1
    again = Run.objects.get()
    assert "CANARIENTREE" not in again.input.token and again.input.open(again.ref) == "CANARIENTREE"


def test_storing_takes_the_same_number_of_queries_for_one_and_for_many():
    counts = []
    for pairs in (1, 4):
        programme = make_programme()
        rows = [make_participation(programme, side) for _ in range(pairs) for side in (Side.HELPER, Side.HELPED)]
        staged = [
            Staged((Seat(one.pk, Part.HELPER), Seat(other.pk, Part.HELPED)))
            for one, other in zip(rows[::2], rows[1::2], strict=True)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            store_run(
                programme=programme,
                form=Form.PAIR,
                mode=RunMode.RANDOM,
                by=None,
                staged=staged,
                unpaired=[],
                algorithm="test 1",
                seed=1,
                input_text="{}",
            )
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_a_place_is_staged_once_in_a_run():
    run = stored(make_programme())
    seat = CandidateMember.objects.filter(part=Part.HELPER).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateMember.objects.create(
            run=run, candidate=Candidate.objects.create(run=run), participation=seat.participation, part=Part.HELPER
        )


def test_the_output_hash_says_who_with_whom_whatever_the_order():
    one, two = (Staged((Seat(n, Part.HELPER), Seat(n + 1, Part.HELPED))) for n in (1, 3))
    assert output_sha256([one, two], []) == output_sha256([two, one], [])
    assert output_sha256([one], []) != output_sha256([one], [Left(5)])


def test_after_a_month_what_was_read_and_not_proposed_goes_and_the_run_is_set_aside():
    with clock.at(clock.now() - dt.timedelta(days=31)):
        old = stored(make_programme(), pairs=2)
    kept = old.candidates.first()
    Candidate.objects.filter(pk=kept.pk).update(state=CandidateState.PUBLISHED)
    young = stored(make_programme())
    assert retention.runs() > 0 and retention.runs() == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.state == RunState.DISCARDED and not old.input and old.input_sha256
    assert list(old.candidates.all()) == [kept] and not old.unpaired.exists()
    assert young.input and young.candidates.exists() and young.unpaired.exists()


def test_reasons_and_choices_never_outlive_the_link():
    with clock.at(clock.now() - dt.timedelta(days=retention.LINK_DAYS + 1)):
        run = stored(make_programme())
        Candidate.objects.update(state=CandidateState.PUBLISHED)
        pair = make_pair()
        SearchChoice.objects.create(pair=pair, participation=pair.members.first().participation)
    assert retention.reasons() and retention.reasons() == 0
    assert not run.candidates.exists() and not SearchChoice.objects.exists()


def test_an_erased_person_is_in_no_run_any_more():
    run = stored(make_programme())
    person = run.seats.filter(part=Part.HELPED).get().participation.person
    waiting = run.unpaired.get().participation.person
    for one in (person, waiting):
        erasure.erase(person=one)
    run.refresh_from_db()
    assert not run.input and not run.candidates.exists() and not Unpaired.objects.exists()
