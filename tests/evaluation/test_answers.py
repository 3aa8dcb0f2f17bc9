"""The page where nobody is known: one link, one answer; no cookie, no session, no trace of who came."""

import io
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.enums import Moment
from evaluation.models import OpenAnswer, Ticket
from evaluation.services import answers, closing, waves
from portal.errors import DomainError
from portal.models import Job, JournalEntry, OutgoingMail
from portal.preparation import load_reference
from portal.registry import PERSONAL_DATA, gather
from tests.builders import client_of, make_person
from tests.crawler import page_problems, written
from tests.evaluation.surveys import bare_cycles, day, make_cycle, on, open_wave, sides, tokens
from tests.guard_rails import Statements
from tests.pairing.test_races import at_once

CANARY = "recognised"


@pytest.fixture
def wave(db):
    with on(0):
        yield open_wave(make_cycle())


def url_of(token: str) -> str:
    return reverse("evaluation:survey", args=[token])


def first(wave) -> tuple:
    return next(iter(tokens(wave).items()))


def test_the_page_asks_the_questions_of_the_side_and_all_are_optional(wave, client):
    _, token = first(wave)
    html = client.get(url_of(token)).content.decode()
    assert page_problems(html) == []
    assert html.count('name="TC1"') == 7, "five degrees and two ways of not answering"
    assert "Réponses anonymisées" in html and "facultatives" in html
    assert "obligatoire" not in html and "csrfmiddlewaretoken" not in html
    assert token not in html, "the link is in the address only"


def test_one_answer_is_kept_without_name_time_or_link(wave, client):
    person, token = first(wave)
    answer = client.post(url_of(token), {"TC1": "4", "TC2": "nsp", "TC3": "nc"})
    assert answer.status_code == 200 and "Merci" in answer.text
    kept = OpenAnswer.objects.get()
    assert kept.payload.open(kept.ref).strip() == '{"TC1": 4}', "what says nothing is not kept"
    assert {field.name for field in OpenAnswer._meta.fields} == {"ref", "side", "payload", "wave"}
    assert Ticket.objects.filter(used=True).count() == 1


def test_answers_of_different_lengths_lie_sealed_at_the_same_length(wave):
    for number, token in enumerate(tokens(wave).values()):
        answers.submit(token=token, answers={f"TC{n}": "5" for n in range(1, 1 + number % 6)})
    assert len({len(row.payload.token) for row in OpenAnswer.objects.all()}) == 1


def test_an_error_loses_nothing_and_uses_nothing_up(wave, client):
    _, token = first(wave)
    page = client.post(url_of(token), {"TC1": "4", "TC2": "99"})
    assert page.status_code == 200
    html = page.content.decode()
    assert "Un point est à corriger" in html
    assert re.search(r'name="TC1" value="4"[^>]* checked', html)
    assert page_problems(html) == []
    assert not OpenAnswer.objects.exists() and not Ticket.objects.filter(used=True).exists()


def test_an_empty_questionnaire_is_not_taken_for_an_answer(wave, client):
    _, token = first(wave)
    assert "aucune réponse" in client.post(url_of(token)).content.decode()
    assert not Ticket.objects.filter(used=True).exists()
    assert "Merci" in client.post(url_of(token), {"TC1": "nsp"}).text, "to decline is an answer"


def test_a_link_serves_once(wave, client):
    _, token = first(wave)
    client.post(url_of(token), {"TC1": "4"})
    for again in (client.get(url_of(token)), client.post(url_of(token), {"TC1": "1"})):
        assert again.status_code == 410
        assert "a déjà servi" in again.content.decode()
        assert page_problems(again.content.decode()) == []
    with pytest.raises(answers.Gone):
        answers.submit(token=token, answers={"TC1": "1"})
    assert OpenAnswer.objects.count() == 1


def test_after_the_last_day_nothing_is_taken_any_more(wave, client):
    _, token = first(wave)
    with on(21):
        assert client.get(url_of(token)).status_code == 200
    with on(22):
        for late in (client.get(url_of(token)), client.post(url_of(token), {"TC1": "4"})):
            assert late.status_code == 410
            assert "terminé" in late.content.decode()
        closing.close(wave=wave, by=None)
        missing = client.get("/n-existe-pas/").content
        for unknown in (
            client.get(url_of(token)),
            client.get(url_of("x" * 43)),
            client.post(url_of(token), {"TC1": "4"}),
        ):
            assert (unknown.status_code, unknown.content) == (404, missing)
    assert not OpenAnswer.objects.exists()


