"""The contract of error reporting: errors arrive at the server, without personal data.

The Django admin is excluded by decision, so view, task and command are all the places where code runs.
"""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.conftest import real_url

pytestmark = pytest.mark.services


def api(path: str) -> Any:
    """Query the server's API."""
    url = f"{real_url('ERRORS_URL')}/api/canonical/0/{path}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {real_url('ERRORS_TOKEN')}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def events() -> dict[str, Any]:
    """Return every event of the project in full, by id."""
    issues = api(f"issues/?project={real_url('ERRORS_PROJECT')}")["results"]
    ids = [event["id"] for issue in issues for event in api(f"events/?issue={issue['id']}")["results"]]
    return {each: api(f"events/{each}/") for each in ids}


@pytest.mark.parametrize("where", ["view", "task", "command"])
def test_an_error_arrives_without_a_word_of_anybody(where: str, tmp_path: Path) -> None:
    marker = f"Qz{secrets.token_hex(8)}mark"
    before = events()
    ours = ("VOTEKIN_", "PYTEST_", "DATABASE_", "BROKER_", "CACHE_", "ID_SETS_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environ |= {
        "SENTRY_DSN": real_url("SENTRY_DSN"),
        "DJANGO_SETTINGS_MODULE": "settings.dev",
        "DATA_DIR": str(tmp_path),
        "MARKER": marker,
    }
    run = [sys.executable, "-m", "tests.contracts.failing_servers", where]
    subprocess.run(run, env=environ, capture_output=True, timeout=120, check=False)
    came = arrived(before)
    assert any("MarkedError" in json.dumps(event) for event in came.values()), "the error did not arrive"
    for event in came.values():
        whole = json.dumps(event)
        assert marker not in whole
        assert marker.lower() not in whole.lower()


def arrived(before: dict[str, Any]) -> dict[str, Any]:
    """Return the new events; the server processes them within a moment."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if came := {each: event for each, event in events().items() if each not in before}:
            return came
        time.sleep(0.2)
    return {}
