"""The access matrix (trust 6.2): every route about an object, twenty-four actors, their own objects and those of others.

docs/access.yml is the oracle of who opens what, readers.py of which words are met there. Each request is undone.
"""

import pytest

from scripts.registry import routes
from tests.access.matrix.objects import OBJECTS, PLAIN_PREFIXES
from tests.access.matrix.run import walk

pytestmark = pytest.mark.django_db
ENOUGH = 0.95


def test_every_route_says_which_object_it_is_tried_on():
    names = {route.name for route in routes() if not route.name.startswith(PLAIN_PREFIXES)}
    assert not names - OBJECTS.keys(), (
        f"{sorted(names - OBJECTS.keys())}: add to tests/access/matrix/objects.py how the parameters of the address are "
        "filled for one programme of the world, or PLAIN if the page shows nothing of one employer"
    )
    assert not OBJECTS.keys() - names, f"{sorted(OBJECTS.keys() - names)} are no routes: remove them from objects.py"


def test_nobody_opens_nor_reads_nor_changes_what_is_not_theirs(stage):
    world, actors = stage
    report = walk(world, actors)
    print(f"\naccess matrix: {report.cells} cells, {len(report.wrong)} leaks; {dict(report.verdicts)}")
    print(f"{report.shown} of {report.promised} pages show something of their object; {world.marks} marks")
    assert not report.wrong, "\n".join(report.wrong[:60])
    blank = "\n".join(report.blank[:40])
    assert report.shown >= ENOUGH * report.promised, f"pages that may be opened and show nothing:\n{blank}"
