"""Folders prepared once, for servers and tests to copy: database, secrets, static files, and what a builder adds.

On SQLite they are kept from one run to the next for some hours (a demonstration is dated from its day, a session lasts
eight hours), in the system's temporary folder, under a name made of all that decides what is inside.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg

from portal import clock
from tests import migrated

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "programmes", "pairing", "evaluation", "templates", "static", "fixtures")
LOCKED = ("requirements.txt", "package-lock.json")
WORLDS = ("tests/*.py", "tests/*/*world*.py")
KEPT_HOURS, KEPT_DAYS = 4, 1
# Databases of this test run, on PostgreSQL: the id of the process that started its workers.
RUN = f"resonance_{os.getppid() if 'PYTEST_XDIST_WORKER' in os.environ else os.getpid()}_"
_names = count(1)


# --- processes that work in a folder ----------------------------------------------------------------------------------
def clean_environment(folder: Path) -> dict[str, str]:
    """The environment of a demonstration in `folder`, without the settings of the test run itself."""
    ours = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "SECRET_KEY", "FIELD_KEYS", "PORT")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "DEMO": "1", "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}


def manage(env: dict[str, str], *arguments: str) -> str:
    return _run(env, "manage.py", *arguments)


def _run(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _python(env: dict[str, str], *paths: str) -> None:
    """Call each `package.module:function`, in one process of their own."""
    calls = [f"import {path.split(':')[0]}; {path.replace(':', '.')}()" for path in paths]
    _run(env, "-c", "; ".join(["import django; django.setup()", *calls]))


# --- on PostgreSQL ----------------------------------------------------------------------------------------------------
def on_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def database_url(name: str) -> str:
    """DATABASE_URL with another database name."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def on_server(statement: str, *values: str) -> list[tuple]:
    """Run a statement outside of any database of ours; its rows, if it has any."""
    parts = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"] or 5432,
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def drop_databases() -> None:
    """Those of the servers of this run, templates included."""
    for (name,) in on_server("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", RUN):
        on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _empty(url: str) -> None:
    import redis

    with redis.Redis.from_url(url) as connection:
        connection.flushdb()


# --- the prepared folders, and copies of them -------------------------------------------------------------------------
@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time, of whichever test run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepared_folder(shared: Path, prepare: str) -> Path:
    """A VAR_DIR with migrated database, reference rows, static files and what `prepare` adds.

    `prepare` is a management command with its arguments, or a dotted path `package.module:function`. `shared` is a
    folder of this test run, where it stands on PostgreSQL.
    """
    name = "".join(c if c.isalnum() else "_" for c in prepare.lower()) or "bare"
    place = shared if on_postgres() else _place()
    folder = place / f"{name}-{_state(worlds=':' in prepare)}"
    with locked(folder.with_suffix(".lock")):
        if (folder / "ready").exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        if not prepare:
            _make_bare(folder)
        else:
            env = clean_environment(folder) | _copied(prepared_folder(shared, ""), folder, f"{RUN}{name}"[:50])
            if ":" in prepare:
                _python(env, prepare)
            else:
                manage(env, *prepare.split())
        (folder / "ready").touch()
    return folder


def copy_of(template: Path, folder: Path, worker_id: str) -> dict[str, str]:
    """Copy a prepared folder and its database; the settings that a server on the copy needs."""
    source = (template / "database").read_text() if on_postgres() else ""
    settings = _copied(template, folder, f"{source}_{worker_id}_{next(_names)}"[:63])
    if redis_url := os.environ.get("REDIS_URL"):
        # One numbered database of Redis per server alive: two per process of the test run.
        number = 1 + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else 1
        number = 1 + (number * 4 + next(_names) % 4) % 15
        settings["REDIS_URL"] = urlunsplit(urlsplit(redis_url)._replace(path=f"/{number}"))
        _empty(settings["REDIS_URL"])
    return settings


def _make_bare(folder: Path) -> None:
    folder.mkdir()
    env = clean_environment(folder)
    if on_postgres():
        database = f"{RUN}bare"
        on_server(f'CREATE DATABASE "{database}"')
        (folder / "database").write_text(database)
        env["DATABASE_URL"] = database_url(database)
    else:
        migrated.bring(folder / "db.sqlite3")
    manage(env, "migrate", "--verbosity", "0")
    _python(env, "portal.preparation:load_reference", "portal.preparation:collect_static")


def _copied(template: Path, folder: Path, database: str) -> dict[str, str]:
    """`folder` made like `template`, on a `database` of its own; what a process that works there must be told."""
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("static", "ready", "database", "*.log"))
    (folder / "static").symlink_to((template / "static").resolve())
    if not on_postgres():
        return {}
    source = (template / "database").read_text()
    on_server(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
    (folder / "database").write_text(database)
    return {"DATABASE_URL": database_url(database)}


@cache
def _place() -> Path:
    """Where folders are kept for the present hours; those of other days go."""
    mine = Path(tempfile.gettempdir()) / f"resonance-prepared-{os.getuid()}"
    now = clock.now().astimezone(clock.ZoneInfo("Europe/Paris"))
    place = mine / f"{now:%Y-%m-%d}-{now.hour // KEPT_HOURS}"
    place.mkdir(parents=True, exist_ok=True)
    for other in mine.iterdir():
        if other != place and other.stat().st_mtime < time.time() - KEPT_DAYS * 86400:
            shutil.rmtree(other, ignore_errors=True)
    return place


@cache
def _state(*, worlds: bool) -> str:
    """All that decides what is inside: our sources, what they are locked to, and the tests' builders of `worlds`."""
    paths = [path for source in SOURCES for path in (ROOT / source).rglob("*") if "__pycache__" not in path.parts]
    paths += [ROOT / name for name in LOCKED]
    paths += [path for pattern in WORLDS if worlds for path in ROOT.glob(pattern)]
    state = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in paths if path.is_file()):
        state.update(f"{path.relative_to(ROOT)}:".encode() + path.read_bytes())
    return state.hexdigest()[:24]
