"""The processes of one machine, for real: what a member brought in survives a worker that is killed in the middle."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from project.management.commands.demo import is_ready, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

FINAL = {"registered", "likely", "unclear", "not_found"}
PEOPLE = 2000


class Installation:
    """A scratch installation with its own DATA_DIR and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        keep = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "COV"))}
        self.env = {**keep, "DATA_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "settings.dev"}
        self.env.pop("CACHE_URL", None)
        self.errors = (folder / "errors.log").open("a")
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start a command of the house."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=settings.ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.started.append(process)
        return process

    def up(self) -> "subprocess.Popen[str]":
        """Start the processes of one machine and wait until each gives signs of life."""
        port = self.address.rpartition(":")[2]
        supervisor = self.start("up", "--port", port, "--web-workers", "1")
        assert wait_until(lambda: is_ready(self.address), 60), (self.folder / "errors.log").read_text()[-3000:]
        return supervisor

    def run(self, *command: str) -> str:
        """Run a command to its end; returns its last line."""
        process = self.start(*command)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, (command, out, (self.folder / "errors.log").read_text()[-3000:])
        return out.strip().splitlines()[-1] if out.strip() else ""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a roll and a member; what it started is ended."""
    one = Installation(tmp_path_factory.mktemp("machine"))
    state = one.folder / "state"
    one.run("make_state", "--out", str(state), "--voters", "2500", "--seed", "3", "--contacts", str(PEOPLE))
    one.run("load_roll", str(state / "roll" / "generic.csv"), "--layout", "generic", "--state", "HD")
    one.run("add_member", "nora@example.org")
    one.run("add_member", "sam@example.org")
    yield one
    for process in one.started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=40)
        if process.stdout:
            process.stdout.close()
    one.errors.close()


def workers_of(installation: Installation) -> list[int]:
    """Return the worker's main process: the celery process that no other celery process started."""
    found: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            environ = (folder / "environ").read_bytes()
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"celery" in command and installation.env["DATA_DIR"].encode() in environ:
            found[int(folder.name)] = parent
    return [pid for pid, parent in found.items() if parent not in found]


def contacts_in(installation: Installation) -> int:
    """Return how many contacts have been written, read as any other process would."""
    import sqlite3

    with sqlite3.connect(f"file:{installation.env['DATA_DIR']}/db.sqlite3?mode=ro", uri=True, timeout=10) as db:
        return int(db.execute("SELECT count(*) FROM contacts_contact").fetchone()[0])


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look often: the work is quick."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        pause.wait(0.02)
    return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the worker in /proc, which this system lacks")
def test_a_killed_worker_loses_and_doubles_no_contact(installation: Installation) -> None:
    supervisor = installation.up()
    file = installation.folder / "state" / "contacts" / "google_new.csv"
    importing = installation.start("import_contacts", str(file), "--owner", "nora@example.org", "--json")
    assert until(lambda: 0 < contacts_in(installation) < PEOPLE * 0.8, 60), "never seen in the middle"
    before = workers_of(installation)
    assert len(before) == 1
    os.kill(before[0], signal.SIGKILL)
    killed = time.monotonic()
    seen = contacts_in(installation)
    out, _ = importing.communicate(timeout=90)
    took = time.monotonic() - killed
    report = json.loads(out.strip().splitlines()[-1])
    assert seen < report["new"], "the kill came after the last contact; the test proved nothing"
    assert took < 60
    target = installation.folder / "out.csv"
    installation.run("export_contacts", "--owner", "nora@example.org", "--output", str(target))
    with target.open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == report["new"]
    assert {row["status"] for row in rows} <= FINAL
    assert report["new"] + report["same"] + len(report["bad"]) == report["read"]
    again = json.loads(installation.run("import_contacts", str(file), "--owner", "nora@example.org", "--json"))
    assert (again["new"], again["same"]) == (0, report["new"] + report["same"])
    assert workers_of(installation) != before
    supervisor.terminate()
    assert supervisor.wait(timeout=40) == 0


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the worker in /proc, which this system lacks")
def test_ctrl_c_in_the_middle_of_an_import_loses_nothing(installation: Installation) -> None:
    before = contacts_in(installation)
    supervisor = installation.up()
    file = installation.folder / "state" / "contacts" / "google_new.csv"
    importing = installation.start("import_contacts", str(file), "--owner", "sam@example.org", "--json")
    assert until(lambda: before < contacts_in(installation) < before + PEOPLE * 0.8, 60), "never seen in the middle"
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(timeout=40) == 0
    assert workers_of(installation) == []
    importing.kill()
    importing.wait(timeout=10)
    seen = contacts_in(installation)
    installation.up()
    assert until(lambda: json.loads(installation.run("outbox", "--json"))["unfinished"] == {}, 60)
    report = json.loads(installation.run("import_contacts", str(file), "--owner", "sam@example.org", "--json"))
    assert report["new"] == 0
    assert seen < contacts_in(installation)
