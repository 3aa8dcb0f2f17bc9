"""The world of the matrix, built once for the file that uses it and undone at the end."""

import logging
from collections.abc import Iterator

import pytest

from tests.access.matrix.actors import Actor, cast
from tests.access.matrix.world import World, build


@pytest.fixture(scope="module")
def stage(module_rows) -> Iterator[tuple[World, list[Actor]]]:
    """(world, actors). Refusals by the thousand are not worth a line of log each."""
    logging.disable(logging.CRITICAL)
    try:
        world = build()
        yield world, cast(world)
    finally:
        logging.disable(logging.NOTSET)
