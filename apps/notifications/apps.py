"""Notices to members: inbox and email."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Apps above register their kinds of notices here."""

    name = "apps.notifications"

    def ready(self) -> None:
        """Register the jobs that send email, and the personal data of notices."""
        from apps.jobs import jobs, task_names

        from . import personal_data, services

        jobs.register_job(task_names.SEND_NOTICE, on_dead=services.mail_stopped)
        jobs.register_job(task_names.SEND_EMAIL)
        personal_data.register_personal_data()
