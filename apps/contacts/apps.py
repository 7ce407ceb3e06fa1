"""Configuration of the app `contacts`."""

from django.apps import AppConfig

HOUR, DAY = 3600, 24 * 3600


class ContactsConfig(AppConfig):
    """Configure contacts: parsing, imports, matching against the voter roll, sharing nothing, erasure."""

    name = "apps.contacts"

    def ready(self) -> None:
        """Register jobs, schedules, repairs and personal data."""
        from apps.jobs import jobs, reconcile, schedule, task_names

        from . import personal_data
        from .imports import oauth_import, previews
        from .imports import runner as import_runner
        from .services import rechecks

        jobs.register_job(task_names.IMPORT_CHUNK, on_dead=import_runner.on_dead_letter)
        jobs.register_job(task_names.FETCH_CONTACTS, on_dead=oauth_import.on_dead_letter)
        for task in (
            task_names.REVOKE_TOKEN,
            task_names.UNDO_IMPORT,
            task_names.RECHECK_CONTACTS,
        ):
            jobs.register_job(task)
        schedule.every(HOUR, "contact_drafts", previews.purge_stale_drafts)
        schedule.every(DAY, "contacts_waiting", rechecks.recheck_waiting)
        reconcile.register_repair("imports_without_job", import_runner.requeue_lost_imports)
        reconcile.register_repair("fetches_too_old", oauth_import.stop_stale_fetches)
        reconcile.register_repair("stray_uploads", previews.purge_stray_uploads)
        personal_data.register_personal_data()
