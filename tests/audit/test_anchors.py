"""Anchors reveal a chain that was computed again with the key, and one whose end was cut off."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.audit import anchors, services
from apps.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
AsSuperuser = Callable[[str], None]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_ANCHOR_URL = f"files://{tmp_path}/anchors"
    return tmp_path / "anchors"


def write(times: int = 1) -> None:
    for number in range(times):
        services.log_write(actor=None, action="test.done", subject=f"test:{number}")


def fails() -> str:
    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    assert error.value.returncode == 1
    return str(error.value)


def test_an_untouched_chain_fits_its_anchors(capsys: pytest.CaptureFixture[str]) -> None:
    write(2)
    anchors.write_head()
    write(3)
    anchors.write_head()
    call_command("verify_audit", "--json")
    assert '"anchors": 2' in capsys.readouterr().out


def test_a_chain_that_was_computed_again_is_revealed(as_superuser: AsSuperuser) -> None:
    write(3)
    anchors.write_head()
    as_superuser("DELETE FROM audit_auditentry")
    write(3)
    assert services.verify_chain().broken is None, "the chain alone shows nothing"
    assert "head was entry 3" in fails()


def test_an_end_that_was_cut_off_is_revealed(as_superuser: AsSuperuser) -> None:
    write(5)
    anchors.write_head()
    as_superuser("DELETE FROM audit_auditentry WHERE number > 3")
    assert services.verify_chain().broken is None
    assert "entry 5" in fails()


def test_an_emptied_store_is_revealed(folder: Path) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
        write(2)
        anchors.write_head()
    (folder / "heads.jsonl").unlink()
    assert "store of anchors is empty" in fails()


def test_a_restore_is_recorded_and_excuses_only_what_came_before_it(
    as_superuser: AsSuperuser, capsys: pytest.CaptureFixture[str]
) -> None:
    write(5)
    anchors.write_head()
    as_superuser("DELETE FROM audit_auditentry WHERE number > 3")
    services.log_restore()
    write(4)
    anchors.write_head()
    call_command("verify_audit", "--json")
    out = capsys.readouterr().out
    assert '"anchors_before_a_restore": 1' in out
    assert '"restores": 1' in out
    as_superuser("DELETE FROM audit_auditentry WHERE number > 6")
    assert "entry 8" in fails()


def test_a_copy_of_the_anchors_can_be_compared(folder: Path, tmp_path: Path, as_superuser: AsSuperuser) -> None:
    write(3)
    anchors.write_head()
    folder.rename(tmp_path / "copy")
    call_command("verify_audit", "--anchors", str(tmp_path / "copy"))
    as_superuser("DELETE FROM audit_auditentry WHERE number = 3")
    with pytest.raises(CommandError, match="entry 3"):
        call_command("verify_audit", "--anchors", str(tmp_path / "copy"))


def test_purged_entries_and_unreadable_lines_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=900), tick=False):
        write(2)
        anchors.write_head()
    write(1)
    services.purge(timezone.now() - timedelta(days=730))
    with (folder / "heads.jsonl").open("a") as file:
        file.write('{"at": "2026-\n')
    anchors.write_head()
    call_command("verify_audit", "--json")
    out = capsys.readouterr().out
    assert '"anchors": 1, "anchors_purged": 1' in out
    assert '"anchors_unreadable": 1' in out


def test_lines_are_only_ever_appended(folder: Path) -> None:
    write(1)
    anchors.write_head()
    before = (folder / "heads.jsonl").read_bytes()
    write(1)
    anchors.write_head()
    after = (folder / "heads.jsonl").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 2
    assert AuditEntry.objects.get(number=2).hash.encode() in after


def test_a_file_is_append_only_where_the_system_says_so(folder: Path) -> None:
    write(1)
    anchors.write_head()
    assert anchors.store().is_append_only() is False
