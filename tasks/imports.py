"""The queue `import`: contacts on their way in, looked up again, and out again."""

from celery import shared_task

from apps.contacts.services import erasing, grants, importing, rechecks
from apps.core import work


@shared_task(name="import.chunk")
def chunk(job_id: int) -> None:
    """Bring in the next stretch of an import."""
    work.perform(job_id, importing.run)


@shared_task(name="import.fetch")
def fetch(job_id: int) -> None:
    """Read an address book at Google or Microsoft."""
    work.perform(job_id, grants.fetch)


@shared_task(name="import.revoke")
def revoke(job_id: int) -> None:
    """Take a token back at its provider."""
    work.perform(job_id, grants.revoke)


@shared_task(name="import.undo")
def undo(job_id: int) -> None:
    """Take an import back."""
    work.perform(job_id, erasing.run_undo)


@shared_task(name="import.recheck_all")
def recheck_all(job_id: int) -> None:
    """Queue a look-up of everybody's contacts."""
    work.perform(job_id, rechecks.recheck_all)


@shared_task(name="import.recheck")
def recheck(job_id: int) -> None:
    """Look up one member's contacts again."""
    work.perform(job_id, rechecks.recheck)
