"""Accounts: sign-up, sign-in, consent, data export, deletion."""

from typing import Any

from django.apps import AppConfig

from apps.core.types import PassedThrough


class AccountsConfig(AppConfig):
    """Registers jobs, periodic tasks, notices and personal data."""

    name = "apps.accounts"

    def ready(self) -> None:
        """Register everything, and end other sessions when a second factor changes."""
        from allauth.mfa import signals

        from apps.core import crypto
        from apps.jobs import jobs, schedule, task_names

        from . import exports, notices, personal_data, role_changes, second_factor, services

        jobs.register_job(task_names.BUILD_EXPORT, on_dead=exports.mark_failed)
        jobs.register_job(task_names.ERASE_MEMBER)
        schedule.every(3600, "erasures", services.queue_erasures)
        crypto.register_rotation("accounts.exports", exports.rotate_keys)
        crypto.register_rotation("mfa.Authenticator.data", second_factor.rotate_keys)
        personal_data.register_personal_data()
        notices.register_notices()
        role_changes.register_case_kind()
        for changed in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
            changed.connect(_second_step_changed, dispatch_uid="accounts.second_step_changed")
        signals.authenticator_added.connect(_second_step_added, dispatch_uid="accounts.second_step_added")


def _second_step_changed(*, request: Any, user: Any, **_: PassedThrough) -> None:
    """End every other session, because none of them has used the new second factor."""
    from .services import end_sessions

    end_sessions(member=user, but=request.session.session_key)


def _second_step_added(*, request: Any, authenticator: Any, **_: Any) -> None:
    from .second_factor import record_new_factor

    record_new_factor(request, authenticator)
