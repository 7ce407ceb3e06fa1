"""The registry of personal data: export, erasure and retention."""

from django.apps import AppConfig

DAY = 24 * 3600


class PrivacyConfig(AppConfig):
    """Runs the retention rules that apps register."""

    name = "apps.privacy"

    def ready(self) -> None:
        """Register the retention job and its daily schedule."""
        from apps.jobs import jobs, schedule, task_names

        from . import registry

        jobs.register_job(task_names.RETAIN)
        schedule.every(DAY, "retention", registry.run_retention)
