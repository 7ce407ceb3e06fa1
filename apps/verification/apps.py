"""The app `verification`."""

from typing import Any

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """A member and their own registration: look-ups, claims, letters, the watch over new rolls."""

    name = "apps.verification"

    def ready(self) -> None:
        """Register the work, and everything the rooms below have to know."""
        from django.contrib.auth.signals import user_logged_in

        from apps.core import metrics
        from apps.jobs import jobs
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

        jobs.register_job(services.TASK, on_dead=services.attempt_stopped)
        jobs.register_job(roll_updates.TASK)
        jobs.register_job(roll_updates.ASK_AGAIN)
        jobs.register_job("match.claim")
        jobs.register_job(suppression_requests.TASK)
        roll_events.on_live(suppression_requests.roll_went_live)
        roll_events.on_live(roll_updates.roll_went_live)
        user_logged_in.connect(_signed_in, dispatch_uid="verification.signed_in")
        metrics.source(lookup_metrics.by_state)
        case_kinds.register_case_kinds()
        personal_data.register_personal_data()


def _signed_in(*, user: Any, **_: Any) -> None:
    """The framework's own signal: allauth and the admin both send it."""
    from . import roll_updates

    roll_updates.at_sign_in(user)
