"""Kill real processes at a chosen moment: a forked process is killed once its work has progressed far enough."""

from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.db import connections

from tests.demo_server import until


def kill_in_the_middle(work: Callable[[], Any], further: Callable[[], bool], wait: float = 0.0) -> list[int]:
    """Kill a process that does `work`, `wait` seconds after it came `further`; return the processes it had started."""
    connections.close_all()  # each side opens its own connection
    process = get_context("fork").Process(target=work)
    process.start()
    came = until(lambda: further() or not process.is_alive(), 60)
    process.join(wait)
    started = _children(process.pid or 0)
    process.kill()
    process.join()
    assert came
    return started


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []
