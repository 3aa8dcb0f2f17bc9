"""Guard rails and fixtures shared by all tests; see also tests/settings.py, tests/server.py and tests/browser.py."""

import datetime as dt
import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import engines
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from portal import clock
from portal.preparation import load_reference
from tests import migrated
from tests.guard_rails import UndefinedVariable

pytest_plugins = ["tests.server", "tests.browser"]

# The same examples on every run; a slow machine is no failure.
hypothesis_settings.register_profile(
    "house", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


def _away_from_midnight() -> dt.timedelta:
    """So many days of 24 hours from late in the evening is another day, once the clocks have changed meanwhile."""
    hour = dt.datetime.now(ZoneInfo("Europe/Paris")).hour
    return dt.timedelta(hours=6 if hour < 4 else -6 if hour >= 20 else 0)


AHEAD = _away_from_midnight()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the fixtures of its module. A test that talks to a server keeps the real time, as the server does."""
    with_server = item.get_closest_marker("browser") or {"server", "new_server"} & set(item.fixturenames)
    clock.ahead = dt.timedelta() if with_server else AHEAD


def pytest_collection_finish() -> None:
    # The tests themselves live as long as the process, as in PortalConfig.ready.
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    # In the process that started the others, once they are done.
    from tests.prepared import drop_databases, on_postgres

    if not hasattr(session.config, "workerinput") and on_postgres():
        drop_databases()


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.VAR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings) -> bool:
    """Whether the test database is already there, migrated: a copy of the one an earlier run made."""
    if connection.vendor != "sqlite":
        return False
    return migrated.bring(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker) -> Iterator[None]:
    """The migrated test database, with the reference rows every test may rely on."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite" and not django_db_keepdb:
            migrated.keep(Path(connection.settings_dict["NAME"]))
        load_reference()
        # Warmed once, or the number of queries would depend on the order of the tests.
        ContentType.objects.get_for_models(*apps.get_models())
    yield
    if connection.vendor == "postgresql":
        # A thread of some test may have kept a session: the database could not be dropped.
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test that truly commits leaves empty tables; any test may run after it, for workers take over each other's."""
    result = yield
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or (marker and marker.kwargs.get("transaction"))
    if commits and nextitem is not None:  # after the last one there is no database any more
        with item.config.stash[blocking_manager_key].unblock():
            load_reference()
    return result


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    """For fixtures of a whole module: the rows they make serve all its tests, each undoing its own, then are undone.

    Hand out keys, and let each test read its own objects.
    """
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
        yield
        TestCase._rollback_atomics(atomics)


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    engines["django"].engine.string_if_invalid = UndefinedVariable()


@pytest.fixture(autouse=True)
def _time_zone() -> Iterator[None]:
    """A test that switches the time zone does not change it for the next one."""
    yield
    timezone.deactivate()


@pytest.fixture
def committed(django_capture_on_commit_callbacks) -> Callable:
    """`with committed(): service(…)`: what waits for the commit is done at the end of the block."""

    def run():
        return django_capture_on_commit_callbacks(execute=True)

    return run
