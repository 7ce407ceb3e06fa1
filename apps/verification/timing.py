"""Reveal a lookup's result at a fixed tick, so that the time says nothing about who is on the roll."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from .models import Attempt

TICK: Final = timedelta(seconds=2)


def revealed_at(attempt: Attempt) -> datetime | None:
    """Return the first multiple of TICK after the question at which the worker was ready; None while it works."""
    if attempt.finished_at is None or attempt.state == Attempt.State.WAITING:
        return None
    ticks = max(1, -(-(attempt.finished_at - attempt.asked_at) // TICK)) if TICK else 0
    return attempt.asked_at + ticks * TICK


def is_revealed(attempt: Attempt) -> bool:
    """Return whether the result may be shown now."""
    at = revealed_at(attempt)
    return at is not None and at <= timezone.now()
