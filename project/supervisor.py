"""Start the processes of one machine, and restart each one that ends without touching the others.

Only main processes are signaled: a supervisor that signals the pool children of a Celery worker, or that ends all
processes when one ends, loses messages at Ctrl-C (measured with honcho). Each child leads its own session, so that the
terminal's Ctrl-C reaches only the supervisor.
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
# A child that ends sooner than HEALTHY_SECONDS is restarted with a growing delay.
HEALTHY_SECONDS = 10
MAX_RESTART_DELAY_SECONDS = 15
PR_SET_PDEATHSIG = 1
BACKLOG = 1024
MAX_OPEN_FILES = 65_536


def _raise_open_file_limit() -> None:
    """Raise the limit of open files for this process and its children: each mapped index uses one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def _die_with_parent() -> None:
    """Make Linux end this child when the supervisor is killed. Elsewhere the next start finds its port in use."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A supervised process."""

    name: str
    command: Sequence[str]
    inherited_fds: Sequence[int] = ()
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failures: int = 0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process in a session of its own."""
        self.process = subprocess.Popen(  # noqa: S603 - fixed commands
            self.command,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor starts no thread
            stdin=subprocess.DEVNULL,
            pass_fds=self.inherited_fds,
        )
        self.started = time.monotonic()

    def restart_if_ended(self) -> None:
        """Start the process if it is not running; the delay grows with each early failure."""
        if self.process is None:
            if time.monotonic() >= self.restart_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        uptime = time.monotonic() - self.started
        self.failures = 0 if uptime > HEALTHY_SECONDS else self.failures + 1
        self.restart_at = time.monotonic() + min(self.failures, MAX_RESTART_DELAY_SECONDS)
        log.warning("child.ended", name=self.name, exit=code, restarted=self.failures)
        self._end_session()
        self.process = None

    def terminate(self) -> None:
        """Send SIGTERM to the main process only; it ends its own children in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until the process ends or the deadline (monotonic seconds), then kill the rest of its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("child.killed", name=self.name)
        self._end_session()

    def _end_session(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        except (ProcessLookupError, PermissionError):
            return


class Supervisor:
    """Runs children until SIGTERM, SIGINT or `stop`."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stopped = threading.Event()

    def stop(self, *_: object) -> None:
        """Request the end of `run`."""
        self._stopped.set()

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Start all children and restart those that end; at the end give them STOP_SECONDS to stop."""
        _raise_open_file_limit()
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self.stop)
        try:
            while not self._stopped.is_set():
                for child in self.children:
                    child.restart_if_ended()
                on_tick()
                self._stopped.wait(0.25)
        finally:
            self._end()

    def _end(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.wait(deadline)


def listening(host: str, port: int) -> socket.socket:
    """Return a listening socket. The supervisor keeps it open, so that requests wait while gunicorn restarts.

    Raises OSError if the port is in use.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen(BACKLOG)
    return listener


def one_machine(listener: socket.socket, *, web_workers: int, threads: int = 4) -> list[Child]:
    """Return the processes of one machine: web on a listening socket, relay, scheduler, worker."""
    from django.conf import settings

    python = sys.executable
    manage = [python, str(settings.ROOT / "manage.py")]
    return [
        Child(
            "web",
            gunicorn(python, f"fd://{listener.fileno()}", workers=web_workers, threads=threads),
            inherited_fds=[listener.fileno()],
        ),
        Child("relay", [*manage, "relay"]),
        Child("scheduler", [*manage, "scheduler"]),
        # Pages have priority over background jobs.
        Child("worker", ["nice", "-n", "10", *worker(python)]),
    ]


def gunicorn(python: str, address: str, *, workers: int, threads: int) -> list[str]:
    """Return gunicorn's command; its settings are in deploy/gunicorn.py."""
    from django.conf import settings

    config = str(settings.ROOT / "deploy" / "gunicorn.py")
    return [
        python, "-m", "gunicorn", "project.wsgi:application", "-c", config,
        "--bind", address, "--workers", str(workers), "--threads", str(threads),
    ]  # fmt: skip


def worker(python: str) -> list[str]:
    """Return the Celery worker's command, for all queues."""
    from django.conf import settings

    return [
        python, "-m", "celery", "-q", "-A", "project", "worker", "-Q", ",".join(settings.QUEUES),
        "--concurrency", str(settings.WORKER_CONCURRENCY), "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
