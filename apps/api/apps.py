"""The app `api`."""

from django.apps import AppConfig
from django.core import checks as django_checks
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Districts for programs. See docs/architecture.md for its place in the house."""

    name = "apps.api"

    def ready(self) -> None:
        """Register the check of its settings, and the work, the tile and the keeping of partners' lists."""
        from apps.cases import dashboard
        from apps.core.roles import Role
        from apps.jobs import jobs
        from apps.privacy import registry as privacy

        from . import checks
        from .lists import services, views

        django_checks.register(checks.origins_are_origins, django_checks.Tags.security)
        jobs.register_job(services.TASK, on_dead=services.stop)
        privacy.register_retention("api.lists", days=services.KEPT_DAYS, purge=services.purge)
        dashboard.register_tile(Role.OWNER, _("Partners' lists to decide"), views.waiting, "lists:lists")
