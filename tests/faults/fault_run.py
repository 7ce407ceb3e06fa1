"""Inject one fault under load, and check the invariant at its end.

Each confirmed sign-up has one account and one email, and no job waits. A refused sign-up is allowed only if the
database or the web server itself was down; a duplicate email under one Message-ID only after a worker was killed
between the mail server's response and its own mark.
"""

import time
from collections.abc import Callable

from tests.demo_server import until
from tests.faults.installation import Installation
from tests.faults.load import Load
from tests.faults.results import ROWS, FaultResult

PEOPLE = 120
RECOVERY_SECONDS = 60
# Longest response while one server is down, including the request's own work.
REQUEST_SECONDS = 3.0


def hold(seconds: float) -> None:
    """Let a fault last."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, seconds + 1)


def run_fault(
    installation: Installation,
    name: str,
    fault: Callable[[Installation], object],
    *,
    may_refuse: bool = False,
    people: int = PEOPLE,
    threads: int = 4,
    dead: int = 0,
    slowest: float = REQUEST_SECONDS,
) -> Load:
    """Inject the fault after a quarter of the sign-ups; check that nothing was lost and nothing duplicated."""
    letters = installation.count("SELECT count(*) FROM jobs_job WHERE state = 'dead'")
    load = Load(installation, people, threads=threads)
    load.wait_for(0.25)
    fault(installation)
    over = time.monotonic()
    load.wait()
    # If people still signed up after the fault, recovery is the remaining work after the last sign-up.
    over = max(over, load.ended)
    finished = until(installation.idle, RECOVERY_SECONDS + 30)
    recovery = time.monotonic() - over
    lost, doubled, refused = load.lost(), load.duplicated(), sum(load.refused.values())
    ROWS.append(FaultResult(name, people, refused, recovery, load.slowest, len(lost), len(doubled), load.again()))
    assert finished, installation.tail()
    assert lost == []
    assert doubled == []
    assert load.half_done() == 0
    assert installation.count("SELECT count(*) FROM jobs_job WHERE state = 'dead'") == letters + dead
    assert recovery < RECOVERY_SECONDS
    assert may_refuse or not load.refused, load.refused
    assert load.slowest < slowest
    return load
