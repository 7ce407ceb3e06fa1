"""Signs of life: a row a process, so that "the process exists" is never mistaken for "it works"."""

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


# Between the name of a machine's worker and the number of one of its processes.
PROCESS = "#"


def process_name() -> str:
    """Return the name of this very process, which holds a lease."""
    return f"{worker_name()}{PROCESS}{os.getpid()}"


def is_gone(name: str) -> bool:
    """Return whether a process of this machine's worker is known to have ended; False for other machines'."""
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
    """Return the name under which this machine's worker takes work: the host, or WORKER_NAME where several run."""
    return os.environ.get("WORKER_NAME", socket.gethostname())


def beat(kind: str, name: str) -> None:
    """Write one sign of life, at the database's time."""
    if not Heartbeat.objects.filter(name=name).update(kind=kind, at=Now()):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, kind=kind, at=Now())], ignore_conflicts=True)


def is_alive(kind: str, seconds: int = FRESH_SECONDS) -> bool:
    """Return whether any process of a kind gave a sign of life within `seconds`."""
    return Heartbeat.objects.filter(kind=kind, at__gt=Now() - timedelta(seconds=seconds)).exists()


def _beat_until(stopped: threading.Event, kind: str, name: str) -> None:
    while not stopped.is_set():
        close_old_connections()
        with suppress(DatabaseError):  # the database is away; the missing beat is the message
            beat(kind, name)
        stopped.wait(BEAT_SECONDS)
    connection.close()


@contextmanager
def beating(kind: str) -> "Iterator[None]":
    """Give signs of life while the block runs; the row goes when it ends."""
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