def test_a_question_that_is_not_asked_is_not_kept(wave, client):
    _, token = first(wave)
    client.post(url_of(token), {"TC1": "4", "ISO1": "5", "wave": "7", "person": "1"})
    kept = OpenAnswer.objects.get()
    assert kept.payload.open(kept.ref).strip() == '{"TC1": 4}'


@pytest.mark.parametrize(
    ("given", "kept", "sentence"),
    [
        ({"NEG": ["tired", "team"]}, {"NEG": ["tired", "team"]}, ""),
        ({"NEG": ["none"]}, {"NEG": ["none"]}, ""),
        ({"NEG": ["none", "tired"]}, None, "ne va pas avec une autre case"),
        ({"NEG": ["nsp"]}, {}, ""),
        ({"REC": "0"}, {"REC": 0}, ""),
        ({"REC": "11"}, None, "à corriger"),
    ],
)
def test_each_kind_of_question_keeps_what_was_ticked(db, client, given, kept, sentence):
    with on(0):
        cycles, people = bare_cycles(1)
        wave = waves.start(cycle=cycles[0], moment=Moment.END, closes_on=day(21), people=sides(people), pairs=4)
        _, token = first(wave)
        page = client.post(url_of(token), given)
        assert (sentence or "Merci") in page.content.decode()
        if kept is None:
            assert not OpenAnswer.objects.exists()
            return
        with on(22):
            closing.close(wave=wave, by=None)
        assert answers.of(wave) == [{"side": "helper", "answers": kept}]


def test_answers_of_an_open_wave_are_read_by_nobody(wave):
    with pytest.raises(DomainError, match="ne se lisent pas"):
        answers.of(wave)


# --- Nobody is known --------------------------------------------------------------------------------------------------
def test_no_cookie_is_set_and_a_signed_in_session_is_not_touched(wave):
    person, token = first(wave)
    client = client_of(person)
    stored = list(Session.objects.values_list("session_key", "session_data", "expire_date"))
    tables = {"django_session", "portal_user", "portal_person"}
    sent = [
        lambda: client.get(url_of(token)),
        lambda: client.post(url_of(token), {"TC1": "99"}),
        lambda: client.post(url_of(token), {"TC1": "4"}),
        lambda: client.get(url_of(token)),
        lambda: client.get(url_of("rien")),
    ]
    for send in sent:
        with CaptureQueriesContext(connection) as queries:
            answer = send()
        assert not answer.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store, private"
        read = {name for name in tables for query in queries.captured_queries if f'"{name}"' in query["sql"]}
        assert not read, "who is signed in is not even looked up"
        assert person.given not in answer.content.decode()
    assert list(Session.objects.values_list("session_key", "session_data", "expire_date")) == stored
    assert client.get(reverse("portal:my_space")).status_code == 200, "and the person is still signed in elsewhere"


def test_the_page_is_the_same_signed_in_and_not(wave):
    person, token = first(wave)
    assert client_of(person).get(url_of(token)).content == Client().get(url_of(token)).content


def test_no_forgery_mark_is_asked_for_on_this_page_and_on_this_page_only(wave):
    person, token = first(wave)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url_of(token), {"TC1": "4"}, headers={"Origin": "null"}).status_code == 200
    assert Client(enforce_csrf_checks=True).post("/demo/entrer/", {"personne": "x"}).status_code == 403


def test_opening_the_page_writes_nothing(wave, client):
    _, token = first(wave)
    statements = Statements()
    with connection.execute_wrapper(statements):
        client.get(url_of(token))
    assert statements.sql and not written(statements)
    assert not any(sql.startswith(("INSERT", "UPDATE", "DELETE")) for sql in statements.sql)


