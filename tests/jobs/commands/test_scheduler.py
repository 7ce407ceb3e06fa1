"""`scheduler`: runs periodic tasks until SIGTERM."""

import os
import signal

import pytest
from django.core.management import call_command

from apps.jobs import schedule
from apps.jobs.models import Periodic


@pytest.mark.django_db(transaction=True)
def test_it_runs_what_is_due_until_sigterm(restored_signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []

    def task() -> None:
        runs.append("ran")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(schedule, "_tasks", {"test.task": schedule.PeriodicTask("test.task", 60, task)})
    call_command("scheduler")
    assert runs == ["ran"]
    assert Periodic.objects.filter(name="test.task").exists()
