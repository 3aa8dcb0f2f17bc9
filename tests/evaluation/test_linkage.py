"""Linkage (trust 4.3): whoever holds the database, its files and its log learns nothing of who gave which answer.

tests/evaluation/crowd.py says how the attackers work. While a wave is open they succeed; once it is closed, chance does as
well. Not covered, and said in docs/methode-diffusion.md: somebody who holds the keys during the collection, or a copy of
the database or of its log from that time (kept 30 days at most).
"""

import json

import pytest
from django.db import connection

from portal import middleware
from tests.evaluation.crowd import Crowd, Managers
from tests.server import clean_environment, manage

# Who answered when is told, while the wave is open, by each of these.
TELLING = {Crowd: ("answering", "access log", "tickets", "mails", "sessions", "sign-ins")}
TELLING[Managers] = ("answering", "access log", "tickets")
PLACES = {"postgresql": ("place", "transaction", "file", "log"), "sqlite": ("place",)}
TEN = {
    "ids": "answering by id",
    "ctid": "answering by place",
    "xmin": "answering by transaction",
    "log of the database": "answering by log",
    "its files": "answering by file",
    "sizes": "answering by size",
    "sign-ins": "sign-ins by place",
    "sessions": "sessions by place",
    "mails": "mails by place",
    "tickets": "tickets by transaction",
    "access log": "access log by place",
}
# Three deviations for each named attacker; four for whichever of hundreds of orders lies farthest.
NAMED, FARTHEST = 0.22, 0.29


def check(crowd: Crowd, number: int, named: float, farthest: float) -> dict[str, float]:
    before, after = crowd.means(crowd.before), crowd.means(crowd.after)
    assert set(crowd.after) == set(crowd.before), "who attacks while it is open attacks once it is closed"
    assert {len(right) for right in (*crowd.before.values(), *crowd.after.values())} == {number}
    succeed = []
    for who in TELLING[type(crowd)]:
        if who == "tickets" and connection.vendor != "postgresql":
            continue
        for place in set(PLACES[connection.vendor]) - ({"log"} if connection.in_atomic_block else set()):
            succeed.append(f"{who} by {place}")
            succeed += [f"{who} against words by {place}"] if type(crowd) is Crowd else []
    for attacker in succeed:
        assert before[attacker] >= 7.9, f"{attacker}: while it is open, this attack succeeds: it is a real one"
    bounds = dict.fromkeys(after, farthest) | {name: named for name in TEN.values() if name in after}
    far = {attacker: mean for attacker, mean in after.items() if abs(mean - 1) > bounds[attacker]}
    assert not far, f"after closing: {far}"
    return after


def few(crowd: type[Crowd]) -> None:
    check(crowd(24).live(), 24, 0.87, 1)  # over four deviations, then five for hundreds of orders at once


@pytest.mark.django_db
@pytest.mark.parametrize("crowd", [Crowd, Managers])
def test_after_closing_the_place_of_a_row_in_the_file_says_nothing(crowd):
    few(crowd)


@pytest.mark.django_db
def test_without_its_padding_the_length_of_a_page_in_an_access_log_would_say_who_answered_what(monkeypatch):
    monkeypatch.setattr(middleware, "SAME_LENGTH", 1)
    crowd = Managers(3).live()
    assert crowd.means(crowd.after)["pages by pages"] == 8


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crowd", [Crowd, Managers])
def test_after_closing_neither_ctid_nor_xmin_nor_the_log_of_the_database_says_anything(crowd):
    few(crowd)


def many(crowd: Crowd) -> None:
    after = check(crowd.live(), 200, NAMED, FARTHEST)
    before = crowd.means(crowd.before)
    print(f"\n200 waves of 8 {type(crowd).__name__}, {connection.vendor}: right matches open, closed (chance: 1)")
    for name, attacker in TEN.items():
        if attacker in after:
            print(f"  {name:20} {before[attacker]:.2f} {after[attacker]:.2f}")
    print(f"  all {len(after)} couples of orders: {min(after.values()):.2f} to {max(after.values()):.2f}")


@pytest.mark.long
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crowd", [Crowd, Managers])
def test_two_hundred_waves_resist_ten_attackers(crowd):
    many(crowd(200))


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("crowd", [Crowd, Managers])
def test_two_hundred_waves_resist_on_sqlite(crowd):
    many(crowd(200))


def in_files(folder, number: int, protected: bool) -> list:
    """Everything there is truly committed: in a process and a database of its own."""
    env = clean_environment(folder)
    env.pop("DATABASE_URL", None)
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "collectstatic", "--verbosity", "0", "--no-input")
    script = f"from tests.evaluation.crowd import free_pages; free_pages({number}, protected={protected})"
    return json.loads(manage(env, "shell", "-c", script).splitlines()[-1])


@pytest.mark.long
def test_two_hundred_waves_leave_nothing_in_the_free_pages_of_sqlite(tmp_path):
    for folder in ("plain", "protected"):
        (tmp_path / folder).mkdir()
    left, _, _ = in_files(tmp_path / "plain", 40, protected=False)
    assert left > 0, "deleted answers left to lie would be read"
    found, none, by_pages = in_files(tmp_path / "protected", 200, protected=True)
    print(f"\nSQLite files: {left} deleted rows of 40 waves lie there unprotected, {found} of 200 as shipped")
    print(f"closed answers by their place in the file: {by_pages:.2f}")
    assert (found, none) == (0, None) and abs(by_pages - 1) <= NAMED
