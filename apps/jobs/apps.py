"""Job rows, relay, leases, reconciler and scheduler."""

from django.apps import AppConfig
from django.conf import settings


class JobsConfig(AppConfig):
    """Registers the canary jobs, the periodic jobs and the metrics of the job table."""

    name = "apps.jobs"

    def ready(self) -> None:
        """Register what this app itself runs and measures."""
        from apps.core.metrics import source

        from . import canary, jobs, metrics, reconcile, schedule

        for queue in settings.QUEUES:
            jobs.register_job(canary.task_name(queue))
        schedule.every(canary.EVERY_SECONDS, "canary", canary.send)
        schedule.every(10, "reconcile", reconcile.reconcile)
        schedule.every(3600, "prune", reconcile.prune)
        source(metrics.samples)
