"""The app `staff`: the home, the queues, and the pages of each role."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Composed of what each app offers; nobody imports it."""

    name = "apps.staff"

    def ready(self) -> None:
        """Offer the tile of stopped work."""
        from django.utils.translation import gettext_lazy as _

        from apps.cases import dashboard

        from . import failed_jobs

        dashboard.register_tile(
            "owner",
            _("Stopped work"),
            failed_jobs.count_dead,
            "staff:work",
            oldest=failed_jobs.oldest_dead,
            promise_hours=1,
        )
