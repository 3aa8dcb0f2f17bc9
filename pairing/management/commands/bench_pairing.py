"""`manage.py bench_pairing`: how long a run takes, from the database and back, with its proof; nothing is kept."""

import json
import resource
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from pairing.enums import RunMode
from pairing.matching.solve import bare_scipy
from pairing.services import bench_people, matching, matching_input
from pairing.services.bench import AT_ONCE_CELLS
from pairing.services.runs import store_run
from programmes.enums import Form
from programmes.models import Programme

STAGES = ("load_s", "score_s", "solve_s", "bare_scipy_s", "certificate_s", "explain_s", "store_s", "total_s")


class Command(BaseCommand):
    help = "Mesure un rapprochement sur des personnes fictives, sans rien garder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--helped", type=int, required=True, help="personnes qui attendent")
        parser.add_argument("--helpers", type=int, required=True, help="pairs-aidants")
        parser.add_argument(
            "--capacity", type=int, default=3, help="places par pair-aidant, de 1 à ce nombre (5 au plus)"
        )
        parser.add_argument("--seed", type=int, default=1, help="les mêmes personnes pour la même graine")
        parser.add_argument("--json", action="store_true", help="une ligne de JSON")

    def handle(self, *args, **options) -> None:
        if not (options["helped"] > 0 and options["helpers"] > 0 and 1 <= options["capacity"] <= 5):
            raise CommandError("Il faut au moins une personne de chaque côté, et de 1 à 5 places.", returncode=2)
        with transaction.atomic():
            figures = measure(**{name: options[name] for name in ("helped", "helpers", "capacity", "seed")})
            transaction.set_rollback(True)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write("\n".join(f"{name:>18} {value}" for name, value in figures.items()))


class Stopwatch:
    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.last = self.first = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.times[f"{stage}_s"], self.last = now - self.last, now


def measure(*, helped: int, helpers: int, capacity: int, seed: int) -> dict:
    """The figures of one run, stage by stage, as the product does it; SciPy alone and the peak of memory beside."""
    programme = bench_people.build(helped=helped, helpers=helpers, capacity=capacity, seed=seed)
    from scipy.optimize import linear_sum_assignment  # noqa: F401  a worker has it at hand: reading SciPy is not the run
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: F401

    watch = Stopwatch()
    loaded, staged, details = _run(programme, seed, watch)
    watch.times["total_s"] = watch.last - watch.first
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    alone = bare_scipy(loaded.problem, seed=seed)
    watch.last = time.perf_counter()
    alone()
    watch.lap("bare_scipy")
    return {
        **{stage: round(watch.times[stage], 4) for stage in STAGES},
        "peak_mib": round(peak),
        "paired": len(staged),
        "optimum_checked": details["optimum_checked"],
    }


def _run(programme: Programme, seed: int, watch: Stopwatch) -> tuple:
    loaded = matching_input.load(programme, Form.PAIR)
    text = matching_input.to_text(loaded, mode=RunMode.CRITERIA, seed=seed)
    if helped_by_helpers(loaded) > AT_ONCE_CELLS:  # a worker reads it again
        loaded, _ = matching_input.from_text(text)
    watch.lap("load")
    staged, left, details = matching.compute(loaded, mode=RunMode.CRITERIA, seed=seed, lap=watch.lap)
    store_run(
        programme=programme,
        form=Form.PAIR,
        mode=RunMode.CRITERIA,
        by=None,
        staged=staged,
        unpaired=left,
        algorithm=matching.METHOD,
        seed=seed,
        input_text=text,
        certificate=details,
    )
    watch.lap("store")
    return loaded, staged, details


def helped_by_helpers(loaded: matching_input.Loaded) -> int:
    n, m = loaded.problem.shape
    return n * m
