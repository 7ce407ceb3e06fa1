"""The app `contacts`."""

from django.apps import AppConfig

HOUR, DAY = 3600, 24 * 3600


class ContactsConfig(AppConfig):
    """People whom members brought: sources, imports, what the roll says of them, how they go."""

    name = "apps.contacts"

    def ready(self) -> None:
        """Register the work, the periodic acts and what is held about members here."""
        from apps.core import reconcile, schedule, work
        from apps.voters import events

        from . import held
        from .services import drafts, grants, importing, rechecks

        work.register("import.chunk", on_dead=importing.on_dead)
        work.register("import.fetch", on_dead=grants.on_dead)
        for task in ("import.revoke", "import.undo", "import.recheck_all", "import.recheck"):
            work.register(task)
        schedule.every(HOUR, "contact_drafts", drafts.drop_stale)
        schedule.every(DAY, "contacts_waiting", rechecks.recheck_waiting)
        reconcile.register("imports_without_job", importing.repair)
        reconcile.register("fetches_too_old", grants.repair)
        reconcile.register("stray_uploads", drafts.drop_stray_uploads)
        events.on_live(rechecks.roll_went_live)
        events.on_suppressed(rechecks.voters_protected)
        held.register()
