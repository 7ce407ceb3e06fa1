"""Measure the web while a roll loads: a page and a write ten times a second, until a file appears."""

import argparse
import json
import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")

import django

django.setup()

from django.conf import settings  # noqa: E402 - after the setup
from django.core.cache import caches  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.jobs.models import Heartbeat  # noqa: E402
from apps.voters import snapshots  # noqa: E402


def probe(stop: Path) -> dict[str, float]:
    """Request and write until told to stop; return milliseconds."""
    settings.ALLOWED_HOSTS = ["*"]
    client, times = Client(), []
    while not stop.exists():
        caches["pages"].clear()
        began = time.perf_counter()
        answer = client.get("/account/login/")
        Heartbeat.objects.update_or_create(name="probe", defaults={"kind": "bench", "at": timezone.now()})
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
        time.sleep(0.1)
    return {
        "web_p50_ms": round(statistics.median(times), 1),
        "web_p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
        "web_max_ms": round(max(times), 1),
        "web_asked": len(times),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stop", nargs="?", type=Path)
    parser.add_argument("--roll-back", default="")
    options = parser.parse_args()
    if options.roll_back:
        began = time.perf_counter()
        snapshots.roll_back(options.roll_back)
        print(json.dumps({"seconds": round(time.perf_counter() - began, 3)}))
    else:
        print(json.dumps(probe(options.stop)))


if __name__ == "__main__":
    main()
