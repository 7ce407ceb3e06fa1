"""Tasks of the queue `match`: members' look-ups and the follow-up of new rolls."""

from celery import shared_task

from apps.api.lists import services as lists
from apps.jobs import jobs
from apps.verification import letters, roll_updates, services, suppression_requests


@shared_task(name="match.attempt")
def attempt(job_id: int) -> None:
    """Run one turn of a member's look-up."""
    jobs.run_job(job_id, services.run_attempt)


@shared_task(name="match.watch")
def watch(job_id: int) -> None:
    """Notify a batch of members of a new roll."""
    jobs.run_job(job_id, roll_updates.notify_members)


@shared_task(name="match.letter")
def letter(job_id: int) -> None:
    """Find the voter of a requested letter."""
    jobs.run_job(job_id, letters.address_letter)


@shared_task(name="match.hide")
def hide(job_id: int) -> None:
    """Process suppression requests."""
    jobs.run_job(job_id, suppression_requests.process_requests)


@shared_task(name="match.partner_list")
def partner_list(job_id: int) -> None:
    """Answer one part of a partner's list."""
    jobs.run_job(job_id, lists.answer)
