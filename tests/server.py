"""A real server process on a copy of a prepared folder: own database, own secrets, own queue.

A module asks for it with the fixture `server`, and says what it needs:

    SERVER = {"prepare": "build_demo", "workers": True, "env": {"JOB_LEASE_SECONDS": "3"}}

`prepare` is a management command with its arguments, or a dotted path `package.module:function`, run once per test run
in the folder that the servers then copy. `workers` starts the worker and the scheduler too.
"""

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg
import pytest

from portal import supervisor
from tests import migrated

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
# Databases of this test run, on PostgreSQL: the id of the process that started its workers.
RUN = f"resonance_{os.getppid() if 'PYTEST_XDIST_WORKER' in os.environ else os.getpid()}_"
_names = count(1)


class Server:
    """One running portal. `url` is its address; `folder` its VAR_DIR."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.env = {**clean_environment(folder), "BASE_URL": self.url, **settings}
        self._processes: dict[str, subprocess.Popen] = {}

    # --- processes ------------------------------------------------------------------------------------------------
    def start_web(self) -> None:
        self._start("web", supervisor.web(f"fd://{self._socket.fileno()}", workers=1))
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._processes["web"].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not start:\n{self.log('web')}")
            time.sleep(0.05)

    def start_worker(self) -> None:
        self._start("worker", supervisor.WORKER)

    def start_scheduler(self) -> None:
        self._start("scheduler", supervisor.SCHEDULER)

    def kill_worker(self) -> None:
        """As a machine that loses power: no time to put anything away."""
        self._end("worker", signal.SIGKILL)

    def stop_worker(self) -> None:
        self._end("worker", signal.SIGTERM)

    def stop(self) -> None:
        for name in list(self._processes):
            self._end(name, signal.SIGTERM)
        self._socket.close()

    def log(self, name: str) -> str:
        """What the process `web`, `worker` or `scheduler` has written so far."""
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def manage(self, *arguments: str) -> str:
        """`manage.py` with these arguments, on this server's data; its output."""
        return manage(self.env, *arguments)

    def rows(self, query: str) -> list[tuple]:
        """Read the server's database directly: quicker than a command, to catch a worker in the act."""
        if on_postgres():
            with psycopg.connect(self.env["DATABASE_URL"]) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(f"file:{self.folder}/db.sqlite3?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def mail_to(self, address: str, words: str, seconds: float = 40) -> str:
        """The whole text of the message to `address` that holds `words`, once the worker has sent it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for file in (self.folder / "courrier").glob("*.eml"):
                message = message_from_bytes(file.read_bytes(), policy=policy.default)
                text = f"{message['Subject']}\n{message.get_content()}"
                if message["To"] == address and words in text:
                    return text
            time.sleep(0.05)
        raise AssertionError(f"no message to {address} with « {words} »\n{self.log('worker')}")

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[self._socket.fileno()],
                preexec_fn=supervisor.die_with_parent,
            )

    def _end(self, name: str, number: signal.Signals) -> None:
        process = self._processes.pop(name, None)
        if process is None:
            return
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(supervisor.GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _answers(self) -> bool:
        address = urlsplit(self.url)
        connection = HTTPConnection(address.hostname, address.port, timeout=10)
        try:
            connection.request("GET", "/compte/login/")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


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


def _python(env: dict[str, str], path: str) -> None:
    """Call `package.module:function` in a process of its own."""
    module, function = path.split(":")
    _run(env, "-c", f"import django; django.setup(); import {module} as module; module.{function}()")


# --- the prepared folder, and copies of it ---------------------------------------------------------------------------
@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process of the test run at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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


def prepared_folder(shared: Path, prepare: str) -> Path:
    """A VAR_DIR with migrated database, reference rows, static files and what `prepare` adds: made once per run."""
    name = "".join(c if c.isalnum() else "_" for c in prepare.lower()) or "bare"
    folder = shared / f"template-{name}"
    with locked(shared / f"template-{name}.lock"):
        if (folder / "ready").exists():
            return folder
        folder.mkdir()
        env = clean_environment(folder)
        if on_postgres():
            database = f"{RUN}{name}"[:50]
            on_server(f'CREATE DATABASE "{database}"')
            (folder / "database").write_text(database)
            env["DATABASE_URL"] = database_url(database)
        else:
            migrated.bring(folder / "db.sqlite3")
        manage(env, "migrate", "--verbosity", "0")
        _python(env, "portal.preparation:load_reference")
        _python(env, "portal.preparation:collect_static")
        if ":" in prepare:
            _python(env, prepare)
        elif prepare:
            manage(env, *prepare.split())
        (folder / "ready").touch()
    return folder


def copy_of(template: Path, folder: Path, worker_id: str) -> dict[str, str]:
    """Copy a prepared folder and its database; the settings that a server on the copy needs."""
    ignored = shutil.ignore_patterns("static", "ready", "database", "*.log")
    shutil.copytree(template, folder, ignore=ignored)
    (folder / "static").symlink_to(template / "static")
    settings = {}
    if on_postgres():
        source = (template / "database").read_text()
        name = f"{source}_{worker_id}_{next(_names)}"[:63]
        on_server(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        (folder / "database").write_text(name)
        settings["DATABASE_URL"] = database_url(name)
    if redis_url := os.environ.get("REDIS_URL"):
        # One numbered database of Redis per server alive: two per process of the test run.
        number = 1 + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else 1
        number = 1 + (number * 4 + next(_names) % 4) % 15
        settings["REDIS_URL"] = urlunsplit(urlsplit(redis_url)._replace(path=f"/{number}"))
        _empty(settings["REDIS_URL"])
    return settings


def _empty(url: str) -> None:
    import redis

    with redis.Redis.from_url(url) as connection:
        connection.flushdb()


# --- fixtures ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def new_server(tmp_path_factory, worker_id) -> Iterator[Callable[..., Server]]:
    """`new_server(prepare=…, workers=…, env=…)`: starts a server that lives until the end of the run, or `.stop()`."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if worker_id != "master" else base
    servers: list[Server] = []

    def start(*, prepare: str = "", workers: bool = False, env: dict[str, str] | None = None) -> Server:
        template = prepared_folder(shared, prepare)
        folder = base / f"server-{next(_names)}"
        server = Server(folder, {**copy_of(template, folder, worker_id), **(env or {})})
        servers.append(server)
        server.start_web()
        if workers:
            server.start_worker()
            server.start_scheduler()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server(request, new_server) -> Iterator[Server]:
    """The server of this module; see the top of this file."""
    server = new_server(**getattr(request.module, "SERVER", {}))
    yield server
    server.stop()
