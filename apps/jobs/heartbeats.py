"""Record heartbeats of relay, scheduler and workers: a process that exists is not yet a process that works."""

import os
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections, connection
from django.db.models.functions import Now

from .models import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator

BEAT_SECONDS = 3
FRESH_SECONDS = 10


# Separates the worker's name from the process id.
PROCESS = "#"


def process_name() -> str:
    """Return the name of this process, as leases record it: worker name, separator, process id."""
    return f"{worker_name()}{PROCESS}{os.getpid()}"


def is_gone(name: str) -> bool:
    """Return True if `name` is a process of this machine's worker that no longer exists; False if unknown."""
    machine, _, number = name.rpartition(PROCESS)
    if machine != worker_name() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def worker_name() -> str:
    """Return this machine's worker name: WORKER_NAME, or the host name."""
    return os.environ.get("WORKER_NAME", socket.gethostname())


def beat(kind: str, name: str) -> None:
    """Record one heartbeat, at the database's time."""
    if not Heartbeat.objects.filter(name=name).update(kind=kind, at=Now()):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, kind=kind, at=Now())], ignore_conflicts=True)


def is_alive(kind: str, seconds: int = FRESH_SECONDS) -> bool:
    """Return whether any process of a kind recorded a heartbeat within `seconds`."""
    return Heartbeat.objects.filter(kind=kind, at__gt=Now() - timedelta(seconds=seconds)).exists()


def _beat_until(stopped: threading.Event, kind: str, name: str) -> None:
    while not stopped.is_set():
        close_old_connections()
        with suppress(DatabaseError):  # the missing heartbeat reports the outage
            beat(kind, name)
        stopped.wait(BEAT_SECONDS)
    connection.close()


@contextmanager
def beating(kind: str) -> "Iterator[None]":
    """Record heartbeats while the block runs; delete the row at its end."""
    name = f"{kind}@{worker_name()}.{os.getpid()}"
    stopped = threading.Event()
    thread = threading.Thread(target=_beat_until, args=(stopped, kind, name), daemon=True, name=f"beat-{kind}")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=5)
        with suppress(DatabaseError):
            Heartbeat.objects.filter(name=name).delete()
