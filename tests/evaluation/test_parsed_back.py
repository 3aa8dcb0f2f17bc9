"""What a reader holds, read back from the page and from the workbook, then given to the attackers: nobody is betrayed.

The figures come from the files themselves, not from the code that wrote them; who stands behind them is what the test knows.
"""

import random
import re

import pytest
from django.db import transaction

from evaluation import tables
from evaluation.disclosure import auditor, bands
from evaluation.disclosure.figures import Figure
from evaluation.disclosure.rules import MIN_PAIRS, MIN_PEOPLE
from evaluation.disclosure.surveys import agrees
from evaluation.services import ledger, releases
from portal.typography import french
from programmes.enums import Side
from tests.evaluation import sheets, world
from tests.evaluation.attacker import Shown, pins_somebody
from tests.evaluation.twins import QUESTIONS, Shape, Twin, rendered

pytestmark = pytest.mark.django_db
A_FEW, MANY = (0, 6, 10), 200
SIDES = {Side(side).label: side for side in (Side.HELPER, Side.HELPED)}
LIVED = range(3, 13)  # pairs of these histories begin on the first of March
SPLIT = re.compile(r"(?:([^:;]+)\s: )?(\d+)(?: à (\d+))? sur \d+(?: \([^)]*\))?")


def undone(function, *given):
    """Its rows are lived, read, then undone."""
    with transaction.atomic():
        result = function(*given)
        transaction.set_rollback(True)
    return result


def people_of(side: str, everybody: list[str]) -> frozenset[int]:
    return frozenset(rank for rank, one in enumerate(everybody) if not side or one == side)


def from_workbook(book: dict, code: str, everybody: list[str]) -> set[Shown]:
    rows = [row for row in book.get("Enquêtes", []) if row["Code"] == code and isinstance(row["Au moins"], int)]
    return {
        Shown(people_of(SIDES.get(row["Côté"], ""), everybody), Figure(row["Au moins"], row["Au plus"])) for row in rows
    }


def from_page(page: str, question: str, everybody: list[str]) -> set[Shown]:
    found = set()
    for rows in sheets.page_tables(page).values():
        for row in rows:
            if row[0] == question:
                for side, lo, hi in SPLIT.findall(row[-1]):
                    people = people_of(SIDES.get(side.strip(), ""), everybody)
                    found.add(Shown(people, Figure(int(lo), int(hi or lo))))
    return found


def answers_betrayed(seed: int) -> tuple[int, int]:
    """(questions by which somebody is betrayed, figures read) in the files of this programme."""
    twin = Twin(Shape(seed), f"{seed}.read")
    document = rendered(twin.build())
    rows = next(one for one in twin.raw if isinstance(one, list))
    everybody = [side for side, _ in rows]
    book = sheets.workbook(tables.as_ods(document.document))
    betrayed = read = 0
    for code in QUESTIONS:
        texts = [row["Ce qui est compté"] for row in book["Enquêtes"] if row["Code"] == code]
        shown = from_workbook(book, code, everybody)
        question = texts[0].removesuffix(f" ({document.document.content['methods']['agree']})")
        assert from_page(document.shell, french(question), everybody) == shown
        betrayed += bool(everybody) and pins_somebody([agrees(given[code]) for _, given in rows], list(shown))
        read += len(shown)
    return betrayed, read


def volumes_betray(seed: int) -> tuple[bool, int]:
    """(whether the editions of a growing programme betray few pairs or people, figures read)."""
    chance = random.Random(seed)
    made, exercice = world.programme()
    pairs, held = 0, {code: [] for code in ("E01", "E02", "E06R")}
    for _ in range(chance.randint(2, 3)):
        added = chance.choice((1, 2, 3, 6, 10))
        for pair in world.pairs(made, added):
            world.meet(pair, chance.randint(0, 4))
        pairs += added
        with world.after():
            document = rendered(releases.establish(exercice=exercice)).document
        book = sheets.workbook(tables.as_ods(document))
        for row in [*book["Chiffres"], *book.get("Au fil de la période", [])]:
            if row["Code"] in held and isinstance(row["Au moins"], int):
                dates = re.findall(r"\d\d/(\d\d)/\d{4}", row["Période ou moment"])
                months = range(int(dates[0]), int(dates[1]) + 1) if dates else LIVED
                held[row["Code"]].append({(one, month) for one in range(pairs) for month in months if month in LIVED})
    betrayed = any(
        auditor.betrays(figures, fewest=MIN_PAIRS) or auditor.betrays(map(as_people, figures), fewest=MIN_PEOPLE)
        for figures in held.values()
    )
    return betrayed, sum(map(len, held.values()))


def as_people(figure: set[tuple[int, int]]) -> set:
    """What a pair brought was brought by each of its two people."""
    return {((pair, who), (pair, month)) for pair, month in figure for who in (0, 1)}


def totals(attack, seeds) -> tuple[int, int]:
    found = [undone(attack, seed) for seed in seeds]
    return sum(betrayed for betrayed, _ in found), sum(read for _, read in found)


@pytest.mark.parametrize("attack", [answers_betrayed, volumes_betray])
def test_what_is_read_in_the_files_betrays_nobody(attack):
    betrayed, read = totals(attack, A_FEW)
    assert betrayed == 0 and read > 0


def test_without_bands_the_files_betray_somebody(monkeypatch):
    monkeypatch.setattr(bands, "band", lambda value, n: Figure.exact(value))
    assert totals(answers_betrayed, (6, 10, 0))[0] > 0


def test_without_the_ledger_the_editions_betray_few(monkeypatch):
    monkeypatch.setattr(ledger, "protect", lambda exercice, lines: None)
    assert totals(volumes_betray, range(4))[0] > 0


@pytest.mark.long
@pytest.mark.parametrize("attack", [answers_betrayed, volumes_betray])
def test_two_hundred_histories_read_back_betray_nobody(attack):
    betrayed, read = totals(attack, range(MANY))
    print(f"\n{attack.__name__}: {MANY} histories, {read} figures read, {betrayed} betrayed")
    assert betrayed == 0 and read > MANY
