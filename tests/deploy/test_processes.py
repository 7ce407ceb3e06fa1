"""`make services-stop` ends what `make services` started, and nothing else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services import processes

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="start times are read in /proc")


@pytest.fixture
def stranger() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


def test_a_process_that_only_has_the_same_id_is_left_alone(tmp_path: Path, stranger: "subprocess.Popen[bytes]") -> None:
    note = tmp_path / "server.pid"
    note.write_text(json.dumps({"pid": stranger.pid, "born": "1"}))
    assert processes.running(note) is None
    processes.stop(note, signal.SIGTERM)
    assert stranger.poll() is None
    assert not note.exists()


def test_what_was_started_is_found_and_ended(tmp_path: Path) -> None:
    note = tmp_path / "server.pid"
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    processes.start(command, pid_file=note, log=tmp_path / "log", env={}, as_service_user=False)
    pid = processes.running(note)
    assert pid
    assert os.getsid(pid) == pid, "it would die with the terminal that started it"
    processes.stop(note, signal.SIGTERM)
    assert processes.born(pid) is None
