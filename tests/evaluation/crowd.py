"""Eight people who answer a wave, and attackers who hold everything: who gave which answer, who wrote which words?

Each participant signs in, asks for their link again, then answers on the page, in an order that the attacker knows; two of
them, whom no message reaches, answer on paper, typed the last days. Everybody writes two sentences, and is reminded. Or they
are the managers of an employer, known by an address. An attacker puts the people in some order, the answers or the sentences
in another, and matches them one to one. Chance gives one right match of eight on average, with a variance of one whatever
the number; so over 200 waves the mean lies in 1 ± 0.22 (three sigma), and an attacker who knows everything has 8.
"""

import json
import random
import re
import statistics
import uuid
from collections import Counter

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from evaluation.enums import Moment, Public
from evaluation.models import ClosedAnswer, ClosedText, OpenAnswer, OpenText, Ticket, Wave, WaveInvitation
from evaluation.services import answers, closing, parts, questionnaires, waves
from portal import clock, jobs
from portal.models import Job, OutgoingMail, User
from portal.preparation import load_reference
from tests.builders import make_person
from tests.evaluation import orders
from tests.evaluation.surveys import bare_cycles, day, on, physically, sides

PEOPLE, ON_PAPER = 8, 2
AGREE, SENTENCES = 6, ("LIB1", "LIB2")
# What an access log in the usual format says of a request: address, time, page, status, length of the answer.
LINE = re.compile(r'10\.0\.0\.(\d+) - - \[(\S+)\] "(\w+) (\S+) HTTP/1.1" (\d+) (\d+) "(\S*)"')


