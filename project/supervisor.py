"""Starts the processes of one machine and keeps them: a child that ends is started again, never the others ended.

Only main processes are signalled: a supervisor that signals the pool children of a Celery worker, or ends all when
one ends, loses messages at Ctrl-C (measured with honcho). Each child leads its own session, so that the terminal's
Ctrl-C reaches the supervisor alone.
"""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from apps.core.log import get_logger

log = get_logger(__name__)

STOP_SECONDS = 20
# A child that ends sooner than this is waited for a little longer each time, up to the longest wait.
HEALTHY_SECONDS = 10
LONGEST_WAIT_SECONDS = 15
PR_SET_PDEATHSIG = 1
BACKLOG = 1024
MOST_FILES = 65_536


def _allow_many_files() -> None:
    """Let this process and its children hold as many open files as they may: a mapped index holds one each."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _die_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed; elsewhere the next start finds the port taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to keep."""

    name: str
    command: Sequence[str]
    keeps: Sequence[int] = ()  # open files that it is given
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    falls: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own."""
        self.process = subprocess.Popen(  # noqa: S603 - our own fixed commands
            self.command,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor starts no thread
            stdin=subprocess.DEVNULL,
            pass_fds=self.keeps,
        )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again where it has ended, after a wait that grows with each quick fall."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        lived = time.monotonic() - self.started
        self.falls = 0 if lived > HEALTHY_SECONDS else self.falls + 1
        self.due = time.monotonic() + min(self.falls, LONGEST_WAIT_SECONDS)
        log.warning("child.ended", name=self.name, exit=code, restarted=self.falls)
        self._end_session()
        self.process = None

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the main process alone; it ends its own children in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def see_off(self, until: float) -> None:
        """Wait for the end, then take whatever is left of its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("child.killed", name=self.name)
        self._end_session()

    def _end_session(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        except (ProcessLookupError, PermissionError):
            return


class Supervisor:
    """Keeps children until it is told to stop by SIGTERM, SIGINT or `stop`."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stopped = threading.Event()

    def stop(self, *_: object) -> None:
        """Ask for the end."""
        self._stopped.set()

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Start all, look after them, and end them in order: each has STOP_SECONDS."""
        _allow_many_files()
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self.stop)
        try:
            while not self._stopped.is_set():
                for child in self.children:
                    child.look_after()
                on_tick()
                self._stopped.wait(0.25)
        finally:
            self._end()

    def _end(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.see_off(until)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. The supervisor holds it, so that whoever asks while gunicorn starts again waits."""
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
    except OSError:
        held.close()
        raise
    held.listen(BACKLOG)
    return held


def one_machine(held: socket.socket, *, web_workers: int, threads: int = 4) -> list[Child]:
    """Return the processes of one machine: web on a listening socket, relay, scheduler, worker."""
    from django.conf import settings

    python = sys.executable
    manage = [python, str(settings.ROOT / "manage.py")]
    return [
        Child(
            "web",
            gunicorn(python, f"fd://{held.fileno()}", workers=web_workers, threads=threads),
            keeps=[held.fileno()],
        ),
        Child("relay", [*manage, "relay"]),
        Child("scheduler", [*manage, "scheduler"]),
        # People who wait for a page come before work that may be left alone.
        Child("worker", ["nice", "-n", "10", *worker(python)]),
    ]


def gunicorn(python: str, address: str, *, workers: int, threads: int) -> list[str]:
    """Return gunicorn's command; its settings lie in deploy/gunicorn.py, the same for one machine and a fleet."""
    from django.conf import settings

    config = str(settings.ROOT / "deploy" / "gunicorn.py")
    return [
        python, "-m", "gunicorn", "project.wsgi:application", "-c", config,
        "--bind", address, "--workers", str(workers), "--threads", str(threads),
    ]  # fmt: skip


def worker(python: str) -> list[str]:
    """Return the Celery worker's command, for every queue of one machine."""
    from django.conf import settings

    return [
        python, "-m", "celery", "-q", "-A", "project", "worker", "-Q", ",".join(settings.QUEUES),
        "--concurrency", str(settings.WORKER_CONCURRENCY), "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
