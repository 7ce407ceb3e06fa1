"""Configuration of the app `staff`."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Configure the staff pages; no app imports them."""

    name = "apps.staff"

    def ready(self) -> None:
        """Register the dashboard tile of failed jobs and the case of a busy search."""
        from django.utils.translation import gettext_lazy as _

        from apps.cases import dashboard
        from apps.cases import services as cases
        from apps.core.roles import Role

        from . import failed_jobs

        cases.register_kind(
            "staff_search",
            title=_("A staff member searches many voters"),
            role=Role.OWNER,
            template="staff/case_staff_search.html",
            answers=(("seen", _("Seen, nothing to do"), "s"),),
        )
        dashboard.register_tile(
            "owner",
            _("Failed jobs"),
            failed_jobs.count_failed,
            "staff:work",
            oldest=failed_jobs.oldest_failure,
            promise_hours=1,
        )
