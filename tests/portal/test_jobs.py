"""Background work: the broker goes away, workers die or are late, things fail. Always exactly one result."""

import base64
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, transaction

from portal import clock, jobs, retention
from portal.celery import app
from portal.enums import JobState
from portal.errors import DomainError
from portal.models import Employer, Job
from portal.services.jobs import enqueue, retry

NOW = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


@pytest.fixture
def results(monkeypatch) -> list[str]:
    """What the work called « test » has produced. Each test may put another function in `jobs._handlers`."""
    made: list[str] = []
    monkeypatch.setitem(jobs._handlers, "test", lambda job, progress: made.append(job.key))
    return made


@pytest.fixture
def queue() -> Iterator[Path]:
    """The real filesystem broker, without any worker; the folder holds what was sent."""
    folder = Path(settings.BROKER_DIR) / "queue"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    app.conf.task_always_eager = False
    yield folder
    app.conf.task_always_eager = True
    shutil.rmtree(folder)
    folder.mkdir()


def waiting(queue: Path) -> int:
    return len(list(queue.iterdir()))


def make(key: str = "one", **more) -> Job:
    return enqueue(kind="test", key=key, **more)


# --- Rows first -------------------------------------------------------------------------------------------------------
def test_the_row_is_written_once_and_sent_after_the_commit(db, results, queue, committed):
    with committed():
        first = make()
        assert make() == first
        assert waiting(queue) == 0, "nothing is sent before the commit"
    assert waiting(queue) == 1
    assert Job.objects.get().state == JobState.QUEUED


def test_work_that_is_rolled_back_was_never_asked_for(db, results, committed):
    with committed(), pytest.raises(DomainError), transaction.atomic():
        make()
        raise DomainError("non")
    assert not Job.objects.exists() and results == []


def test_a_message_of_the_queue_holds_a_reference_and_nothing_else(db, results, queue, committed):
    with committed():
        job = make("letter of Alix Moreau")
    (message,) = queue.iterdir()
    body = json.loads(base64.b64decode(json.loads(message.read_text())["body"]))
    assert body[0] == [str(job.ref)] and body[1] == {}
    assert "Alix" not in message.read_text()


def test_with_the_broker_away_the_request_succeeds_and_the_sweeper_sends_it_later(db, results, queue, committed):
    shutil.rmtree(queue)
    with committed():
        job = make()
        Employer.objects.create(slug="ville", name="Ville", neutral_name="Ville", branch="fpt")
    assert Employer.objects.exists(), "what the request wrote is there"
    assert Job.objects.get().state == JobState.QUEUED
    assert jobs.sweep() == 0, "still away"
    queue.mkdir()
    assert jobs.sweep() == 1
    assert waiting(queue) == 1
    jobs.run(str(job.ref))
    jobs.run(str(job.ref))
    assert results == ["one"], "sent twice, done once"


def test_a_broker_that_refuses_the_connection_is_away_too(db, results, monkeypatch, committed):
    def refuse(*args, **kwargs):
        raise jobs.BrokerAway("connection refused")

    monkeypatch.setattr(jobs.run, "apply_async", refuse)
    with committed():
        job = make()
    assert jobs.send(job) is False
    assert Job.objects.get().state == JobState.QUEUED


def test_a_reference_that_is_gone_is_no_error(db):
    jobs.run("00000000-0000-4000-8000-000000000000")


def test_work_for_later_waits_for_its_time(db, results):
    with clock.at(NOW):
        job = make(run_after=NOW + dt.timedelta(hours=1))
        assert not jobs.work(job) and jobs.sweep() == 0
    with clock.at(NOW + dt.timedelta(hours=1)):
        assert jobs.sweep() == 1
    assert results == ["one"]


# --- Leases -----------------------------------------------------------------------------------------------------------
def test_two_workers_never_hold_the_same_job(db, results, monkeypatch):
    job = make()
    seen = []

    def handler(job, progress):
        seen.append(jobs.work(Job.objects.get(pk=job.pk)))
        results.append(job.key)

    monkeypatch.setitem(jobs._handlers, "test", handler)
    assert jobs.work(job)
    assert seen == [False] and results == ["one"]


def test_a_dead_workers_job_is_done_by_another_after_its_lease(db, results):
    job = make()
    with clock.at(NOW):
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, run_after=NOW, lease_until=NOW + LEASE)
        assert jobs.sweep() == 0 and not jobs.work(job)
    with clock.at(NOW + LEASE + dt.timedelta(seconds=1)):
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_until) == (JobState.DONE, 2, None)
    assert results == ["one"]


