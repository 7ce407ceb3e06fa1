"""The app `activity`."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The feed of what members did: ids, kinds and times. See docs/architecture.md for its place in the house."""

    name = "apps.activity"

    def ready(self) -> None:
        """Register what is held about members here, and the work of writing it."""
        from apps.jobs import jobs

        from . import personal_data
        from . import services as activity

        personal_data.register_personal_data()
        jobs.register_job(activity.TASK)