class Crowd:
    """Waves answered and closed through the services; `before` and `after`: {attacker: right matches of each wave}."""

    public = Public.PARTICIPANTS

    def __init__(self, number: int) -> None:
        self.chance = random.Random(20)
        self.before: dict[str, list[int]] = {}
        self.after: dict[str, list[int]] = {}
        self.cycles, self.people = bare_cycles(number)
        self.log: list[str] = []
        self.settle()

    def settle(self) -> None:
        """Two people have no account; two others, who do not take part, will read the sentences."""
        for person in self.people[-ON_PAPER:]:
            person.user = None
            person.save()
        self.names = {person.pk: f"P{n}" for n, person in enumerate(self.people, 1)}
        self.readers = [make_person(self.cycles[0].programme.lead_employer) for _ in range(2)]

    def live(self) -> "Crowd":
        for cycle in self.cycles:
            start = orders.log_position()
            wave, known = self.open_and_answer(cycle)
            logs = _logs((OpenAnswer, OpenText), wave, start)
            self.count(self.before, known, (OpenAnswer, OpenText), wave, logs)
            logs = self.close(wave)
            self.count(self.after, known, (ClosedAnswer, ClosedText), wave, logs)
        return self

    def open_and_answer(self, cycle) -> tuple[Wave, dict[str, list[str]]]:
        Session.objects.all().delete()
        self.log.clear()
        wave = self.start(cycle)
        marks = [f"{n}" for n in range(1, PEOPLE + 1)]
        self.chance.shuffle(marks)
        invitations = {self.name(row): row for row in wave.invitations.select_related("wave__programme", "person")}
        links = {name: waves.token_of(row) for name, row in invitations.items()}
        self.marks = dict(zip(invitations, marks, strict=True))
        order = [name for name, row in invitations.items() if row.address or row.person.user_id]
        self.chance.shuffle(order)
        for minutes, name in enumerate(order):
            with clock.at(clock.noon(day(1), "Europe/Paris").replace(minute=minutes)):
                self.sign_in(invitations[name])
                self.post(name, links[name], wave)
        with on(8):
            waves.remind(wave=wave, by=None)
        # The pile of paper sheets: the attacker has seen it.
        pile = [name for name in invitations if name not in order]
        self.chance.shuffle(pile)
        for name in pile:
            side, given = invitations[name].side, self.given(name, wave)
            with on(19):
                answers.submit_paper(wave=wave, side=side, answers=given, receipt=uuid.uuid4(), url="/")
        return wave, self.what_is_known(wave, links, order, pile)

    # --- who they are -------------------------------------------------------------------------------------------------
    def start(self, cycle) -> Wave:
        asked = {"people": sides(self.people), "pairs": 4, "texts": True, "chance": self.chance}
        with on(0):
            wave = waves.start(cycle=cycle, moment=Moment.END, closes_on=day(21), **asked)
            parts.name_readers(wave=wave, people=self.readers)
        return wave

    def name(self, invitation: WaveInvitation) -> str:
        return self.names[invitation.person_id]

    def sign_in(self, invitation: WaveInvitation) -> None:
        Client().force_login(invitation.person.user)
        waves.send_again(invitation=invitation)

    # --- what they say ------------------------------------------------------------------------------------------------
    def given(self, name: str, wave: Wave) -> dict[str, object]:
        """A mark of theirs, more or fewer answers, and two sentences."""
        items = questionnaires.items_in(wave)
        mark = self.marks[name]
        agree = [item.code for item in items if item.kind == questionnaires.AGREE and not item.side][:AGREE]
        several = next(item for item in items if item.kind == questionnaires.SEVERAL)
        ticked = [code for code, _ in several.options if code not in several.alone][: max(0, int(mark) - AGREE)]
        words = {item.code: f"Une phrase de {mark}" for item in items if item.code in SENTENCES}
        return dict.fromkeys(agree[: int(mark)], "5") | {several.code: ticked, "REC": mark} | words

    def post(self, name: str, token: str, wave: Wave) -> None:
        """On the page; an access log kept beside it gets its line."""
        url = reverse("evaluation:survey", args=[token])
        reply = Client().post(url, self.given(name, wave))
        at = f"{clock.now():%d/%b/%Y:%H:%M:%S}"
        self.log.append(
            f'10.0.0.{name[1:]} - - [{at}] "POST {url} HTTP/1.1" {reply.status_code} {len(reply.content)} "-" "Mozilla/5.0"'
        )

    def close(self, wave: Wave) -> list[list[str]]:
        """The log of the closing is read before the tables are written anew elsewhere: only then do its places mean a row."""
        start, logs = orders.log_position(), [[], []]

        def read() -> None:
            logs[:] = _logs((ClosedAnswer, ClosedText), wave, start)

        with on(22), transaction.atomic():
            transaction.on_commit(read)
            closing.close(wave=wave, by=None, chance=self.chance)
        return logs

    # --- what an attacker knows -----------------------------------------------------------------------------------------
    def what_is_known(self, wave: Wave, links: dict, order: list[str], pile: list[str]) -> dict[str, list[str]]:
        """People in every order that something tells: rows, times, mails, sessions, tickets, access log."""
        owner = {waves.digest(token): name for name, token in links.items()}
        used = physically(Ticket, wave, "hash", orders.XMIN if connection.vendor == "postgresql" else "rowid")
        of = {row.ref: self.name(row) for row in wave.invitations.all()}
        mails = OutgoingMail.objects.filter(object_ref__in=of).order_by("pk").values_list("object_ref", "key")
        lines = [LINE.match(line).groups() for line in self.log]
        assert all((method, status) == ("POST", "200") for _, _, method, _, status, _, _ in lines)
        known = {
            "answering": order,
            "invitations": [
                of[ref] for ref in map(orders.as_uuid, physically(WaveInvitation, wave, "ref")) if of[ref] in order
            ],
            "mails": [of[ref] for ref, key in mails if key.endswith(":own")],
            "reminders": [of[ref] for ref, key in mails if key.endswith(f"{day(8)}")],
            "access log": [f"P{name}" for name, *_ in sorted(lines, key=lambda line: line[1])],
            "pages": [f"P{name}" for name, *_ in sorted(lines, key=lambda line: int(line[5]))],
            **self.signs(),
        }
        known = {name: people + pile for name, people in known.items()} | {"tickets": [owner[one] for one in used]}
        return {name: [self.marks[one] for one in people] for name, people in known.items() if people}

    def signs(self) -> dict[str, list[str]]:
        """In which order they signed in."""
        users = {person.user_id: self.names[person.pk] for person in self.people if person.user_id}
        rows = User.objects.filter(pk__in=users).order_by("last_login").values_list("pk", flat=True)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT session_key FROM django_session ORDER BY {orders.PLACE[connection.vendor]}")
            keys = [row[0] for row in cursor.fetchall()]
        return {
            "sessions": [users[int(Session.objects.get(pk=key).get_decoded()["_auth_user_id"])] for key in keys],
            "sign-ins": [users[pk] for pk in rows],
        }

    # --- attacks --------------------------------------------------------------------------------------------------------
    def count(self, into: dict, known: dict, models: tuple, wave: Wave, logs: list[list[str]]) -> None:
        """People against answers, people against sentences, answers against sentences, sentences of two questions."""
        given, words = ({"log": log} | orders.by_place(model, wave) for log, model in zip(logs, models, strict=True))
        given = {by: listed for by, listed in given.items() if listed}
        first, second = (_of_question(words, code) for code in SENTENCES)
        if (
            not first
        ):  # managers, all of them on the page: who holds the keys knows how long the copy of each answer was
            given["pages"] = sorted(given["id"], key=int)
        for name, people in known.items():
            _match(into, name, people, given)
            _match(into, name, people, first, "words by ")
        for by, listed in given.items():
            _match(into, f"answers by {by}", listed, first, "words by ")
        for by, listed in first.items():
            _match(into, f"words by {by}", listed, second, "other words by ")

    def means(self, found: dict) -> dict[str, float]:
        return {attacker: statistics.mean(right) for attacker, right in sorted(found.items())}


