"""The ground of the house."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CoreConfig(AppConfig):
    """Work, leases, seams, roles and flags."""

    name = "apps.core"

    def ready(self) -> None:
        """Refuse wrong timeouts here: workers never run the system checks."""
        from . import canary, checks, reconcile, schedule, work

        errors = checks.timeout_errors()
        if errors:
            raise ImproperlyConfigured("; ".join(str(error.msg) for error in errors))
        for queue in settings.QUEUES:
            work.register(canary.name_of(queue))
        schedule.every(canary.EVERY_SECONDS, "canary", canary.send)
        schedule.every(10, "reconcile", reconcile.reconcile)
        schedule.every(3600, "prune", reconcile.prune)
