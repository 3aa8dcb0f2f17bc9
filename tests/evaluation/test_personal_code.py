"""A personal code forgives one slip, and never takes somebody who made two for somebody else."""

import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from evaluation.personal_code import ALIKE, DRAWN, LENGTH, LOGS, POWERS, SIGNS, _checks, _times, draw, grouped, read

CODES = [draw(random.Random(seed)) for seed in range(20)]


def typed(code: str, place: int, sign: str) -> str:
    return code[:place] + sign + code[place + 1 :]


def swapped(code: str, place: int) -> str:
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def slips(code: str) -> list[str]:
    """Every way to get one sign wrong, and every couple of neighbours swapped."""
    wrong = [typed(code, place, sign) for place in range(LENGTH) for sign in SIGNS]
    return wrong + [swapped(code, place) for place in range(LENGTH - 1)]


def test_the_signs_cannot_be_taken_for_one_another():
    assert len(set(SIGNS)) == 32 and not set("ILOU") & set(SIGNS)
    assert sorted(POWERS) == list(range(1, 32)), "the field is whole"
    assert set("OIL".translate(ALIKE)) <= set(SIGNS)


def test_a_code_is_read_as_it_is_written():
    code = CODES[0]
    assert len(code) == LENGTH and set(code) <= set(SIGNS)
    for said in (code, grouped(code), f" {code[:3]} {code[3:]} ".lower(), grouped(code).replace("-", "\u2011")):
        assert read(said) == code
    zeros = "0" * LENGTH
    assert read("oOoOoOoO") == read(zeros) == zeros


def test_codes_are_not_drawn_twice_among_a_programme():
    assert len({draw() for _ in range(40)}) >= 39
    assert len({code[0] for code in (draw() for _ in range(400))}) > 20


def test_any_two_codes_differ_in_five_places():
    """All of them: the difference of two codes is a code, so the lightest one says how far apart they are."""
    drawn = np.array(list(itertools.product(range(32), repeat=DRAWN)), dtype=np.int64)
    logs = np.array([LOGS.get(value, 0) for value in range(32)])
    powers = np.array(POWERS)

    def times(one, factor):
        return np.where(one == 0, 0, powers[(logs[one] + LOGS[factor]) % 31])

    columns = [_checks([int(place == rank) for rank in range(DRAWN)]) for place in range(DRAWN)]
    checks = np.zeros_like(drawn)
    for place, factors in enumerate(columns):
        for rank, factor in enumerate(factors):
            checks[:, rank] ^= times(drawn[:, place], factor)
    some = random.Random(3).sample(range(len(drawn)), 200)
    assert all(_checks(drawn[row].tolist()) == checks[row].tolist() for row in some), (
        "the same checks as the code's own"
    )
    weights = (drawn != 0).sum(axis=1) + (checks != 0).sum(axis=1)
    assert weights[0] == 0 and weights[1:].min() == 5


def test_multiplication_is_that_of_the_field():
    for one, other in itertools.product(range(32), repeat=2):
        product = 0
        for bit in range(5):
            product ^= (one << bit) if other >> bit & 1 else 0
        for bit in range(9, 4, -1):
            product ^= (0b100101 << bit - 5) if product >> bit & 1 else 0
        assert _times(one, other) == product


@pytest.mark.parametrize("code", CODES[:4])
def test_any_one_slip_is_put_right(code):
    assert {read(one) for one in slips(code)} == {code}


def test_two_wrong_signs_never_make_somebody_else():
    """All couples of wrong signs of one code: by linearity they stand for those of every code."""
    code, other = CODES[0], set()
    for first, second in itertools.combinations(range(LENGTH), 2):
        for one, two in itertools.product(SIGNS, repeat=2):
            if one != code[first] and two != code[second]:
                other.add(read(typed(typed(code, first, one), second, two)))
    assert other <= {None, code} and None in other


def test_two_slips_of_any_kind_reach_nobody_of_a_programme():
    """A sign and a swap, or two swaps, may reach another code of the million; not by chance one of forty colleagues."""
    chance = random.Random(11)
    reached = total = 0
    for _ in range(60):
        codes = [draw(chance) for _ in range(40)]
        mine, others = codes[0], set(codes[1:])
        for _ in range(25):
            twice = chance.choice(slips(chance.choice(slips(mine))))
            total += 1
            reached += read(twice) in others - {mine}
    assert (reached, total) == (0, 1500)


@pytest.mark.long
def test_two_wrong_signs_of_forty_thousand_codes_reach_nobody():
    chance, reached, unread = random.Random(12), 0, 0
    signs = list(SIGNS)
    for _ in range(40_000):
        code = draw(chance)
        places = chance.sample(range(LENGTH), 2)
        twice = code
        for place in places:
            twice = typed(twice, place, chance.choice([sign for sign in signs if sign != code[place]]))
        said = read(twice)
        reached += said not in (None, code)
        unread += said is None
    print(f"\n40000 codes with two wrong signs: {unread} refused, {reached} taken for another")
    assert reached == 0


@pytest.mark.parametrize("said", ["", "1234", "123456789", "????????", "U2345678"])
def test_what_is_no_code_is_refused(said):
    assert read(said) is None


def test_the_browser_draws_the_same_codes():
    """The script itself, run apart from any page: its codes pass our checks, its randomness is the browser's."""
    script = (settings.BASE_DIR / "static/js/personal-code.js").read_text(encoding="utf-8")
    assert "fetch" not in script and "XMLHttpRequest" not in script and "Storage" not in script
    page = """
    const field = { dataset: {}, value: '' }
    globalThis.document = { querySelector: () => field, getElementById: () => null, body: {} }
    const drawn = []
    for (let n = 0; n < 300; n++) { (0, eval)(process.argv[1]); drawn.push(field.value) }
    console.log(drawn.join('\\n'))
    """
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    made = subprocess.run([node, "-e", page, script], capture_output=True, text=True, check=True, timeout=60)
    codes = made.stdout.split()
    assert len(codes) == 300 and len(set(codes)) > 295
    assert all(code == grouped(read(code)) for code in codes)
