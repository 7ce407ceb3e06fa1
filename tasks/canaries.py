"""A canary task a queue: proof that a job goes from a row through relay, broker and worker back to a row."""

from typing import Any

from celery import shared_task
from django.conf import settings

from apps.jobs import canary, jobs


def _made(queue: str) -> Any:
    @shared_task(name=canary.task_name(queue))
    def fly(job_id: int) -> None:
        jobs.run_job(job_id, canary.record_arrival)

    return fly


TASKS = [_made(queue) for queue in settings.QUEUES]
