"""The combined fault run and the soak test: many faults in one run, one invariant at the end."""

import os
import random
import signal
import time

import pytest

from tests.demo_server import until
from tests.faults.fault_actions import FAULTS
from tests.faults.fault_run import RECOVERY_SECONDS, run_fault
from tests.faults.installation import Installation
from tests.faults.load import Load
from tests.faults.results import ROWS, FaultResult

KILLS, PEOPLE = 12, 600


@pytest.mark.faults
@pytest.mark.services
def test_six_hundred_people_under_twelve_kills(installation: Installation) -> None:
    def kill(_: Installation) -> None:
        for number in range(KILLS):
            load_share = 0.25 + 0.7 * number / KILLS
            assert until(lambda: done() >= PEOPLE * load_share, 120)  # noqa: B023
            assert until(lambda: bool(installation.pids("worker", children=True)), 60)
            installation.signal("worker", signal.SIGKILL, children=bool(number % 2))

    before = installation.count("SELECT count(*) FROM accounts_user")

    def done() -> int:
        return installation.count("SELECT count(*) FROM accounts_user") - before

    load = run_fault(installation, "six hundred people, twelve kills", kill, people=PEOPLE)
    assert len(load.confirmed) == PEOPLE
    assert sum(len(mails) for mails in load.mails().values()) == PEOPLE


@pytest.mark.soak
@pytest.mark.services
def test_soak(installation: Installation) -> None:
    """Inject random faults for SOAK_MINUTES, with SOAK_SEED, while people sign up."""
    seed = int(os.environ.get("SOAK_SEED") or time.time_ns() % 1_000_000)
    chance, end = random.Random(seed), time.monotonic() + float(os.environ.get("SOAK_MINUTES", "30")) * 60
    print(f"SOAK_SEED={seed}")
    loads, acts = [], []
    while time.monotonic() < end:
        fault = chance.choice(FAULTS)
        load = Load(installation, 60)
        load.wait_for(chance.uniform(0.0, 0.8))
        acts.append(fault.name)
        fault.act(installation)
        load.wait()
        loads.append(load)
    over = time.monotonic()
    finished = until(installation.idle, RECOVERY_SECONDS + 30)
    recovery = time.monotonic() - over
    lost = [mail for load in loads for mail in load.lost()]
    doubled = [mail for load in loads for mail in load.duplicated()]
    people, refused = sum(load.people for load in loads), sum(sum(load.refused.values()) for load in loads)
    again, slowest = sum(load.again() for load in loads), max(load.slowest for load in loads)
    name = f"soak, {len(acts)} faults, seed {seed}"
    ROWS.append(FaultResult(name, people, refused, recovery, slowest, len(lost), len(doubled), again))
    assert finished, (acts, installation.tail())
    assert lost == []
    assert doubled == []
    assert all(load.half_done() == 0 for load in loads)
    assert recovery < RECOVERY_SECONDS, acts
