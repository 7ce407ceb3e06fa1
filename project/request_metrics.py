"""Count responses and their duration in memory, and write the counters to the database every ten seconds."""

import threading
import time
from collections import Counter

from django.db import DatabaseError

from apps.core import metrics
from apps.core.log import get_logger
from apps.core.models import Metric

log = get_logger(__name__)

WRITE_SECONDS = 10
# Upper bounds in seconds; they bracket the targets of docs/operations.md.
BUCKETS = (0.01, 0.03, 0.06, 0.1, 0.3, 1.0, 3.0)

_lock = threading.Lock()
_counted: Counter[tuple[str, str]] = Counter()
_written = time.monotonic()


def count(status: int, seconds: float) -> None:
    """Count one response."""
    global _written  # noqa: PLW0603 - one counter per process
    with _lock:
        _counted["http_answers_total", f'status="{status // 100}xx"'] += 1
        _counted["http_seconds_bucket", 'le="+Inf"'] += 1
        for end in BUCKETS:
            if seconds <= end:
                _counted["http_seconds_bucket", f'le="{end:g}"'] += 1
        if time.monotonic() - _written < WRITE_SECONDS:
            return
        _written = time.monotonic()
        due = dict(_counted)
        _counted.clear()
    _write(due)


def _write(due: dict[tuple[str, str], int]) -> None:
    try:
        for (name, labels), number in due.items():
            metrics.add(name, labels, number)
    except DatabaseError:  # metrics must never fail a request
        log.warning("metrics.lost", count=sum(due.values()))


def answers() -> list[metrics.Sample]:
    """Return the number of 5xx responses and the p95 of all response times in seconds."""
    known = dict(Metric.objects.filter(name="http_seconds_bucket").values_list("labels", "value"))
    failed = Metric.objects.filter(name="http_answers_total", labels='status="5xx"').first()
    whole = known.get('le="+Inf"', 0)
    within = [end for end in BUCKETS if whole and known.get(f'le="{end:g}"', 0) >= 0.95 * whole]
    return [
        ("http_5xx", "", failed.value if failed else 0),
        ("http_p95", "", within[0] if within else BUCKETS[-1] if whole else 0),
    ]
