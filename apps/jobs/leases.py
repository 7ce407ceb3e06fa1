"""Claim a job by one conditional UPDATE, and renew its lease while the service runs."""

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
    """Renew a claimed job's lease from a thread until the block ends or LEASE_LONGEST_SECONDS have passed."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True, name=f"lease-{job.pk}")

    def __enter__(self) -> "Lease":
        # Inside a transaction (tests, commands) a second connection could not see the row.
        if not connection.in_atomic_block:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _renew(self) -> None:
        renewals = settings.LEASE_LONGEST_SECONDS // settings.LEASE_RENEW_SECONDS
        try:
            for _ in range(renewals):
                if self._ended.wait(settings.LEASE_RENEW_SECONDS):
                    return
                try:
                    renewed = owned_by_claim(self.job).update(
                        lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS)
                    )
                except DatabaseError:
                    connection.close()  # the database may come back before the lease ends
                    continue
                if not renewed:
                    return
        finally:
            connection.close()


def claim(job_id: int) -> Job | None:
    """Claim a job for LEASE_SECONDS; return None if it is deleted, finished, not due, or another worker's."""
    token = uuid.uuid4().hex
    if not (_claim(Job.objects.claimable().filter(pk=job_id), token) or _claim_from_dead_process(job_id, token)):
        return None
    return Job.objects.get(pk=job_id)


def _claim(jobs: JobQuerySet, token: str) -> int:
    return jobs.update(
        state=Job.State.RUNNING,
        lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        worker=heartbeats.process_name(),
        token=token,
        attempts=F("attempts") + 1,
    )


def _claim_from_dead_process(job_id: int, token: str) -> int:
    """Take over from a killed process of this machine: the broker redelivers long before the lease ends."""
    running = Job.objects.filter(pk=job_id, state=Job.State.RUNNING, attempts__lt=settings.JOB_ATTEMPTS)
    job = running.first()
    if job is None or not heartbeats.is_gone(job.worker):
        return 0
    return _claim(running.filter(token=job.token), token)


def owned_by_claim(job: Job) -> JobQuerySet:
    """Return a query for the job that is empty once another worker has claimed it."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)
