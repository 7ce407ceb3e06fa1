"""A log that cannot be written costs lines, never work."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

WORK = """
import django; django.setup()
from apps.core.log import get_logger
for _ in range(3):
    get_logger("a.module").warning("relay.failed", reason="x" * 5_000)
print("all work done")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is always full")
def test_a_full_disk_under_the_log_stops_no_request() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", WORK]
        done = subprocess.run(command, cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=full, check=False, timeout=60)
    assert done.stdout == b"all work done\n"
