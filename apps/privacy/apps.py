"""The registry of personal data (export, erasure, retention), and the keys of members."""

from django.apps import AppConfig

DAY = 24 * 3600


class PrivacyConfig(AppConfig):
    """Runs the retention rules that apps register."""

    name = "apps.privacy"

    def ready(self) -> None:
        """Register the retention job, the keys of members, and their daily schedules."""
        from apps.core import crypto, member_crypto
        from apps.jobs import jobs, schedule, task_names

        from . import member_keys, registry

        member_crypto.use_key_source(member_keys.MemberKeys())
        crypto.register_rotation("privacy.MemberKey", member_keys.rotate_keys)
        jobs.register_job(task_names.RETAIN)
        schedule.every(DAY, "member_keys", member_keys.renew)
        schedule.every(DAY, "retention", registry.run_retention)
