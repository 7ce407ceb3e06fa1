"""Figures for Prometheus, from all processes: they lie in rows, so that any web process can tell them all.

An app registers what it can count when asked; what happens between two looks is added up with `add`.
"""

from collections.abc import Callable, Iterable

from django.db.models import F
from django.utils import timezone

from .models import Metric

# name, labels as Prometheus writes them ('queue="mail"' or ''), value
Sample = tuple[str, str, float]

_sources: list[Callable[[], Iterable[Sample]]] = []


def source(tell: Callable[[], Iterable[Sample]]) -> None:
    """Register what an app can tell at any moment; called in AppConfig.ready."""
    _sources.append(tell)


def add(name: str, labels: str = "", by: float = 1) -> None:
    """Add to a figure that only grows."""
    if not Metric.objects.filter(name=name, labels=labels).update(value=F("value") + by, at=timezone.now()):
        Metric.objects.get_or_create(name=name, labels=labels, defaults={"value": by, "at": timezone.now()})


def put(name: str, value: float, labels: str = "") -> None:
    """Set a figure that goes up and down."""
    Metric.objects.update_or_create(name=name, labels=labels, defaults={"value": value, "at": timezone.now()})


def samples() -> list[Sample]:
    """Return every figure of this moment."""
    told = [sample for tell in _sources for sample in tell()]
    return sorted([*told, *Metric.objects.values_list("name", "labels", "value")])


def as_text() -> str:
    """Return all figures as Prometheus reads them."""
    lines = [f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}" for name, labels, value in samples()]
    return "\n".join(lines) + "\n"
