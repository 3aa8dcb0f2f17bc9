"""A personal code: eight signs that somebody keeps from one survey to the next, and may mistype. Pure.

Four signs are drawn, four check them: a shortened Reed-Solomon code over the field of 32 elements, two codes of which
differ in at least five places. So one wrong sign, or two neighbours swapped, is put right; and whoever mistypes two signs
is never taken for somebody else (two wrong signs and a swap are four places, one less than what separates two codes).

The signs are those of Crockford's base 32: no I, L, O, U; an O is read as a nought, an I or an L as a one.
`static/js/personal-code.js` draws the same codes in the browser.
"""

import secrets
from collections.abc import Iterable
from random import Random

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN, LENGTH = 4, 8
ALIKE = str.maketrans("OIL", "011")
# Powers of a generator of the field, whose polynomial is x⁵ + x² + 1.
POWERS = [1]
while len(POWERS) < len(SIGNS) - 1:
    POWERS.append(POWERS[-1] << 1 ^ (0b100101 if POWERS[-1] & 16 else 0))
LOGS = {power: log for log, power in enumerate(POWERS)}
# x⁴ + 15x³ + 19x² + 23x + 10, whose roots are the first four powers; the leading one is left out.
GENERATOR = (15, 19, 23, 10)
APART = frozenset(" -\u00a0\u202f\u2010\u2011\u2013\u2014")


def draw(chance: Random | None = None) -> str:
    """A new code. Nobody else knows it, and nothing keeps it."""
    number = (chance or secrets.SystemRandom()).getrandbits(5 * DRAWN)
    drawn = [number >> 5 * place & 31 for place in range(DRAWN)]
    return _text([*drawn, *_checks(drawn)])


def grouped(code: str) -> str:
    """« 7KQ4-M2XD »: as it is shown and noted."""
    return f"{code[:DRAWN]}-{code[DRAWN:]}"


def read(typed: str) -> str | None:
    """The code that somebody meant, one wrong sign or one swap put right; None when it cannot be told for sure."""
    signs = [SIGNS.find(sign) for sign in typed.upper().translate(ALIKE) if sign not in APART]
    if len(signs) != LENGTH or signs.count(-1) > 1:
        return None
    signs = [max(sign, 0) for sign in signs]  # what is no sign of ours is one wrong sign
    meant = _put_right(signs)
    return _text(meant) if meant else None


def _put_right(signs: list[int]) -> list[int] | None:
    """The only code that near: codes lie too far apart for two of them to be."""
    gap = _gap(signs)
    if not gap:
        return signs
    if gap in ONE_WRONG:
        place, wrong = ONE_WRONG[gap]
        return [*signs[:place], signs[place] ^ wrong, *signs[place + 1 :]]
    for place in range(LENGTH - 1):
        swapped = [*signs[:place], signs[place + 1], signs[place], *signs[place + 2 :]]
        if not _gap(swapped):
            return swapped
    return None


def _gap(signs: list[int]) -> int:
    """Nought for a code, else what its wrong signs add up to."""
    checks = _checks(signs[:DRAWN])
    return sum((one ^ other) << 5 * rank for rank, (one, other) in enumerate(zip(checks, signs[DRAWN:], strict=True)))


def _checks(drawn: list[int]) -> list[int]:
    """The rest of the division by GENERATOR."""
    rest = [0] * (LENGTH - DRAWN)
    for sign in drawn:
        lead = rest[0] ^ sign
        rest = [low ^ _times(lead, factor) for low, factor in zip([*rest[1:], 0], GENERATOR, strict=True)]
    return rest


def _times(one: int, other: int) -> int:
    return POWERS[(LOGS[one] + LOGS[other]) % len(POWERS)] if one and other else 0


def _text(signs: Iterable[int]) -> str:
    return "".join(SIGNS[sign] for sign in signs)


ONE_WRONG = {
    _gap([wrong * (place == rank) for rank in range(LENGTH)]): (place, wrong)
    for place in range(LENGTH)
    for wrong in range(1, len(SIGNS))
}
