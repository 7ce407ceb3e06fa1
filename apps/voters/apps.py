"""The app `voters`."""

from django.apps import AppConfig


class VotersConfig(AppConfig):
    """The app of voter rolls, layouts and voter search."""

    name = "apps.voters"

    def ready(self) -> None:
        """Register jobs, repairs, schedules and the dashboard tile of waiting rolls."""
        from django.utils.translation import gettext_lazy as _

        from apps.cases import dashboard
        from apps.core import crypto
        from apps.core.roles import Role
        from apps.jobs import jobs, reconcile, schedule, task_names

        from . import index_sync, quarantine, refresh, roll_events, snapshots
        from .models import Snapshot

        waiting = Snapshot.objects.waiting
        dashboard.register_tile(
            Role.STEWARD,
            _("Rolls that wait to be accepted"),
            lambda: waiting().count(),
            "staff:rolls",
            oldest=lambda: waiting().order_by("pk").values_list("created_at", flat=True).first(),
            promise_hours=24,
        )
        for task in (task_names.AFTER_LIVE, task_names.CHECK_INDEX, task_names.PURGE_INDEX, refresh.TASK):
            jobs.register_job(task)
        crypto.register_rotation("voters.quarantine", quarantine.rotate_keys)
        reconcile.register_repair("voter_index", index_sync.queue_missing_indexes)
        schedule.every(24 * 3600, "voter_index", index_sync.queue_check)
        roll_events.on_suppressed(lambda voters: index_sync.queue_purge())
        reconcile.register_repair("rolls", lambda dry_run: snapshots.clean_up(dry_run=dry_run))
        reconcile.register_repair("roll_refreshes", refresh.end_stopped_refreshes)
        schedule.every(3600, "rolls.quarantine", quarantine.delete_expired)
