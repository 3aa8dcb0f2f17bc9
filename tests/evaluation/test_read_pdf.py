"""Whole histories read back from the bytes of their PDFs, then attacked: two years, several editions, two surveys.

The figures come from the text of each file as a reader copies it; who stands behind them is what the test knows.
"""

import datetime as dt
import random
import re

import pytest
from django.db import transaction

from evaluation.disclosure import auditor, bands
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.rules import MIN_PAIRS, MIN_PEOPLE
from evaluation.disclosure.surveys import agrees
from evaluation.enums import Moment
from evaluation.services import ledger, questionnaires, releases
from programmes.enums import Side
from programmes.models import Exercice
from tests.evaluation import frame_world, world
from tests.evaluation.attacker import Shown, pins_somebody
from tests.evaluation.test_documents import squeezed, text_of
from tests.evaluation.test_parsed_back import SIDES, as_people, people_of
from tests.evaluation.twins import rendered

pytestmark = pytest.mark.django_db
QUESTIONS = ("TC1", "TC2", "TC5", "TC6")
VOLUMES = {"E01": "Binômes", "E02": "Rencontres", "E06R": "Heures de rencontre"}
HISTORIES = 20
CELL = r"(?:({sides}):)?(\d+)(?:à(\d+))?sur\d+(?:\([^)]*\))?;?"


class History:
    """A programme over two years: its pairs, its surveys, and the text of every PDF that was given out."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.programme, first = world.programme()
        second = Exercice.objects.create(
            programme=self.programme, name="Année 2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31)
        )
        self.pairs = 0
        self.answers: dict[str, list] = {}
        self.texts: list[tuple[int, int, str]] = []  # (year, pairs counted, what the file says)
        for year, exercice, moment in ((2025, first, Moment.T0), (2026, second, Moment.END)):
            self.meet_again(year)
            self.grow(year, self.chance.choice((3, 4, 6, 10)))
            self.ask(year, moment)
            self.give_out(year, exercice, 15)
            self.grow(year, self.chance.choice((1, 2, 5)))
            self.give_out(year, exercice, 20)

    def grow(self, year: int, number: int) -> None:
        for pair in world.pairs(self.programme, number):
            world.meet(pair, self.chance.randint(1, 4), first=dt.date(year, 4, 1))
        self.pairs += number

    def meet_again(self, year: int) -> None:
        for pair in self.programme.pairs.order_by("pk"):
            world.meet(pair, self.chance.randint(1, 3), first=dt.date(year, 5, 1))

    def ask(self, year: int, moment: str) -> None:
        sides = {side: self.chance.randint(5, 14) for side in (Side.HELPER, Side.HELPED)}
        likely = {code: self.chance.random() for code in QUESTIONS}
        rows = [
            (side, {code: 4 if self.chance.random() < share else 2 for code, share in likely.items()})
            for side, number in sides.items()
            for _ in range(number)
        ]
        self.answers[moment] = rows
        plan = dict.fromkeys(QUESTIONS, "by_side" if min(sides.values()) >= 11 else "whole")
        frame_world.wave(
            self.programme,
            rows,
            moment=moment,
            invited=len(rows) + 2,
            pairs=self.pairs,
            plan=plan,
            closed=dt.date(year, 11, 3),
        )

    def give_out(self, year: int, exercice: Exercice, day: int) -> None:
        with world.after(dt.date(year + 1, 1, day)):
            release = releases.establish(exercice=exercice)
        self.texts.append((year, self.pairs, text_of(rendered(release).pdf)))

    # --- The attack -----------------------------------------------------------------------------------------------
    def answers_betrayed(self) -> tuple[int, int]:
        betrayed = read = 0
        for (moment, rows), year in zip(self.answers.items(), (2025, 2026), strict=True):
            words = {item["code"]: item["text"] for item in questionnaires.latest(moment=moment).items}
            everybody = [side for side, _ in rows]
            for code in QUESTIONS:
                shown = set()
                for when, _, text in self.texts:
                    if when == year:
                        shown |= read_question(text, words[code], everybody)
                read += len(shown)
                betrayed += pins_somebody([agrees(given[code]) for _, given in rows], list(shown))
        return betrayed, read

    def volumes_betray(self) -> tuple[int, int]:
        betrayed = read = 0
        for year in (2025, 2026):
            for title in VOLUMES.values():
                held = []
                for when, pairs, text in self.texts:
                    if when == year and re.search(rf"{squeezed(title)}\d+h?", text):
                        held.append({(one, None) for one in range(pairs)})
                read += len(held)
                betrayed += auditor.betrays(held, fewest=MIN_PAIRS)
                betrayed += auditor.betrays(map(as_people, held), fewest=MIN_PEOPLE)
        return betrayed, read


def read_question(text: str, words: str, everybody: list[str]) -> set[Shown]:
    """The figures that follow a question in the text of a file."""
    cell = re.compile(CELL.format(sides="|".join(squeezed(label) for label in SIDES)))
    sides = {squeezed(label): side for label, side in SIDES.items()}
    found = set()
    for start in re.finditer(re.escape(squeezed(words)), text):
        at = start.end()
        while one := cell.match(text, at):
            side, lo, hi = one.groups()
            found.add(Shown(people_of(sides.get(side, ""), everybody), Figure(int(lo), int(hi or lo))))
            at = one.end()
    return found


def attack(seed: int) -> tuple[int, int, int]:
    """(betrayed, answers read, volumes read) of one history; its rows are then undone."""
    with transaction.atomic():
        history = History(seed)
        answers, volumes = history.answers_betrayed(), history.volumes_betray()
        transaction.set_rollback(True)
    return answers[0] + volumes[0], answers[1], volumes[1]


@pytest.mark.long
def test_twenty_histories_read_from_their_pdfs_betray_nobody():
    found = [attack(seed) for seed in range(HISTORIES)]
    betrayed, answers, volumes = (sum(one[rank] for one in found) for rank in range(3))
    print(
        f"\n{HISTORIES} histories in {4 * HISTORIES} PDFs: {answers} survey figures, {volumes} volumes; {betrayed} betrayed"
    )
    assert betrayed == 0 and answers > HISTORIES * len(QUESTIONS) and volumes > HISTORIES


@pytest.mark.long
def test_without_bands_the_pdfs_betray_somebody(monkeypatch):
    monkeypatch.setattr(bands, "band", lambda value, n: Figure.exact(value))
    assert any(attack(seed)[0] for seed in range(6))


@pytest.mark.long
def test_without_the_ledger_the_pdfs_betray_few(monkeypatch):
    monkeypatch.setattr(ledger, "protect", lambda exercice, lines: None)
    assert any(attack(seed)[0] for seed in range(4))
