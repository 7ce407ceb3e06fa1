"""The app `voters`."""

from django.apps import AppConfig


class VotersConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.voters"

    def ready(self) -> None:
        """Offer the work that follows a swap, and the sweeping of what dead loads left."""
        from apps.core import reconcile, schedule, work

        from . import quarantine, snapshots

        work.register("rolls.after_live")
        reconcile.register("rolls", lambda dry_run: snapshots.clean_up(dry_run=dry_run))
        schedule.every(3600, "rolls.quarantine", quarantine.purge)