def test_a_worker_that_wakes_up_after_losing_its_lease_writes_nothing(db, results, monkeypatch):
    """It slept for longer than its lease; another one did the work meanwhile."""
    job = make()
    late = []

    def slow(job, progress):
        monkeypatch.setitem(jobs._handlers, "test", lambda job, progress: results.append("second worker"))
        with clock.at(NOW + LEASE + dt.timedelta(seconds=1)):
            assert jobs.work(Job.objects.get(pk=job.pk))
            late.append("before")
            progress.step(1, 2)
            late.append("after")
            results.append("first worker")

    monkeypatch.setitem(jobs._handlers, "test", slow)
    with clock.at(NOW):
        Job.objects.filter(pk=job.pk).update(run_after=NOW)
        assert jobs.work(job) is False
    assert late == ["before"] and results == ["second worker"]
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_progress_of_a_late_worker_does_not_touch_the_work_another_has_in_hand(db, results, monkeypatch):
    job = make()

    def slow(job, progress):
        Job.objects.filter(pk=job.pk).update(attempts=2, done=1, total=3)
        progress.step(9, 9)
        results.append("late")

    monkeypatch.setitem(jobs._handlers, "test", slow)
    assert jobs.work(job) is False
    job.refresh_from_db()
    assert (job.done, job.total, job.attempts, results) == (1, 3, 2, [])


@pytest.mark.parametrize("end", ["fails", "ends"])
def test_the_end_of_a_late_worker_changes_nothing_of_the_other_ones_work(db, results, monkeypatch, end):
    job = make()

    def slow(job, progress):
        Job.objects.filter(pk=job.pk).update(attempts=2, done=1, total=3, lease_until=NOW + 2 * LEASE)
        if end == "fails":
            raise DomainError("trop tard")

    monkeypatch.setitem(jobs._handlers, "test", slow)
    with clock.at(NOW):
        Job.objects.filter(pk=job.pk).update(run_after=NOW)
        jobs.work(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.error) == (JobState.RUNNING, 2, 1, "")


def test_progress_keeps_the_lease_alive_and_is_shown(db, monkeypatch):
    job = make()
    seen = []

    def handler(job, progress):
        with clock.at(NOW + LEASE / 2):
            progress.step(1, 4)
        row = Job.objects.get(pk=job.pk)
        seen.append((row.done, row.total, row.lease_until))

    monkeypatch.setitem(jobs._handlers, "test", handler)
    with clock.at(NOW):
        Job.objects.filter(pk=job.pk).update(run_after=NOW)
        jobs.work(job)
    assert seen == [(1, 4, NOW + LEASE / 2 + LEASE)]
    job.refresh_from_db()
    assert (job.done, job.total) == (4, 4)


def test_work_interrupted_again_and_again_ends_in_failure_with_a_sentence(db, results):
    job = make()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=jobs.MAX_ATTEMPTS, lease_until=clock.now() - LEASE
    )
    assert jobs.sweep() == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "plusieurs fois" in job.error
    assert results == []


# --- Failing ----------------------------------------------------------------------------------------------------------
def test_a_rule_that_refuses_is_a_failure_with_its_sentence_and_a_retry_that_works(db, results, monkeypatch, committed):
    def refuse(job, progress):
        raise DomainError("Ce rapport n’a pas de chiffres.")

    good = jobs._handlers["test"]
    monkeypatch.setitem(jobs._handlers, "test", refuse)
    with committed():
        job = make()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "Ce rapport n’a pas de chiffres.")
    assert job.finished
    assert jobs.sweep() == 0, "nothing starts again by itself"
    monkeypatch.setitem(jobs._handlers, "test", good)
    with committed():
        retry(job=job)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.DONE, "", 1)
    assert results == ["one"]
    with pytest.raises(DomainError, match="rien à relancer"):
        retry(job=job)


def test_an_unforeseen_error_fails_at_once_and_shows_no_detail(db, results, monkeypatch, committed):
    def crash(job, progress):
        raise ZeroDivisionError("Alix Moreau / 0")

    monkeypatch.setitem(jobs._handlers, "test", crash)
    with committed():
        job = make()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "ZeroDivisionError" in job.error and "Alix" not in job.error


@pytest.mark.parametrize("error", [OSError("disk full"), OperationalError("database is locked")])
def test_a_passing_trouble_is_tried_again_later_then_given_up(db, results, monkeypatch, error):
    def trouble(job, progress):
        raise error

    monkeypatch.setitem(jobs._handlers, "test", trouble)
    instant, waits = NOW, []
    with clock.at(NOW):
        job = make()
    for _ in range(jobs.MAX_ATTEMPTS):
        with clock.at(instant):
            assert jobs.work(job)
        job.refresh_from_db()
        if job.state == JobState.QUEUED:
            waits.append((job.run_after - instant).total_seconds())
            with clock.at(instant):
                assert not jobs.work(job), "not before its time"
            instant = job.run_after
    assert waits == list(jobs.BACKOFF_SECONDS)
    assert (job.state, job.attempts) == (JobState.FAILED, jobs.MAX_ATTEMPTS)


def test_work_nobody_knows_fails_and_says_so(db, committed):
    with committed():
        job = enqueue(kind="unknown", key="x")
    job.refresh_from_db()
    assert job.state == JobState.FAILED


# --- What is kept -----------------------------------------------------------------------------------------------------
def test_a_job_that_ended_goes_after_six_months_and_one_that_waits_stays(db, results, committed):
    with clock.at(NOW), committed():
        make("ended")
        make("waits", run_after=NOW + dt.timedelta(days=400))
    with clock.at(NOW + dt.timedelta(days=180)):
        retention.jobs()
        assert Job.objects.filter(key="ended").exists()
    with clock.at(NOW + dt.timedelta(days=181)):
        retention.jobs()
    assert set(Job.objects.values_list("key", flat=True)) == {"waits"}
