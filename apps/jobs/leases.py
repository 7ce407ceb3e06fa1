"""The right to run one job: claimed by one conditional UPDATE, renewed while the work runs, lost when it is not."""

import threading
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now

from . import heartbeats
from .managers import JobQuerySet
from .models import Job


class Lease:
    """The right to run one job, renewed by a thread until the service ends or the longest time has passed."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True, name=f"lease-{job.pk}")

    def __enter__(self) -> "Lease":
        # A test's in-memory database cannot be reached from a second thread, and its work is short.
        if not connection.in_atomic_block:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _renew(self) -> None:
        times = settings.LEASE_LONGEST_SECONDS // settings.LEASE_RENEW_SECONDS
        try:
            for _ in range(times):
                if self._ended.wait(settings.LEASE_RENEW_SECONDS):
                    return
                try:
                    renewed = owned_by_claim(self.job).update(
                        lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS)
                    )
                except DatabaseError:
                    connection.close()  # it may be back before the lease has passed
                    continue
                if not renewed:
                    return
        finally:
            connection.close()


def claim(job_id: int) -> Job | None:
    """Take a job for one lease; None where it is gone, ended, not due or another worker's."""
    token = uuid.uuid4().hex
    if not (_take(Job.objects.claimable().filter(pk=job_id), token) or _take_from_the_dead(job_id, token)):
        return None
    return Job.objects.get(pk=job_id)


def _take(jobs: JobQuerySet, token: str) -> int:
    return jobs.update(
        state=Job.State.RUNNING,
        lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        worker=heartbeats.process_name(),
        token=token,
        attempts=F("attempts") + 1,
    )


def _take_from_the_dead(job_id: int, token: str) -> int:
    """Take over from a process of this machine that was killed: its message comes back long before its lease ends."""
    held = Job.objects.filter(pk=job_id, state=Job.State.RUNNING, attempts__lt=settings.WORK_ATTEMPTS)
    job = held.first()
    if job is None or not heartbeats.is_gone(job.worker):
        return 0
    return _take(held.filter(token=job.token), token)


def owned_by_claim(job: Job) -> JobQuerySet:
    """Return the job while it is still held under this very claim, or nothing."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)
