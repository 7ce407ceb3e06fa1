"""The queue `match`: members' look-ups, and what a new roll changes for them."""

from celery import shared_task

from apps.api.lists import services as lists
from apps.core import work
from apps.verification import hiding, services, watching


@shared_task(name="match.attempt")
def attempt(job_id: int) -> None:
    """Answer one turn of a member's look-up."""
    work.perform(job_id, services.answer)


@shared_task(name="match.watch")
def watch(job_id: int) -> None:
    """Compare one stretch of claims with a new roll."""
    work.perform(job_id, watching.watch)


@shared_task(name="match.again")
def again(job_id: int) -> None:
    """Look up again a stretch of members who had no registration."""
    work.perform(job_id, watching.ask_again)


@shared_task(name="match.hide")
def hide(job_id: int) -> None:
    """Protect whoever asked not to be found."""
    work.perform(job_id, hiding.hide)


@shared_task(name="match.claim")
def claim(job_id: int) -> None:
    """Compare one claim with the live roll."""
    work.perform(job_id, watching.check_one)


@shared_task(name="match.partner_list")
def partner_list(job_id: int) -> None:
    """Answer one part of a partner's list."""
    work.perform(job_id, lists.answer)
