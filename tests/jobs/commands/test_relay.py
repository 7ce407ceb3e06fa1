"""`relay`: publishes due jobs until SIGTERM."""

import os
import signal

import pytest
from django.core.management import call_command

from apps.jobs import relay
from apps.jobs.models import Job


@pytest.mark.django_db(transaction=True)
def test_it_publishes_due_jobs_until_sigterm(restored_signals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job.objects.create(task="mail.canary", key="1", args={"queue": "mail"})
    published: list[int] = []

    def record(batch: list[Job]) -> tuple[list[int], None]:
        published.extend(due.pk for due in batch)
        os.kill(os.getpid(), signal.SIGTERM)
        return [due.pk for due in batch], None

    monkeypatch.setattr(relay, "_publish", record)
    call_command("relay")
    job.refresh_from_db()
    assert published == [job.pk]
    assert job.published_at is not None
