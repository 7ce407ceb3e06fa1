"""Define Celery tasks. Each claims a job and calls one service with the job's arguments."""

from collections.abc import Callable

from celery import Task, shared_task

from .jobs import run_job


def define_task(name: str, service: Callable[..., object]) -> "Task[[int], None]":
    """Return the Celery task `name`, which runs `service` for a job id. The queue is the part before the first dot."""

    def run(job_id: int) -> None:
        run_job(job_id, service)

    run.__doc__ = service.__doc__
    task: Task[[int], None] = shared_task(name=name)(run)
    return task
