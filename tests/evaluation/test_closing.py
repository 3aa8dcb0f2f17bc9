"""Closing: after the last day, once, and nothing is left that links an answer to a person."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.enums import Moment, WaveState
from evaluation.models import ClosedAnswer, OpenAnswer, OpenText, Ticket, Wave
from evaluation.services import answers, closing, waves
from portal import jobs
from portal.enums import JobState
from portal.errors import DomainError
from portal.jobs import Later
from portal.models import Job
from tests.builders import client_of, referent_of
from tests.evaluation import orders
from tests.evaluation.surveys import bare_cycles, day, make_cycle, on, open_wave, sides, tokens
from tests.prepared import clean_environment, manage


@pytest.fixture
def wave(db):
    """Open, with five answers out of eight."""
    with on(0):
        wave = open_wave(make_cycle())
        answer_some(wave)
        yield wave


def answer_some(wave, number: int = 5) -> None:
    for token, value in list(zip(tokens(wave).values(), "12345123", strict=True))[:number]:
        answers.submit(token=token, answers={"TC1": value})


def test_a_wave_does_not_close_before_its_last_day_is_over(wave):
    with on(21), pytest.raises(DomainError, match="reste ouverte jusqu’au"):
        closing.close(wave=wave, by=None)
    assert Wave.objects.get().state == WaveState.OPEN and OpenAnswer.objects.count() == 5


def test_closing_keeps_the_answers_and_destroys_what_links_them(wave):
    before = set(OpenAnswer.objects.values_list("ref", flat=True))
    with on(22):
        closing.close(wave=wave, by=None)
    assert (wave.state, bool(wave.key)) == (WaveState.CLOSED, False)
    assert not OpenAnswer.objects.exists() and not Ticket.objects.exists()
    assert sorted(row["answers"]["TC1"] for row in answers.of(wave)) == [1, 2, 3, 4, 5]
    assert before.isdisjoint(ClosedAnswer.objects.values_list("ref", flat=True)), "new ids"
    with pytest.raises(DomainError, match="close"):
        waves.token_of(wave.invitations.first())


def test_a_wave_closes_once_and_never_reopens(wave):
    stale = Wave.objects.select_related("programme__lead_employer").get()
    with on(22):
        closing.close(wave=wave, by=None)
        with pytest.raises(DomainError, match="déjà close"):
            closing.close(wave=stale, by=None)
        with pytest.raises(DomainError, match="déjà eu lieu"):
            open_wave(wave.cycle)
    assert ClosedAnswer.objects.count() == 5


def test_a_wave_closes_by_itself_the_day_after_its_last_one(wave):
    job = Job.objects.get(kind="evaluation.close")
    with on(21):
        assert not jobs.work(job), "not due"
    with on(22):
        assert jobs.work(job)
    job.refresh_from_db()
    wave.refresh_from_db()
    assert (job.state, wave.state) == (JobState.DONE, WaveState.CLOSED)


def test_a_wave_closed_by_hand_needs_no_worker_any_more(wave):
    job = Job.objects.get(kind="evaluation.close")
    with on(22):
        closing.close(wave=wave, by=None)
        assert not jobs.work(job)
        closing.close_when_due(job, None)  # a worker that had already taken it
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert ClosedAnswer.objects.count() == 5


def test_the_referent_closes_from_the_page_and_reads_no_number_of_answers(wave):
    client = client_of(referent_of(wave.programme))
    page = reverse("evaluation:surveys", args=[wave.programme.slug])
    close = reverse("evaluation:close_survey", args=[wave.programme.slug, wave.ref])
    assert close not in client.get(page).content.decode()
    assert client.post(close).status_code == 302
    assert Wave.objects.get().state == WaveState.OPEN, "too early"
    with on(22):
        assert close in client.get(page).content.decode()
        client.post(close)
        html = client.get(page).content.decode()
    assert "Les liens sont détruits" in html
    assert Wave.objects.get().state == WaveState.CLOSED
    assert "5 réponses" not in html and "5 personnes" not in html


def test_closing_leaves_no_link_in_the_files_of_the_database(tmp_path):
    """In a process and a database of its own: here everything is truly committed, then vacuumed."""
    env = clean_environment(tmp_path)
    env.pop("DATABASE_URL", None)
    manage(env, "migrate", "--verbosity", "0")
    script = "from tests.evaluation.surveys import leave_traces; leave_traces()"
    before, after, state = json.loads(manage(env, "shell", "-c", script).splitlines()[-1])
    assert before == 8 * 3 + 1, "hash, answer and its id for each person, and the key: they were there to be found"
    assert (after, state) == (0, "done")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_closing_leaves_no_trace_in_the_files_of_postgresql_while_others_still_answer():
    """Rows of another wave lie in the same pages: deleted ones would stay beside them, in their order of arrival."""
    cycles, people = bare_cycles(2)
    asked = {"moment": Moment.END, "people": sides(people), "pairs": 4, "texts": True}
    with on(0):
        wave, other = (
            waves.start(cycle=cycle, closes_on=day(until), **asked)
            for cycle, until in zip(cycles, (21, 40), strict=True)
        )
        links, others = (tokens(one).values() for one in (wave, other))
        for pair in zip(links, others, strict=True):
            for token in pair:
                answers.submit(token=token, answers={"TC1": "4", "LIB1": "Des mots"})
    rows = [*OpenAnswer.objects.filter(wave=wave), *OpenText.objects.filter(wave=wave)]
    traces = [waves.digest(token).encode() for token in links] + [wave.key.token.encode()]
    traces += [orders.sealed(row)[:100].encode() for row in rows] + [row.ref.bytes for row in rows]
    kept = [orders.sealed(row)[:100].encode() for row in OpenAnswer.objects.filter(wave=other)]
    data = orders.all_files(closing.VACUUMED)
    assert sum(trace in data for trace in traces) == len(traces), "they were there to be found"
    with on(22):
        closing.close(wave=wave, by=None)
        job = Job.objects.get(kind="evaluation.vacuum")
        jobs.work(job)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    data = orders.all_files(closing.VACUUMED)
    assert sum(trace in data for trace in traces) == 0
    assert sum(trace in data for trace in kept) == len(kept), "the other wave goes on"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_space_is_given_back_later_while_somebody_still_reads_what_was_there_on_postgresql(wave):
    """A backup under way keeps deleted rows: the job is not done, it comes back."""
    reader = connection.copy()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM portal_employer")
        with on(22):
            closing.close(wave=wave, by=None)
            job = Job.objects.get(kind="evaluation.vacuum")
            with pytest.raises(Later):
                closing.vacuum(job, None)
            cursor.execute("COMMIT")
            closing.vacuum(job, None)
    reader.close()
