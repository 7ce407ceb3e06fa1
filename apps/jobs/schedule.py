"""Run periodic tasks. With two schedulers each period runs once; a missed period is made up once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import close_old_connections
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.log import get_logger

from . import heartbeats
from .models import Periodic

log = get_logger(__name__)


@dataclass(frozen=True)
class PeriodicTask:
    """A function called every `seconds`; one that takes long enqueues a job instead."""

    name: str
    seconds: int
    function: Callable[[], object]


_tasks: dict[str, PeriodicTask] = {}


def every(seconds: int, name: str, function: Callable[[], object]) -> None:
    """Register a periodic task; call from AppConfig.ready."""
    _tasks[name] = PeriodicTask(name, seconds, function)


def claim_period(task: PeriodicTask) -> bool:
    """Return whether this process runs the task now; at most one process does per period."""
    if Periodic.objects.filter(name=task.name).exists():
        due = Periodic.objects.filter(name=task.name, last_at__lte=Now() - timedelta(seconds=task.seconds))
        return bool(due.update(last_at=Now()))
    _row, created = Periodic.objects.get_or_create(name=task.name, defaults={"last_at": timezone.now()})
    return created


def tick() -> list[str]:
    """Run the tasks that are due; return their names. A failing task does not stop the others."""
    done = []
    for task in _tasks.values():
        try:
            if claim_period(task):
                task.function()
                done.append(task.name)
        except Exception:
            log.exception("schedule.failed", name=task.name)
    return done


def run(stopped: threading.Event) -> None:
    """Call `tick` once a second until `stopped` is set."""
    with heartbeats.beating("scheduler"):
        while not stopped.is_set():
            close_old_connections()
            tick()
            stopped.wait(1)
