"""The app `api`."""

from django.apps import AppConfig
from django.core import checks as django_checks


class ApiConfig(AppConfig):
    """Districts for programs. See docs/architecture.md for its place in the house."""

    name = "apps.api"

    def ready(self) -> None:
        """Register the check of its settings."""
        from . import checks

        django_checks.register(checks.origins_are_origins, django_checks.Tags.security)
