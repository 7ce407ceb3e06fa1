"""The audit log: reads and writes of personal data, chained by keyed hashes."""

from django.apps import AppConfig

DAY = 24 * 3600


class AuditConfig(AppConfig):
    """Registers the daily log line of the chain's head and the retention of entries."""

    name = "apps.audit"

    def ready(self) -> None:
        """Register periodic work and personal data."""
        from apps.jobs import schedule

        from . import personal_data, services

        schedule.every(DAY, "audit_head", services.log_head)
        personal_data.register_personal_data()
