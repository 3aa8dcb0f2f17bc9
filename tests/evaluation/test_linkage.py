"""The linkage test (trust 4.3): somebody who holds the database, the order in which people answered and every key.

Each wave has eight people who answer in an order of their own; each answer names its author for the test alone. The
attackers put the people in some order, the answers in another, and match them one to one. Chance gives one right match
of eight on average, with a variance of one, whatever the number: over 50 waves the mean lies in 1 ± 0.45 (three sigma).
"""

import json
import random
import statistics
import uuid

import pytest
from django.db import connection

from evaluation.enums import Moment
from evaluation.models import ClosedAnswer, OpenAnswer, Ticket, Wave, WaveInvitation
from evaluation.services import answers, closing, waves
from portal.preparation import load_reference
from tests.evaluation.surveys import bare_cycles, day, on, physically, sides, tokens

# How the rows lie in the file, and what else the engine knows of their order.
ORDERS = {"postgresql": ("ctid", "xmin::text::bigint", "ref"), "sqlite": ("rowid", "ref")}


class Attack:
    """Waves answered and closed through the services, and what each attacker gets right, before and after."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(20)
        self.before: dict[str, list[int]] = {}
        self.after: dict[str, list[int]] = {}
        cycles, self.people = bare_cycles(number)
        self.names = {person.pk: str(n) for n, person in enumerate(self.people, 1)}
        for cycle in cycles:
            self.one_wave(cycle)

    def one_wave(self, cycle) -> None:
        with on(0):
            wave = waves.start(
                cycle=cycle, moment=Moment.T0, closes_on=day(21), people=sides(self.people), pairs=4, chance=self.chance
            )
            links = tokens(wave)
            order = list(links)
            self.chance.shuffle(order)
            for person in order:
                self.answer(person, links[person])
            known = self.what_the_attacker_knows(wave, links, order)
            self.count(self.before, known, OpenAnswer, wave)
        with on(22):
            closing.close(wave=wave, by=None, chance=self.chance)
        self.count(self.after, known, ClosedAnswer, wave)

    def answer(self, person, token: str) -> None:
        """The author's number stands as the answer, for the test to know what is right."""
        answers.submit(token=token, answers={"TC1": self.names[person.pk]})

    def what_the_attacker_knows(self, wave: Wave, links: dict, order: list) -> dict[str, list[str]]:
        """People in the order in which they answered, as tickets were used, as they were invited."""
        owner = {waves.digest(token): self.names[person.pk] for person, token in links.items()}
        used = "xmin::text::bigint" if connection.vendor == "postgresql" else "rowid"
        invited = physically(WaveInvitation, wave, "person_id")
        return {
            "answering": [self.names[person.pk] for person in order],
            "tickets": [owner[one] for one in physically(Ticket, wave, "hash", used)],
            "invitations": [self.names[pk] for pk in invited],
        }

    def count(self, into: dict, known: dict, model, wave: Wave) -> None:
        authors = {row.ref: self.author(row) for row in model.objects.filter(wave=wave)}
        for order in ORDERS[connection.vendor]:
            rows = [authors[as_uuid(ref)] for ref in physically(model, wave, "ref", order)]
            for name, people in known.items():
                right = sum(one == other for one, other in zip(people, rows, strict=True))
                into.setdefault(f"{name} by {order}", []).append(right)

    @staticmethod
    def author(row) -> str:
        return str(json.loads(row.payload.open(row.ref))["TC1"])


def as_uuid(value) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def means(found: dict[str, list[int]]) -> dict[str, float]:
    return {attacker: statistics.mean(right) for attacker, right in found.items()}


def check(attack: Attack, number: int, tolerance: float) -> None:
    before, after = means(attack.before), means(attack.after)
    assert {len(right) for right in attack.after.values()} == {number}
    file = ORDERS[connection.vendor][0]
    assert before[f"answering by {file}"] >= 7.9, "while it is open, the rows themselves tell: the attack is a real one"
    far = {attacker: mean for attacker, mean in after.items() if abs(mean - 1) > tolerance}
    assert not far, f"after closing: {far}"


@pytest.mark.django_db
def test_after_closing_the_place_of_a_row_in_the_file_says_nothing():
    check(Attack(12), 12, tolerance=0.87)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_after_closing_neither_ctid_nor_xmin_nor_the_order_of_tickets_says_anything():
    load_reference()
    attack = Attack(50)
    assert means(attack.before)["tickets by xmin::text::bigint"] >= 7.9, "ticket and answer of one transaction"
    check(attack, 50, tolerance=0.45)
