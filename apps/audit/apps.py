"""The audit log: reads and writes of personal data, chained by keyed hashes."""

from django.apps import AppConfig

HOUR, DAY = 3600, 24 * 3600


class AuditConfig(AppConfig):
    """Registers the hourly anchor and the daily log line of the chain's head, and the retention of entries."""

    name = "apps.audit"

    def ready(self) -> None:
        """Register periodic work and personal data."""
        from apps.jobs import schedule

        from . import anchors, personal_data, services

        schedule.every(DAY, "audit_head", services.log_head)
        schedule.every(HOUR, "audit_anchor", anchors.write_head)
        personal_data.register_personal_data()
