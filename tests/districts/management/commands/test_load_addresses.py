"""`load_addresses` reports loaded and skipped rows."""

import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.districts.management.commands.reports import run
from tests.districts.samples import ranges_file

pytestmark = pytest.mark.django_db


def test_skipped_rows_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(capsys, "load_addresses", str(ranges_file(tmp_path / "ranges.parquet")), "--format", "addrfeat")
    assert report.pop("seconds") < time.monotonic()
    assert report == {"loaded": 10, "skipped": {"a side without house numbers": 3, "no street": 1}}
    with pytest.raises(CommandError, match="--format tiger") as stopped:
        call_command("load_addresses", str(tmp_path / "ranges.parquet"), "--format", "tiger")
    assert stopped.value.returncode == 2
