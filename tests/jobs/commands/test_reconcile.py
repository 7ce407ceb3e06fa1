"""`reconcile`: lost jobs are returned to the relay; a dry run only counts them."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.jobs.models import Job


@pytest.mark.django_db
def test_a_dry_run_counts_and_a_real_run_repairs(capsys: pytest.CaptureFixture[str]) -> None:
    expired = timezone.now() - timedelta(seconds=1)
    job = Job.objects.create(task="mail.canary", key="1", state="running", lease_until=expired, attempts=1)
    call_command("reconcile", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["lease_passed"] == 1
    job.refresh_from_db()
    assert job.state == "running"
    call_command("reconcile", "--json")
    assert json.loads(capsys.readouterr().out)["lease_passed"] == 1
    job.refresh_from_db()
    assert (job.state, job.lease_until) == ("waiting", None)
