"""A member's import survives a worker killed in the middle, and a Ctrl-C."""

import csv
import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.demo_server import Machine, until

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the worker in /proc, which a Mac lacks")
pytestmark = [pytest.mark.processes, needs_proc]

FINAL = {"registered", "likely", "unclear", "not_found"}
PEOPLE = 2000
CONTACTS = "SELECT count(*) FROM contacts_contact"


@pytest.fixture(scope="module")
def people(machine: Machine) -> Path:
    """Write a contact file of voters of the demo's roll, each once."""
    machine.prepare()
    target = machine.folder / "people.csv"
    with (machine.data / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as source:
        voters = list(csv.DictReader(source))[:PEOPLE]
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["First Name", "Last Name", "Street", "City", "State", "ZIP", "Notes"])
        for number, voter in enumerate(voters):
            place = [voter["address"], voter["city"], voter["state"], voter["zip"]]
            writer.writerow([voter["first_name"], voter["last_name"], *place, f"note {number}"])
    return target


def test_a_killed_worker_loses_and_doubles_no_contact(machine: Machine, people: Path) -> None:
    demo = machine.demo()
    owner = machine.sign_ins["member"][0]
    importing = machine.start("import_contacts", str(people), "--owner", owner, "--json")
    assert until(lambda: 0 < machine.count(CONTACTS) < PEOPLE * 0.8, 60), "never seen in the middle"
    before = machine.workers()
    assert len(before) == 1
    os.kill(before[0], signal.SIGKILL)
    killed = time.monotonic()
    seen = machine.count(CONTACTS)
    out, _ = importing.communicate(timeout=90)
    took = time.monotonic() - killed
    report = json.loads(out.strip().splitlines()[-1])
    assert seen < report["new"], "the kill came after the last contact; the test proved nothing"
    assert took < 60
    assert report["new"] + report["same"] + len(report["bad"]) == report["read"] == PEOPLE
    target = machine.folder / "out.csv"
    machine.run("export_contacts", "--owner", owner, "--output", str(target))
    with target.open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == report["new"]
    assert {row["status"] for row in rows} <= FINAL
    again = json.loads(machine.run("import_contacts", str(people), "--owner", owner, "--json"))
    assert (again["new"], again["same"]) == (0, PEOPLE - len(report["bad"]))
    assert until(lambda: machine.workers() not in ([], before), 30), "the supervisor starts another worker"
    machine.stop(demo)


def test_ctrl_c_in_the_middle_of_an_import_loses_nothing(machine: Machine, people: Path) -> None:
    before = machine.count(CONTACTS)
    demo = machine.demo()
    owner = machine.sign_ins["steward"][0]
    importing = machine.start("import_contacts", str(people), "--owner", owner, "--json")
    assert until(lambda: before < machine.count(CONTACTS) < before + PEOPLE * 0.8, 60), "never seen in the middle"
    assert machine.stop(demo) == 0
    assert machine.workers() == []
    importing.kill()
    importing.wait(timeout=10)
    demo = machine.demo()
    assert until(lambda: not machine.count("SELECT count(*) FROM jobs_job WHERE state IN ('waiting','running')"), 60)
    # The worker may have finished within its 20 s of grace, or a new one has: both are right, a lost row is not.
    report = json.loads(machine.run("import_contacts", str(people), "--owner", owner, "--json"))
    assert report["new"] == 0
    machine.stop(demo)
