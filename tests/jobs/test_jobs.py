"""Accepted jobs reach exactly one final state, whatever their worker does."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from celery import shared_task
from django.test import override_settings
from django.utils import timezone

from apps.core.errors import JobFailed
from apps.jobs import heartbeats, jobs, leases, reconcile, redelivery, relay
from apps.jobs.models import Job

pytestmark = pytest.mark.django_db

seen: list[int] = []
dead: list[int] = []


def _note(number: int) -> None:
    seen.append(number)


@shared_task(name="default.test_note")
def note(job_id: int) -> None:
    """Do the test's work."""
    jobs.run_job(job_id, _note)


@pytest.fixture(autouse=True)
def _clean() -> None:
    seen.clear()
    dead.clear()
    jobs.register_job("default.test_note", on_dead=lambda job: dead.append(job.pk))


def accept(key: str = "one", **args: int | str) -> Job:
    jobs.enqueue("default.test_note", key=key, args=args or {"number": 1})
    return Job.objects.get(key=key)


def fail_with(error: Exception) -> Any:
    def service(**_: int) -> None:
        raise error

    return service


def test_the_same_work_is_accepted_once() -> None:
    for _ in range(2):
        jobs.enqueue("default.test_note", key="k", args={"number": 1})
    assert Job.objects.count() == 1


def test_personal_values_are_refused_as_arguments() -> None:
    with pytest.raises(ValueError, match="not an id"):
        jobs.enqueue("default.test_note", key="k", args={"name": "Ann Lee"})
    assert not Job.objects.exists()


def test_unregistered_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="No app registered"):
        jobs.enqueue("default.unheard_of", key="k", args={})


def test_a_job_runs_once_though_its_message_comes_twice() -> None:
    job = accept()
    note(job.pk)
    note(job.pk)
    job.refresh_from_db()
    assert seen == [1]
    assert job.state == "done"
    assert job.finished_at is not None


def test_a_temporary_failure_is_tried_again_later() -> None:
    job = accept()
    jobs.run_job(job.pk, fail_with(JobFailed("The roll is being swapped.")))
    job.refresh_from_db()
    assert (job.state, job.reason, job.published_at) == ("waiting", "The roll is being swapped.", None)
    assert job.not_before is not None
    assert job.not_before > timezone.now()
    assert leases.claim(job.pk) is None, "it is not due yet"


def test_a_permanent_failure_ends_at_once_and_tells_its_subject() -> None:
    job = accept()
    jobs.run_job(job.pk, fail_with(JobFailed("The file is gone.", permanent=True)))
    job.refresh_from_db()
    assert (job.state, job.reason) == ("dead", "The file is gone.")
    assert dead == [job.pk]


def test_an_unknown_error_keeps_its_text_out_of_the_row() -> None:
    job = accept()
    jobs.run_job(job.pk, fail_with(KeyError("Ann Lee, 4 Elm Street")))
    job.refresh_from_db()
    assert job.reason == "KeyError"


def test_work_that_never_succeeds_ends_as_a_dead_letter_after_the_allowed_attempts() -> None:
    job = accept()
    with override_settings(JOB_ATTEMPTS=3):
        for _ in range(3):
            Job.objects.update(not_before=None)
            jobs.run_job(job.pk, fail_with(JobFailed("no")))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 3)
    assert dead == [job.pk]


def test_a_late_finisher_changes_nothing() -> None:
    job = accept()

    def slow(number: int) -> None:
        # The lease expires and another worker takes the job while this one still works.
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        second = leases.claim(job.pk)
        assert second is not None
        seen.append(number)

    jobs.run_job(job.pk, slow)
    job.refresh_from_db()
    assert job.state == "running", "the second worker still has it"


def test_the_reconciler_returns_work_whose_lease_passed() -> None:
    job = accept()
    leases.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert reconcile.reconcile(dry_run=True)["lease_passed"] == 1
    assert reconcile.reconcile()["lease_passed"] == 1
    job.refresh_from_db()
    assert (job.state, job.published_at) == ("waiting", None)
    assert jobs.drain() == 1
    assert seen == [1]


def test_the_reconciler_sends_again_what_a_wiped_broker_lost() -> None:
    job = accept()
    Job.objects.update(published_at=timezone.now() - timedelta(seconds=redelivery.QUIET_SECONDS + 1))
    assert reconcile.reconcile()["not_delivered"] == 1
    job.refresh_from_db()
    assert job.published_at is None


def test_a_backlog_under_way_is_not_sent_twice() -> None:
    accept()
    Job.objects.update(published_at=timezone.now() - timedelta(seconds=60))
    other = accept("two")
    note(other.pk)  # a job was just finished: workers make progress
    assert reconcile.reconcile()["not_delivered"] == 0


def test_a_message_that_a_later_one_overtook_is_sent_again() -> None:
    now = timezone.now()
    missing, just_before, later = accept("missing"), accept("just before"), accept("later")
    for job, seconds in ((missing, 60), (just_before, 22), (later, 20)):
        Job.objects.filter(pk=job.pk).update(published_at=now - timedelta(seconds=seconds))
    note(later.pk)
    assert list(redelivery.messages()) == [missing], "the one just before may still be in some worker's hand"


def test_a_queue_without_a_worker_grows_by_a_probe_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redelivery, "PROBE", 2)
    for key in "abc":
        accept(key)
    Job.objects.update(published_at=timezone.now() - timedelta(seconds=redelivery.QUIET_SECONDS + 1))
    assert reconcile.reconcile()["not_delivered"] == 2


def test_work_of_a_process_that_was_killed_is_taken_over_at_once() -> None:
    job = accept()
    leases.claim(job.pk)
    assert leases.claim(job.pk) is None, "its process lives"
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    Job.objects.update(worker=f"{heartbeats.worker_name()}#{child.pid}")
    note(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, seen) == ("done", 2, [1])


def test_work_that_kills_its_worker_each_time_is_buried() -> None:
    job = accept()
    with override_settings(JOB_ATTEMPTS=2):
        for _ in range(2):
            assert leases.claim(job.pk) is not None
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.claim(job.pk) is None
        reconcile.reconcile()
    job.refresh_from_db()
    assert job.state == "dead"
    assert dead == [job.pk]


def test_a_restarted_worker_releases_the_leases_of_its_last_run() -> None:
    job = accept()
    leases.claim(job.pk)
    assert reconcile.release_own_jobs() == 1
    job.refresh_from_db()
    assert job.state == "waiting"


def test_a_job_of_a_task_that_is_gone_becomes_a_dead_letter_and_blocks_nothing() -> None:
    jobs.register_job("default.removed")
    jobs.enqueue("default.removed", key="x", args={})
    accept()
    assert jobs.drain() == 1
    assert Job.objects.get(task="default.removed").state == "dead"
    assert seen == [1]


def test_a_replayed_dead_letter_runs_again() -> None:
    job = accept()
    jobs.run_job(job.pk, fail_with(JobFailed("no", permanent=True)))
    job.refresh_from_db()
    jobs.replay(job)
    assert jobs.drain() == 1
    assert seen == [1]


def test_urgent_work_is_published_first() -> None:
    jobs.enqueue("default.test_note", key="later", args={"number": 1}, priority=5)
    jobs.enqueue("default.test_note", key="sooner", args={"number": 2}, priority=1)
    assert [job.key for job in Job.objects.unpublished()] == ["sooner", "later"]


def test_delayed_work_is_not_published_before_its_time() -> None:
    jobs.enqueue("default.test_note", key="k", args={"number": 1}, delay=60)
    assert not Job.objects.unpublished().exists()
    assert relay.lag_seconds() == 0.0
