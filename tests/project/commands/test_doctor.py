"""`doctor`: reports each item; exits with 1 if one needs attention, and never for missing data."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.jobs import heartbeats
from apps.jobs.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def processes(settings: Any) -> None:
    settings.DATA_DIR.chmod(0o700)
    for kind in ("worker", "relay", "scheduler"):
        heartbeats.beat(kind, f"{kind}@test")


def test_a_running_installation_without_data_exits_with_0(processes: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")
    output = capsys.readouterr().out
    assert "todo  roll" in output
    assert "manage.py load_roll" in output
    assert "fix" not in output


def test_a_dead_letter_needs_attention(processes: None, capsys: pytest.CaptureFixture[str]) -> None:
    Job.objects.create(task="mail.canary", key="1", state="dead")
    with pytest.raises(CommandError, match="1 of these need attention") as error:
        call_command("doctor")
    assert error.value.returncode == 1
    assert "manage.py deadletters list" in capsys.readouterr().out


def test_a_missing_worker_and_an_open_folder_are_named(
    processes: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    Heartbeat.objects.filter(kind="worker").delete()
    settings.DATA_DIR.chmod(0o755)
    with pytest.raises(CommandError, match="2 of these"):
        call_command("doctor")
    output = capsys.readouterr().out
    assert "fix   worker" in output
    assert "chmod 700" in output
    settings.DATA_DIR.chmod(0o700)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has backup tools of its own")
def test_a_backup_older_than_a_day_needs_attention(
    processes: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = settings.DATA_DIR / "last_backup"
    settings.BACKUP_RECIPIENTS = ["age1example"]
    try:
        with pytest.raises(CommandError):
            call_command("doctor")
        assert "fix   backup         none; run daily: manage.py backup DIR" in capsys.readouterr().out
        stamp.write_text((datetime.now(UTC) - timedelta(hours=20)).isoformat())
        call_command("doctor")
        assert "ok    backup         20 hours old" in capsys.readouterr().out
        stamp.write_text((datetime.now(UTC) - timedelta(hours=30)).isoformat())
        with pytest.raises(CommandError):
            call_command("doctor")
        assert "fix   backup         30 hours old" in capsys.readouterr().out
    finally:
        stamp.unlink(missing_ok=True)
