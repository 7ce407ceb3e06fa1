"""Metrics for Prometheus. Counters are rows, so that any web process can report the figures of all processes.

An app registers a function that measures the current state with `source`; it counts events with `add`.
"""

from collections.abc import Callable, Iterable

from django.db.models import F
from django.utils import timezone

from .models import Metric

# Name, labels in Prometheus notation ('queue="mail"' or ''), value.
Sample = tuple[str, str, float]

_sources: list[Callable[[], Iterable[Sample]]] = []


def source(measure: Callable[[], Iterable[Sample]]) -> None:
    """Register a function that yields current samples; call from AppConfig.ready."""
    _sources.append(measure)


def add(name: str, labels: str = "", by: float = 1) -> None:
    """Add to a counter."""
    if not Metric.objects.filter(name=name, labels=labels).update(value=F("value") + by, at=timezone.now()):
        Metric.objects.get_or_create(name=name, labels=labels, defaults={"value": by, "at": timezone.now()})


def put(name: str, value: float, labels: str = "") -> None:
    """Set a gauge."""
    Metric.objects.update_or_create(name=name, labels=labels, defaults={"value": value, "at": timezone.now()})


def samples() -> list[Sample]:
    """Return the current samples of all sources, counters and gauges, sorted by name."""
    measured = [sample for measure in _sources for sample in measure()]
    return sorted([*measured, *Metric.objects.values_list("name", "labels", "value")])


def as_text() -> str:
    """Return all samples in Prometheus's text format."""
    lines = [f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}" for name, labels, value in samples()]
    return "\n".join(lines) + "\n"
