"""`backup_identity FILE`: writes a key pair that age reads, for this user only, and never over a file."""

import json
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command


def test_the_recipient_belongs_to_the_identity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "identity.txt"
    call_command("backup_identity", str(file), "--json")
    recipient = json.loads(capsys.readouterr().out)["BACKUP_RECIPIENTS"]
    comment, line = file.read_text().splitlines()
    identity = pyrage.x25519.Identity.from_str(line)
    assert str(identity.to_public()) == recipient
    assert recipient in comment
    assert line not in recipient
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "identity.txt"
    file.write_text("precious")
    with pytest.raises(CommandError, match=r"identity\.txt cannot be created") as error:
        call_command("backup_identity", str(file))
    assert error.value.returncode == 2
    assert file.read_text() == "precious"
