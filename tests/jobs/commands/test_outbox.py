"""`outbox`: how many jobs are in which state, and how long the oldest has waited."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.jobs.models import Job


@pytest.mark.django_db
def test_jobs_are_counted_by_state_and_task(capsys: pytest.CaptureFixture[str]) -> None:
    Job.objects.create(task="mail.canary", key="1")
    Job.objects.create(task="mail.canary", key="2", state="running", published_at=timezone.now())
    Job.objects.create(task="match.canary", key="3", state="done", published_at=timezone.now())
    Job.objects.filter(key="1").update(created_at=timezone.now() - timedelta(seconds=90))
    call_command("outbox", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["states"] == {"waiting": 1, "running": 1, "done": 1}
    assert report["unfinished"] == {"mail.canary": 2}
    assert report["unsent"] == 1
    assert report["oldest_seconds"] >= 90
