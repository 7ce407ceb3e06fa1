"""The queue `default`: small work of no other queue."""

from celery import shared_task

from apps.accounts import exports, services
from apps.activity import services as activity
from apps.cases import decisions
from apps.jobs import jobs
from apps.outreach.services import plans
from apps.privacy import registry as privacy
from apps.sitesearch import indexing


@shared_task(name="default.retain")
def retain(job_id: int) -> None:
    """Apply one rule of the retention table."""
    jobs.run_job(job_id, privacy.retain)


@shared_task(name="default.settle_case")
def settle_case(job_id: int) -> None:
    """Let the answer to a case have its effect."""
    jobs.run_job(job_id, decisions.apply_due)


@shared_task(name="default.build_export")
def build_export(job_id: int) -> None:
    """Put the copy of a member's data together."""
    jobs.run_job(job_id, exports.build)


@shared_task(name="default.erase_member")
def erase_member(job_id: int) -> None:
    """Erase an account whose seven days are over."""
    jobs.run_job(job_id, services.erase)


@shared_task(name="default.remind")
def remind(job_id: int) -> None:
    """Remind members of the days of their plan to vote."""
    jobs.run_job(job_id, plans.send_reminders)


@shared_task(name="default.index_site")
def index_site(job_id: int) -> None:
    """Make the index of the site's public content anew."""
    jobs.run_job(job_id, indexing.rebuild_index)


@shared_task(name="default.note_activity")
def note_activity(job_id: int) -> None:
    """Bring an act into the feed's server."""
    jobs.run_job(job_id, activity.store_activity)
