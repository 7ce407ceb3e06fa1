"""Configuration of the app `verification`."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Configure verification: lookups of members' own registration, claims, letters, suppression requests."""

    name = "apps.verification"

    def ready(self) -> None:
        """Register jobs, roll events, cases, notices, metrics and personal data."""
        from apps.core import metrics
        from apps.jobs import jobs
        from apps.voters import roll_events

        from . import (
            case_kinds,
            letters,
            personal_data,
            roll_updates,
            services,
            suppression_bursts,
            suppression_requests,
        )
        from . import (
            metrics as lookup_metrics,
        )

        jobs.register_job(services.TASK, on_dead=services.stop_attempt)
        jobs.register_job(roll_updates.TASK)
        jobs.register_job(letters.TASK)
        jobs.register_job(suppression_requests.TASK)
        roll_events.on_live(suppression_requests.roll_went_live)
        roll_events.on_live(roll_updates.roll_went_live)
        metrics.source(lookup_metrics.attempts_by_state)
        case_kinds.register_case_kinds()
        suppression_bursts.register_case_kinds()
        personal_data.register_personal_data()
