"""How long the rank auditor takes on 50 figures over 5 000 units: `.venv/bin/python scripts/bench_auditor.py`.

Prints one line a case: who is counted in each figure, the verdict on the fiftieth, steps of the search, seconds. The portal
gives it ten seconds (evaluation/services/ledger.py), after which a figure is withheld.
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evaluation.disclosure.auditor import audit
from evaluation.disclosure.rules import MIN_PEOPLE

FIGURES, UNITS = 50, 5000


def drawn(share: float) -> list[frozenset]:
    """Each figure counts each unit by chance."""
    chance = random.Random(7)  # noqa: S311 (the same units each time)
    return [frozenset((unit, None) for unit in range(UNITS) if chance.random() < share) for _ in range(FIGURES)]


def nested() -> list[frozenset]:
    """Each figure counts a hundred units more than the one before: editions of a growing programme."""
    return [frozenset((unit, None) for unit in range(100 * rank)) for rank in range(1, FIGURES + 1)]


def parts() -> list[frozenset]:
    """A total over the year, then 49 spans of it, each lived by all."""
    spans = [frozenset((unit, span) for unit in range(0, UNITS, 10)) for span in range(FIGURES - 1)]
    return [frozenset().union(*spans), *spans]


def main() -> None:
    cases = {f"{share:.0%} of units each": drawn(share) for share in (0.02, 0.5, 0.98)}
    cases |= {"growing by 100": nested(), "a year and 49 spans": parts()}
    for name, figures in cases.items():
        steps = 0

        def late() -> bool:
            nonlocal steps
            steps += 1
            return False

        begin = time.perf_counter()
        verdict = audit(figures[:-1], figures[-1], fewest=MIN_PEOPLE, late=late)
        print(f"{name:24} {verdict:12} {steps:4} steps {time.perf_counter() - begin:6.2f} s")


if __name__ == "__main__":
    main()
