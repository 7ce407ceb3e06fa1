"""`migrate` as the role that owns the tables, without PgBouncer, if DATABASE_OWNER_URL is set."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from apps.core.types import OptionValue


class Command(migrate.Command):
    """Django's command on the owner's connection; the application's role can only read and write rows."""

    def handle(self, *args: OptionValue, **options: OptionValue) -> Any:
        """Migrate on the owner's connection instead of the application's."""
        if options["database"] == "default" and "owner" in settings.DATABASES:
            options["database"] = "owner"
        return super().handle(*args, **options)
