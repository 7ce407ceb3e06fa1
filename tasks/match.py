"""The queue `match`: members' look-ups, and what a new roll changes for them."""

from celery import shared_task

from apps.api.lists import services as lists
from apps.jobs import jobs
from apps.verification import roll_updates, services, suppression_requests


@shared_task(name="match.attempt")
def attempt(job_id: int) -> None:
    """Answer one turn of a member's look-up."""
    jobs.run_job(job_id, services.answer)


@shared_task(name="match.watch")
def watch(job_id: int) -> None:
    """Compare one stretch of claims with a new roll."""
    jobs.run_job(job_id, roll_updates.watch)


@shared_task(name="match.again")
def again(job_id: int) -> None:
    """Look up again a stretch of members who had no registration."""
    jobs.run_job(job_id, roll_updates.ask_again)


@shared_task(name="match.hide")
def hide(job_id: int) -> None:
    """Protect whoever asked not to be found."""
    jobs.run_job(job_id, suppression_requests.hide)


@shared_task(name="match.claim")
def claim(job_id: int) -> None:
    """Compare one claim with the live roll."""
    jobs.run_job(job_id, roll_updates.check_one)


@shared_task(name="match.partner_list")
def partner_list(job_id: int) -> None:
    """Answer one part of a partner's list."""
    jobs.run_job(job_id, lists.match_part)
