"""The ground of the house."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class CoreConfig(AppConfig):
    """Work, leases, seams, roles and flags."""

    name = "apps.core"

    def ready(self) -> None:
        """Refuse wrong timeouts here: workers never run the system checks."""
        from . import checks, reconcile, schedule, work

        errors = checks.timeout_errors()
        if errors:
            raise ImproperlyConfigured("; ".join(str(error.msg) for error in errors))
        work.register("default.canary")
        schedule.every(10, "reconcile", reconcile.reconcile)
        schedule.every(3600, "prune", reconcile.prune)
