"""The app `activity`."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The app of the activity feed: ids, kinds and times of members' actions."""

    name = "apps.activity"

    def ready(self) -> None:
        """Register the personal data of the feed, and the job that writes it."""
        from apps.jobs import jobs

        from . import personal_data
        from . import services as activity

        personal_data.register_personal_data()
        jobs.register_job(activity.TASK)
