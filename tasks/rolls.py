"""The queue `rolls`: what follows when a roll goes live."""

from celery import shared_task

from apps.jobs import jobs
from apps.voters import index_sync, refresh


@shared_task(name="rolls.after_live")
def after_live(job_id: int) -> None:
    """Let the search server follow a roll that is live, then tell whoever looks people up."""
    jobs.run_job(job_id, index_sync.after_live)


@shared_task(name="rolls.check_index")
def check_index(job_id: int) -> None:
    """Compare the search server with the rolls."""
    jobs.run_job(job_id, index_sync.check_indexes)


@shared_task(name="rolls.purge_index")
def purge_index(job_id: int) -> None:
    """Drop protected voters out of the search server."""
    jobs.run_job(job_id, index_sync.delete_suppressed)


@shared_task(name="rolls.refresh")
def start_refresh(job_id: int) -> None:
    """Start the weekly refresh in a process of its own."""
    jobs.run_job(job_id, refresh.start_refresh_process)
