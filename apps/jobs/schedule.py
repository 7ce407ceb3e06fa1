"""Periodic work: two schedulers act once, and a missed day is made up once."""

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
    """One periodic act: every `seconds`, `act` is called; heavy acts enqueue a job instead of working here."""

    name: str
    seconds: int
    act: Callable[[], object]


_entries: dict[str, PeriodicTask] = {}


def every(seconds: int, name: str, act: Callable[[], object]) -> None:
    """Register a periodic act; called in AppConfig.ready."""
    _entries[name] = PeriodicTask(name, seconds, act)


def take(entry: PeriodicTask) -> bool:
    """Return whether this process may act now; at most one does per period."""
    if Periodic.objects.filter(name=entry.name).exists():
        due = Periodic.objects.filter(name=entry.name, last_at__lte=Now() - timedelta(seconds=entry.seconds))
        return bool(due.update(last_at=Now()))
    made = Periodic.objects.get_or_create(name=entry.name, defaults={"last_at": timezone.now()})
    return made[1]


def tick() -> list[str]:
    """Do what is due; returns the names. One entry's trouble never stops another."""
    done = []
    for entry in _entries.values():
        try:
            if take(entry):
                entry.act()
                done.append(entry.name)
        except Exception:
            log.exception("schedule.trouble", name=entry.name)
    return done


def run(stopped: threading.Event) -> None:
    """Tick once a second until stopped."""
    with heartbeats.beating("scheduler"):
        while not stopped.is_set():
            close_old_connections()
            tick()
            stopped.wait(1)
