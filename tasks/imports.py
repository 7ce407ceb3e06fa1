"""Tasks of the queue `import`: imports, rechecks and undo of contacts."""

from celery import shared_task

from apps.contacts.imports import oauth_import
from apps.contacts.imports import runner as import_runner
from apps.contacts.services import erasure, rechecks
from apps.jobs import jobs


@shared_task(name="import.chunk")
def chunk(job_id: int) -> None:
    """Import the next parts."""
    jobs.run_job(job_id, import_runner.run_import)


@shared_task(name="import.fetch")
def fetch(job_id: int) -> None:
    """Fetch pages of an address book."""
    jobs.run_job(job_id, oauth_import.fetch_pages)


@shared_task(name="import.revoke")
def revoke(job_id: int) -> None:
    """Revoke a token at its provider."""
    jobs.run_job(job_id, oauth_import.revoke_token)


@shared_task(name="import.undo")
def undo(job_id: int) -> None:
    """Undo an import."""
    jobs.run_job(job_id, erasure.run_undo)


@shared_task(name="import.recheck_all")
def recheck_all(job_id: int) -> None:
    """Queue rechecks of all contacts."""
    jobs.run_job(job_id, rechecks.recheck_all)


@shared_task(name="import.recheck")
def recheck(job_id: int) -> None:
    """Recheck one member's contacts."""
    jobs.run_job(job_id, rechecks.recheck)
