"""F6: a job that kills its worker."""

import os
import signal

from celery import shared_task

from apps.jobs import jobs


def kill(**_: int) -> None:
    """Die as if by the kernel's OOM killer."""
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task(name="default.poison")
def poison(job_id: int) -> None:
    """Claim the job, and die."""
    jobs.run_job(job_id, kill)
