"""A real server process on a copy of a prepared folder: own database, own secrets, own queue.

A module asks for it with the fixture `server`, and says what it needs:

    SERVER = {"prepare": "build_demo", "workers": True, "env": {"JOB_LEASE_SECONDS": "3"}}

`prepare` says what the folder holds (tests/prepared.py). `workers` starts the worker and the scheduler too.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from email import message_from_bytes, policy
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from portal import supervisor
from tests.prepared import ROOT, clean_environment, copy_of, manage, on_postgres, prepared_folder

# What a slow machine may take to start, to show a page or to send a mail, in seconds; nobody waits that long elsewhere.
PATIENCE = 60
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
        deadline = time.monotonic() + PATIENCE
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

    def stop(self) -> None:
        """The folder goes with the test run: nobody waits for each process to put its things away."""
        for name in list(self._processes):
            self._end(name, signal.SIGKILL)
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

    def mail_to(self, address: str, words: str) -> str:
        """The whole text of the message to `address` that holds `words`, once the worker has sent it."""
        deadline = time.monotonic() + PATIENCE
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
            connection.request("GET", "/connexion/")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


# --- fixtures ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def prepared(tmp_path_factory, worker_id) -> Callable[[str], Path]:
    """`prepared("build_demo")`: the prepared folder of that name, shared between the processes of the test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if worker_id != "master" else base
    return lambda prepare: prepared_folder(shared, prepare)


@pytest.fixture(scope="session")
def new_server(tmp_path_factory, worker_id, prepared) -> Iterator[Callable[..., Server]]:
    """`new_server(prepare=…, workers=…, env=…)`: starts a server that lives until the end of the run, or `.stop()`."""
    base = tmp_path_factory.getbasetemp()
    servers: list[Server] = []

    def start(*, prepare: str = "", workers: bool = False, env: dict[str, str] | None = None) -> Server:
        folder = base / f"server-{next(_names)}"
        server = Server(folder, {**copy_of(prepared(prepare), folder, worker_id), **(env or {})})
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


@pytest.fixture
def demonstration(prepared, tmp_path, worker_id, settings, django_db_blocker) -> Iterator[None]:
    """This very process on a copy of the built demonstration, in place of the test database.

    What the test writes is really committed, in a copy that nobody else sees: no `django_db` mark with it.
    """
    folder = tmp_path / "demonstration"
    given = copy_of(prepared("build_demo"), folder, worker_id)
    settings.SECRET_KEY = (folder / "secret-key").read_text()
    settings.FIELD_KEYS = [(folder / "field-keys").read_text()]
    settings.DOCUMENTS_DIR = folder / "documents"
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = (
            urlsplit(given["DATABASE_URL"]).path[1:] if given else str(folder / "db.sqlite3")
        )
        yield
        connection.close()
        connection.settings_dict["NAME"] = usual
