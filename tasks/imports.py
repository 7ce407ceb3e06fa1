"""The queue `import`: contacts on their way in, looked up again, and out again."""

from celery import shared_task

from apps.contacts.imports import oauth_import
from apps.contacts.imports import runner as import_runner
from apps.contacts.services import erasure, rechecks
from apps.jobs import jobs


@shared_task(name="import.chunk")
def chunk(job_id: int) -> None:
    """Bring in the next stretch of an import."""
    jobs.run_job(job_id, import_runner.run_import)


@shared_task(name="import.fetch")
def fetch(job_id: int) -> None:
    """Read an address book at Google or Microsoft."""
    jobs.run_job(job_id, oauth_import.fetch_pages)


@shared_task(name="import.revoke")
def revoke(job_id: int) -> None:
    """Take a token back at its provider."""
    jobs.run_job(job_id, oauth_import.revoke_token)


@shared_task(name="import.undo")
def undo(job_id: int) -> None:
    """Take an import back."""
    jobs.run_job(job_id, erasure.run_undo)


@shared_task(name="import.recheck_all")
def recheck_all(job_id: int) -> None:
    """Queue a look-up of everybody's contacts."""
    jobs.run_job(job_id, rechecks.recheck_all)


@shared_task(name="import.recheck")
def recheck(job_id: int) -> None:
    """Look up one member's contacts again."""
    jobs.run_job(job_id, rechecks.recheck)
