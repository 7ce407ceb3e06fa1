"""Configuration of the app `staff`."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Configure the staff pages; no app imports them."""

    name = "apps.staff"

    def ready(self) -> None:
        """Register the dashboard tile of failed jobs."""
        from django.utils.translation import gettext_lazy as _

        from apps.cases import dashboard

        from . import failed_jobs

        dashboard.register_tile(
            "owner",
            _("Failed jobs"),
            failed_jobs.count_failed,
            "staff:work",
            oldest=failed_jobs.oldest_failure,
            promise_hours=1,
        )
