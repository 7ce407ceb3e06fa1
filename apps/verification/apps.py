"""The app `verification`."""

from typing import Any

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """A member and their own registration: look-ups, claims, letters, the watch over new rolls."""

    name = "apps.verification"

    def ready(self) -> None:
        """Register the work, and everything the rooms below have to know."""
        from django.contrib.auth.signals import user_logged_in

        from apps.core import metrics, work
        from apps.voters import events

        from . import figures, held, hiding, kinds, services, watching

        work.register(services.TASK, on_dead=services.attempt_stopped)
        work.register(watching.TASK)
        work.register(watching.ASK_AGAIN)
        work.register("match.claim")
        work.register(hiding.TASK)
        events.on_live(hiding.roll_went_live)
        events.on_live(watching.roll_went_live)
        user_logged_in.connect(_signed_in, dispatch_uid="verification.signed_in")
        metrics.source(figures.by_state)
        kinds.register()
        held.register()


def _signed_in(*, user: Any, **_: Any) -> None:
    """The framework's own signal: allauth and the admin both send it."""
    from . import watching

    watching.at_sign_in(user)
