"""The queue `default`: small work of no other queue."""

from celery import shared_task

from apps.core import heartbeats, work
from apps.records import personal


def _seen() -> None:
    heartbeats.beat("canary", "canary@default")


@shared_task(name="default.canary")
def canary(job_id: int) -> None:
    """Prove that a job goes from a row through relay, broker and worker back to a row."""
    work.perform(job_id, _seen)


@shared_task(name="default.retain")
def retain(job_id: int) -> None:
    """Apply one rule of the retention table."""
    work.perform(job_id, personal.retain)
