"""The app `voters`."""

from django.apps import AppConfig


class VotersConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.voters"

    def ready(self) -> None:
        """Offer the work that follows a swap, and the sweeping of what dead loads left."""
        from apps.core import reconcile, schedule, work

        from . import events, following, quarantine, refresh, snapshots

        for task in ("rolls.after_live", "rolls.check_index", "rolls.purge_index", refresh.TASK):
            work.register(task)
        reconcile.register("voter_index", following.mend)
        schedule.every(24 * 3600, "voter_index", following.queue_check)
        events.on_suppressed(lambda voters: following.queue_purge())
        reconcile.register("rolls", lambda dry_run: snapshots.clean_up(dry_run=dry_run))
        schedule.every(3600, "rolls.quarantine", quarantine.purge)