class Managers(Crowd):
    """Eight managers: an address, a link, and nothing else of them in the portal."""

    def settle(self) -> None:
        self.people = []

    def start(self, cycle) -> Wave:
        """From the whole list that RH gave, as publics.open_managers does."""
        listed = [f"encadrant{n}@ville.invalid" for n in range(1, PEOPLE + 1)]
        self.chance.shuffle(listed)
        with on(0):
            made = Wave(
                programme=cycle.programme, cycle=cycle, moment=Moment.END, public=Public.MANAGERS, closes_on=day(21)
            )
            invitations = [WaveInvitation(address=address) for address in listed]
            waves.begin(made, invitations, Counter({"": PEOPLE}), chance=self.chance)
            self.names = {
                row.ref: re.search(r"\d+", address)[0] for row, address in zip(invitations, listed, strict=True)
            }
            waves.issue(made, None)
        return made

    def name(self, invitation: WaveInvitation) -> str:
        return f"P{self.names[invitation.ref]}"

    def sign_in(self, invitation: WaveInvitation) -> None:
        """They have no account."""

    def signs(self) -> dict[str, list[str]]:
        return {}


def _match(into: dict, name: str, people: list[str], rows: dict[str, list[str]], what: str = "") -> None:
    for by, listed in rows.items():
        right = sum(one == other for one, other in zip(people, listed, strict=True))
        into.setdefault(f"{name} by {what}{by}" if not what else f"{name} against {what}{by}", []).append(right)


def _logs(models: tuple, wave: Wave, start: str) -> list[list[str]]:
    """What the engine's log tells of these tables since `start`; nothing where it cannot be read."""
    return [orders.by_log(model, wave, start) if start else [] for model in models]


def _of_question(words: dict[str, list[str]], code: str) -> dict[str, list[str]]:
    """Each order of the sentences of one question."""
    found = {by: [one.split()[1] for one in listed if one.startswith(code)] for by, listed in words.items()}
    return {by: listed for by, listed in found.items() if listed}


# --- The file of SQLite, in a process and a database of its own ---------------------------------------------------------
def free_pages(number: int, *, protected: bool) -> None:
    """Prints [open answers and sentences found in the files, mean by the order in which answers lie there, then by that
    of closed ones].

    `protected`: as the portal does it. Otherwise deleted rows are left to lie, and space is not given back.
    """
    setup_test_environment()  # the host of Client
    load_reference()
    if not protected:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF")
    crowd = Crowd(number)
    lived = []
    for cycle in crowd.cycles:
        wave, known = crowd.open_and_answer(cycle)
        lived.append((wave, known["answering"], _texts(OpenAnswer, wave), _texts(OpenText, wave)))
    for wave, *_ in lived:
        crowd.close(wave)
    if protected:
        jobs.work(Job.objects.filter(kind="evaluation.vacuum").latest("pk"))
    data = orders.sqlite_files()
    left = [orders.lying(data, rows) for _, _, rows, _ in lived]
    words = [orders.lying(data, rows) for *_, rows in lived]
    closed = [orders.lying(data, _texts(ClosedAnswer, wave)) for wave, *_ in lived]
    print(json.dumps([sum(map(len, left + words)), _mean(lived, left), _mean(lived, closed)]))


def _texts(model, wave: Wave) -> dict[str, str]:
    """A long value may lie in two pages: its first signs are enough."""
    return {orders.sealed(row)[:100]: orders.author(row) for row in model.objects.filter(wave=wave)}


def _mean(lived: list, found: list[list[str]]) -> float | None:
    whole = [
        sum(one == other for one, other in zip(order, rows, strict=True))
        for (_, order, *_), rows in zip(lived, found, strict=True)
        if len(rows) == PEOPLE
    ]
    return statistics.mean(whole) if whole else None
