"""`manage.py bench_pairing`: one line of figures, a proved run, and nothing left behind."""

import io
import json

from django.core.management import CommandError, call_command
from django.test import TestCase

from pairing.models import Run
from portal.models import Person
from programmes.models import Participation, Programme

KEYS = [
    "load_s",
    "score_s",
    "solve_s",
    "bare_scipy_s",
    "certificate_s",
    "explain_s",
    "store_s",
    "total_s",
    "peak_mib",
    "paired",
    "optimum_checked",
]


class BenchPairingTests(TestCase):
    def test_one_line_of_json_with_a_proved_optimum_and_nothing_kept(self) -> None:
        out = io.StringIO()
        call_command("bench_pairing", helped=30, helpers=12, capacity=2, seed=4, json=True, stdout=out)
        figures = json.loads(out.getvalue())
        self.assertEqual(list(figures), KEYS)
        self.assertTrue(figures["optimum_checked"])
        self.assertTrue(0 < figures["paired"] <= 24)
        self.assertLess(sum(figures[f"{stage}_s"] for stage in ("load", "score", "solve")), figures["total_s"])
        for model in (Run, Participation, Programme, Person):
            self.assertFalse(model.objects.exists(), model)

    def test_without_json_the_same_figures_one_per_line_and_wrong_numbers_are_refused(self) -> None:
        out = io.StringIO()
        call_command("bench_pairing", helped=3, helpers=2, stdout=out)
        self.assertEqual([line.split()[0] for line in out.getvalue().splitlines()], KEYS)
        with self.assertRaises(CommandError):
            call_command("bench_pairing", helped=0, helpers=2)
