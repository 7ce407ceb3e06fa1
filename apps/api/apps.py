"""The app `api`."""

from django.apps import AppConfig
from django.core import checks as django_checks
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Districts for programs. See docs/architecture.md for its place in the house."""

    name = "apps.api"

    def ready(self) -> None:
        """Register the check of its settings, and the work, the tile and the keeping of partners' lists."""
        from apps.core import work
        from apps.core.roles import Role
        from apps.records import personal, tiles

        from . import checks
        from .lists import pages, services

        django_checks.register(checks.origins_are_origins, django_checks.Tags.security)
        work.register(services.TASK, on_dead=services.stop)
        personal.register_retention("api.lists", days=services.KEPT_DAYS, purge=services.purge)
        tiles.register(Role.OWNER, _("Partners' lists to decide"), pages.waiting, "lists:lists")
