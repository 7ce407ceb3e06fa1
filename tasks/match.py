"""Tasks of the queue `match`: members' look-ups and the follow-up of new rolls."""

from celery import shared_task

from apps.api.lists import services as lists
from apps.jobs import jobs
from apps.verification import roll_updates, services, suppression_requests


@shared_task(name="match.attempt")
def attempt(job_id: int) -> None:
    """Run one turn of a member's look-up."""
    jobs.run_job(job_id, services.run_attempt)


@shared_task(name="match.watch")
def watch(job_id: int) -> None:
    """Check a batch of claims against a new roll."""
    jobs.run_job(job_id, roll_updates.check_claims)


@shared_task(name="match.again")
def again(job_id: int) -> None:
    """Retry the look-ups of a batch of unmatched members."""
    jobs.run_job(job_id, roll_updates.retry_attempts)


@shared_task(name="match.hide")
def hide(job_id: int) -> None:
    """Process suppression requests."""
    jobs.run_job(job_id, suppression_requests.process_requests)


@shared_task(name="match.claim")
def claim(job_id: int) -> None:
    """Check one claim against the live roll."""
    jobs.run_job(job_id, roll_updates.check_queued_claim)


@shared_task(name="match.partner_list")
def partner_list(job_id: int) -> None:
    """Answer one part of a partner's list."""
    jobs.run_job(job_id, lists.match_part)