def test_the_logs_never_hold_the_token_of_a_link(wave, client):
    _, token = first(wave)
    console = next(h for h in logging.getLogger().handlers if h.get_name() == "console")
    stream, console.stream = console.stream, io.StringIO()
    try:
        client.post(url_of(token), {"TC1": "4"})
        client.get(url_of(token))
        client.get(url_of("inconnu-inconnu"))
        logging.getLogger("portal.test").error("failed on %s", url_of(token))
        text = console.stream.getvalue()
    finally:
        console.stream = stream
    assert text.count("/r/•••/") == 3, "a used link, an unknown one and an error are logged"
    assert token not in text and "inconnu-inconnu" not in text


def test_what_somebody_answered_is_in_no_mail_journal_export_page_or_log(db, committed, caplog):
    """The canary is a rare code of one answer; the wave is open, then closed."""
    with on(0):
        cycles, people = bare_cycles(1)
        wave = waves.start(cycle=cycles[0], moment=Moment.END, closes_on=day(21), people=sides(people), pairs=4)
        person, token = first(wave)
        answers.submit(token=token, answers={"NEG": [CANARY]})
        with committed():
            waves.send_again(invitation=wave.invitations.select_related("wave", "person").get(person=person))
    seen = [message.body for message in outbox.outbox]
    assert token in seen[-1]
    for moment in (1, 22):
        with on(moment):
            if moment == 22:
                closing.close(wave=wave, by=None)
            names = ("portal:my_data", "portal:my_space", "evaluation:my_surveys")
            seen += [client_of(person).get(reverse(name)).content.decode() for name in names]
            pilot = client_of(wave.programme.roles.get(role="referent").person)
            seen.append(pilot.get(reverse("evaluation:surveys", args=[wave.programme.slug])).content.decode())
            seen += [f"{data.title} {data.rows}" for data in gather(PERSONAL_DATA, person)]
    seen += [str(row) for model in (OutgoingMail, JournalEntry, Job) for row in model.objects.values()]
    assert not [text for text in [*seen, caplog.text] if CANARY in text or "NEG" in text]
    assert not JournalEntry.objects.filter(subject_ref=person.ref, label__contains="Answer").exists()
    assert answers.of(wave) == [{"side": "helper", "answers": {"NEG": [CANARY]}}], "it was there to be found"


def test_a_database_dump_does_not_show_an_answer_in_clear(wave):
    _, token = first(wave)
    answers.submit(token=token, answers={"TC1": "5"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evaluation_openanswer")
        row = " ".join(map(str, cursor.fetchone()))
    assert "TC1" not in row and token not in row


# --- At the same moment, with PostgreSQL's own locks ------------------------------------------------------------------
@pytest.mark.services
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def _reference_rows(self, transactional_db):
        load_reference()
        with on(0):
            yield

    def make_wave(self):
        cycles, people = bare_cycles(1)
        return waves.start(cycle=cycles[0], moment=Moment.T0, closes_on=day(21), people=sides(people), pairs=4)

    def test_fifty_posts_of_one_ticket_give_one_answer(self):
        _, token = first(self.make_wave())

        def post() -> None:
            with on(1):
                if Client().post(url_of(token), {"TC1": "4"}).status_code == 410:
                    raise answers.Gone("used")

        outcomes = at_once(*[post] * 50)
        assert sum(outcome is None for outcome in outcomes) == 1
        assert OpenAnswer.objects.count() == Ticket.objects.filter(used=True).count() == 1

    def test_an_answer_that_meets_the_closing_is_kept_or_refused_never_lost(self):
        for _ in range(5):
            wave = self.make_wave()
            given = list(tokens(wave).values())

            def submit(token) -> None:
                with on(21):
                    answers.submit(token=token, answers={"TC1": "4"})

            def close(wave=wave) -> None:
                with on(22):
                    closing.close(wave=wave, by=None)

            outcomes = at_once(close, *(lambda token=token: submit(token) for token in given))
            wave.refresh_from_db()
            assert outcomes[0] is None
            assert len(answers.of(wave)) == sum(outcome is None for outcome in outcomes[1:])
            assert not OpenAnswer.objects.exists() and not Ticket.objects.exists()


def test_nobody_else_reaches_the_answering_page_by_guessing(db, client):
    person = make_person()
    assert client.get(url_of(str(person.ref))).status_code == 404
