"""The quarantine of bad rows is encrypted and expires."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.voters import quarantine, rolls
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_the_quarantine_is_encrypted_and_expires_after_seven_days(load_file: Load, write: Write) -> None:
    path = write(voters(20))
    path.write_text(path.read_text() + "99,Marker,too short\n")
    report = load_file(path)
    assert report.quarantined == 1
    name = rolls.live_snapshots()["HD"].counts["quarantine"]
    (row,) = quarantine.read(name)
    assert (row.line, row.reason, row.text) == (22, "3 columns instead of 20", "99,Marker,too short")
    stored = quarantine.quarantine_folder() / name
    assert b"Marker" not in stored.read_bytes()
    assert stored.stat().st_mode & 0o777 == 0o600
    now = stored.stat().st_mtime
    assert quarantine.delete_expired(now + 6 * 86400) == 0
    assert quarantine.delete_expired(now + 8 * 86400) >= 1
    assert list(quarantine.read(name)) == []
