"""Configuration of the app `verification`."""

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from apps.accounts.models import User


class VerificationConfig(AppConfig):
    """Configure verification: look-ups of members' own registration, claims, letters, changes by new rolls."""

    name = "apps.verification"

    def ready(self) -> None:
        """Register jobs, roll events, cases, notices, metrics and personal data."""
        from django.contrib.auth.signals import user_logged_in

        from apps.core import metrics
        from apps.jobs import jobs, task_names
        from apps.voters import roll_events

        from . import (
            case_kinds,
            personal_data,
            roll_updates,
            services,
            suppression_requests,
        )
        from . import (
            metrics as lookup_metrics,
        )

        jobs.register_job(services.TASK, on_dead=services.stop_attempt)
        jobs.register_job(roll_updates.TASK)
        jobs.register_job(roll_updates.RETRY_TASK)
        jobs.register_job(task_names.CHECK_CLAIM)
        jobs.register_job(suppression_requests.TASK)
        roll_events.on_live(suppression_requests.roll_went_live)
        roll_events.on_live(roll_updates.roll_went_live)
        user_logged_in.connect(_signed_in, dispatch_uid="verification.signed_in")
        metrics.source(lookup_metrics.attempts_by_state)
        case_kinds.register_case_kinds()
        personal_data.register_personal_data()


def _signed_in(*, user: "User", **_: Any) -> None:
    """Handle Django's sign-in signal, which both allauth and the admin send."""
    from . import roll_updates

    roll_updates.queue_check_at_sign_in(user)
