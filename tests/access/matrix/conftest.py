"""The world of the matrix, built once for the file that uses it and undone at the end."""

import logging

import pytest
from django.test import TestCase

from tests.access.matrix.actors import cast
from tests.access.matrix.world import build


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """(world, actors). Refusals by the thousand are not worth a line of log each."""
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
        logging.disable(logging.CRITICAL)
        try:
            world = build()
            yield world, cast(world)
        finally:
            logging.disable(logging.NOTSET)
            TestCase._rollback_atomics(atomics)
