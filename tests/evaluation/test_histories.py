"""Non-interference over years: editions kept and compared, two exercices, two employers, and still nothing is told.

Both twins of tests/evaluation/histories.py publish the same at each step; a reader who holds all of it cannot tell them apart.
"""

import pytest
from django.db import transaction

from evaluation.services import ledger
from tests.evaluation.histories import CORRECTIONS, LongShape, LongTwin, everybody_reads, figures

pytestmark = pytest.mark.django_db
A_FEW, MANY = ((3, "ended"), (8, "signed"), (27, "erased")), 120


def lived(shape: LongShape, name: str, look) -> tuple[dict, LongTwin]:
    with transaction.atomic():
        twin = LongTwin(shape, name)
        found = twin.live(look)
        transaction.set_rollback(True)
    return found, twin


def differences(seed: int, correction: str = "", look=everybody_reads) -> list[str]:
    shape = LongShape(seed, correction)
    (one, twin), (other, twin_too) = (lived(shape, f"{seed}.{name}", look) for name in "ab")
    assert twin.raw != twin_too.raw, f"seed {seed}: the two programmes are the same"
    if twin.applied != twin_too.applied:  # Nothing to correct in one of them: their editions are not to be equal.
        return []
    return [f"{name} of {seed} ({shape.correction})" for name in one if one[name] != other[name]]


@pytest.mark.parametrize(("seed", "correction"), A_FEW)
def test_every_edition_kept_tells_nothing_more(seed, correction):
    assert differences(seed, correction) == []


@pytest.mark.parametrize(("weakening", "seed"), [("_verdicts", 3), ("_keep_what_is_said", 1)])
def test_without_a_rule_a_pair_known_late_to_have_ended_tells_the_twins_apart(monkeypatch, weakening, seed):
    monkeypatch.setattr(ledger, weakening, lambda *_: [])
    assert differences(seed, "ended", figures)


@pytest.mark.long
def test_many_histories_are_the_same_everywhere():
    found = [name for seed in range(MANY) for name in differences(seed)]
    print(f"\n{MANY} pairs of histories ({', '.join(CORRECTIONS)}): {len(found)} differences")
    assert found == []
