"""The queue `rolls`: what follows when a roll goes live."""

from celery import shared_task

from apps.core import work
from apps.voters import snapshots


@shared_task(name="rolls.after_live")
def after_live(job_id: int) -> None:
    """Tell whoever looks people up that a roll is live."""
    work.perform(job_id, snapshots.after_live)
