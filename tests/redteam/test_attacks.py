"""The red team in a small form: its attacks on a running installation, with few targets."""

import subprocess
import sys

import pytest

from tests.redteam.installation import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.slow]
ATTACKS = "lists,backups,suppressions,year_sweep,recheck,pages,three_channels"


def test_no_attack_learns_more_than_its_bound() -> None:
    command = [sys.executable, "-m", "tests.redteam", "--roll", "full", "--targets", "12", "--voters", "1000"]
    done = subprocess.run([*command, "--only", ATTACKS], cwd=ROOT, capture_output=True, text=True, check=False)
    rows = [line for line in done.stdout.splitlines() if " | " in line]
    assert done.returncode == 0, (rows, done.stderr[-3000:])
    assert len(rows) >= 12
