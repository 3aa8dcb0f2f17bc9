"""Web server, worker and scheduler run together in the foreground, and end together.

Each process has its own group, so that Ctrl-C reaches this one only, which then ends the others in order. The kernel
ends them too when this process is killed outright (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 6
# A process that ends more often than this within a minute will not get better by itself.
RESTARTS_PER_MINUTE = 3

WORKER = [
    *(sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker", "--loglevel", "WARNING"),
    *("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"),
]
SCHEDULER = [
    *(sys.executable, "-m", "celery", "-A", "portal", "--quiet", "beat", "--loglevel", "WARNING", "--pidfile="),
]


def web(bind: str, *, workers: int = 2) -> list[str]:
    """The web server's command, listening on `bind`."""
    return [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", bind, "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", "4", "--preload", "--graceful-timeout", "3"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def die_with_parent(number: int = signal.SIGTERM, parent: int = 0) -> None:
    """Ask the kernel to end this process when its parent dies; elsewhere than on Linux, does nothing.

    `parent`, when given, is the process that must still be there once the kernel has been asked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
        if parent and os.getppid() != parent:
            os._exit(1)


class Stop(Exception):
    """A signal asked for the end."""


class Supervisor:
    """Starts the processes, starts again one that dies, ends them all."""

    def __init__(self, commands: dict[str, list[str]], env: dict[str, str], say: Callable[[str], None]) -> None:
        self.commands, self.env, self.say = commands, env, say
        self.running: dict[str, subprocess.Popen] = {}
        self.deaths: dict[str, list[float]] = {name: [] for name in commands}

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(  # noqa: S603  (fixed commands)
            self.commands[name],
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # The work is made to be cut short; the web server has workers of its own to end.
            preexec_fn=partial(
                die_with_parent, signal.SIGTERM if "gunicorn" in self.commands[name] else signal.SIGKILL, os.getpid()
            ),
        )

    def start_all(self) -> None:
        for name in self.commands:
            self.start(name)

    def check(self) -> bool:
        """Start again what has died; False when one dies too often to go on."""
        for name, process in list(self.running.items()):
            code = process.poll()
            if code is None:
                continue
            now = time.monotonic()
            self.deaths[name] = [*(at for at in self.deaths[name] if now - at < 60), now]
            if len(self.deaths[name]) > RESTARTS_PER_MINUTE:
                self.say(f"« {name} » s’arrête sans cesse (code {code}). Tout s’arrête : lisez les messages ci-dessus.")
                return False
            self.say(f"« {name} » s’est arrêté (code {code}). Il redémarre.")
            self._signal(process, signal.SIGKILL)
            self.start(name)
        return True

    def end_all(self) -> None:
        """SIGTERM to each, then SIGKILL to the groups of those that take too long."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            self._signal(process, signal.SIGKILL)
            process.wait()

    @staticmethod
    def _signal(process: subprocess.Popen, number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return


def stop_on_signals() -> None:
    """From now on, Ctrl-C, SIGTERM and a closed terminal raise Stop."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def main(arguments: list[str]) -> None:
    """`python -m portal.supervisor web 0.0.0.0:8000`, or `worker`, or `scheduler`: becomes that process."""
    commands = {"worker": WORKER, "scheduler": SCHEDULER}
    if len(arguments) == 2 and arguments[0] == "web":
        command = web(arguments[1])
    elif len(arguments) == 1 and arguments[0] in commands:
        command = commands[arguments[0]]
    else:
        sys.exit("Usage : python -m portal.supervisor web ADRESSE:PORT | worker | scheduler")
    os.execv(command[0], command)  # noqa: S606  (fixed commands)


if __name__ == "__main__":
    main(sys.argv[1:])
