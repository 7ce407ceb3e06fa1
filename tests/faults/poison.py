"""F6: work that kills whoever does it."""

import os
import signal

from celery import shared_task

from apps.jobs import jobs


def kill(**_: int) -> None:
    """Die as the kernel's hunter of memory would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task(name="default.poison")
def poison(job_id: int) -> None:
    """Claim the job, and die of it."""
    jobs.run_job(job_id, kill)
