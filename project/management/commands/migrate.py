"""Migrations run as the role that owns the tables, past PgBouncer, where DATABASE_OWNER_URL names it."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own; the application's role may read and write rows, and nothing else."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Go to the owner's connection instead of the application's."""
        if options["database"] == "default" and "owner" in settings.DATABASES:
            options["database"] = "owner"
        return super().handle(*args, **options)
