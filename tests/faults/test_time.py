"""Wrong clocks, duplicate processes, and a scheduler that was down for a day."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from project.supervisor import worker
from tests.demo_server import until
from tests.faults.fault_run import hold, run_fault
from tests.faults.installation import Installation

pytestmark = [pytest.mark.faults, pytest.mark.services]
DAY = "interval '1 day'"


@contextmanager
def running(*processes: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Stop processes at the end."""
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def test_f33_workers_an_hour_early_and_an_hour_late(installation: Installation) -> None:
    assert shutil.which("faketime"), "apt install faketime"
    # Its own command is the parent of the worker, and would receive the signals.
    preload = "/usr/$LIB/faketime/libfaketime.so.1"
    env = {**installation.env, "LD_PRELOAD": preload, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def start(shift: str) -> "subprocess.Popen[bytes]":
        own = {"FAKETIME": shift, "WORKER_NAME": f"odd{shift}"}
        return subprocess.Popen(worker(sys.executable), env=env | own, stdout=installation.log, stderr=installation.log)

    early, late = start("+1h"), start("-1h")

    def hand_over(_: Installation) -> None:
        installation.signal("worker", signal.SIGKILL)

    beats = "SELECT count(*) FROM jobs_heartbeat WHERE name LIKE 'worker@odd%'"
    with running(early, late):
        assert until(lambda: installation.count(beats) == 2, 60)
        run_fault(installation, "F33 workers an hour early and late", hand_over, may_refuse=False)


@pytest.mark.quick_fault
def test_f34_twins_of_relay_and_scheduler_act_once(installation: Installation) -> None:
    twins = [installation.run("manage.py", name) for name in ("relay", "relay", "scheduler", "scheduler")]
    alive = "SELECT count(*) FROM jobs_heartbeat WHERE kind IN ('relay', 'scheduler') AND at > now() - interval '9 s'"
    with running(*twins):
        assert until(lambda: installation.count(alive) == len(twins) + 2, 60)
        run_fault(installation, "F34 three relays, three schedulers", lambda _: hold(3))
    doubled = "SELECT count(*) FROM (SELECT 1 FROM jobs_job WHERE task LIKE '%.canary' GROUP BY task, key "
    assert installation.count(f"{doubled} HAVING count(*) > 1) AS twice") == 0


def test_f40_a_day_without_scheduler_is_made_up_once(installation: Installation) -> None:
    installation.signal("scheduler", signal.SIGSTOP)
    began = time.monotonic()
    canaries = "SELECT count(*) FROM jobs_job WHERE task = 'mail.canary'"
    before = installation.count(canaries)

    def a_day_later(_: Installation) -> None:
        installation.real.execute(f"UPDATE core_periodic SET last_at = last_at - {DAY}")
        installation.signal("scheduler", signal.SIGCONT)

    run_fault(installation, "F40 a day without scheduler", a_day_later)
    # One run makes up for all missed ones: the daily one, and at most one for each minute of this test.
    assert until(lambda: installation.count(canaries) > before, 30)
    assert installation.count(canaries) <= before + 2 + (time.monotonic() - began) / 60
    late = "SELECT count(*) FROM core_periodic WHERE name IN ('canary', 'reconcile', 'prune') AND last_at < now() - "
    assert installation.count(f"{late} interval '1 hour'") == 0
