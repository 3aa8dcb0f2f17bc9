"""`make demo`: one sentence when it cannot start, three processes that live and end together when it can."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.prepared import ROOT, clean_environment, copy_of
from tests.server import PATIENCE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not (done := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return done


def group_of(pid: int) -> set[int]:
    """The processes started by `pid`, and theirs."""
    children: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(rest.split()[1]), set()).add(int(stat.parent.name))
    found, waiting = set(), [pid]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.add(child)
            waiting.append(child)
    return found


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


class Demo:
    """A demonstration started like `make demo` does, and what it prints."""

    def __init__(self, folder: Path, settings: dict[str, str], port: int) -> None:
        self.output = folder / "output.log"
        environment = {
            **clean_environment(folder),
            **settings,
            "PORT": str(port),
            "BASE_URL": f"http://127.0.0.1:{port}",
        }
        with self.output.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def says(self, words: str) -> bool:
        return until(lambda: words in self.output.read_text() or self.process.poll() is not None) and (
            words in self.output.read_text()
        )


@pytest.fixture
def demo_folder(tmp_path, prepared, worker_id) -> tuple[Path, dict[str, str]]:
    return tmp_path / "var", copy_of(prepared("build_demo"), tmp_path / "var", worker_id)


@pytest.fixture
def start(demo_folder) -> Iterator[Callable[[int], Demo]]:
    started = []

    def start(port: int) -> Demo:
        started.append(Demo(*demo_folder, port))
        return started[-1]

    yield start
    for demo in started:
        for pid in group_of(demo.process.pid) | {demo.process.pid}:
            if demo.process.poll() is None:
                os.kill(pid, signal.SIGKILL)
        demo.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_a_signal_ends_every_process(start, number):
    port = free_port()
    demo = start(port)
    assert demo.says(f"Prêt : http://127.0.0.1:{port}/\n"), demo.output.read_text()
    assert demo.says("claude"), "the demo people are listed"
    children = group_of(demo.process.pid)
    assert len(children) >= 4  # web server and its two workers, worker, scheduler
    demo.process.send_signal(number)
    assert demo.process.wait(PATIENCE) == 0
    assert until(lambda: not alive(children))
    assert "Traceback" not in demo.output.read_text()


def test_a_worker_that_dies_is_started_again_and_nothing_outlives_the_command(start):
    demo = start(free_port())
    assert demo.says("Ctrl-C arrête tout.")
    worker = next(
        pid for pid in group_of(demo.process.pid) if b"worker\0--loglevel" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
    assert demo.says("« file de tâches » s’est arrêté (code -9). Il redémarre.")
    children = group_of(demo.process.pid)
    demo.process.kill()
    demo.process.wait()
    assert until(lambda: not alive(children))


@pytest.mark.parametrize("port", ["taken", "abc", "70000"])
def test_a_port_that_cannot_be_used_is_one_sentence(port, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wanted = str(other.getsockname()[1]) if port == "taken" else port
        for command in (["sh", "scripts/install.sh", "demo"], [sys.executable, "manage.py", "demo"]):
            done = subprocess.run(
                command, cwd=ROOT, env={**clean_environment(tmp_path), "PORT": wanted}, capture_output=True, text=True
            )
            assert done.returncode == 1
            assert done.stdout == ""
            assert re.fullmatch(
                rf"(CommandError: )?(Le port|PORT=){'' if port == 'taken' else port}[^\n]+\.?[^\n]*\n", done.stderr
            )


def test_without_the_demonstration_flag_it_does_not_start(tmp_path):
    environment = {name: value for name, value in clean_environment(tmp_path).items() if name != "DEMO"}
    keys = {
        "SECRET_KEY": "x" * 50,
        "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "BASE_URL": "https://r.example",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env={**environment, **keys}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "DEMO=1" in done.stderr


def test_a_machine_without_python_311_is_told_so(tmp_path):
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [shutil.which("sh"), "scripts/install.sh"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Il faut Python 3.11 ou plus récent.")
    assert done.stderr.count("\n") == 1
