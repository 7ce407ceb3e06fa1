"""Backends, flags, roles, quotas and crypto that every other app builds on."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class CoreConfig(AppConfig):
    """Refuses to start on wrong timeouts."""

    name = "apps.core"

    def ready(self) -> None:
        """Raise ImproperlyConfigured on wrong timeouts: workers never run the system checks."""
        from . import checks

        errors = checks.timeout_errors()
        if errors:
            raise ImproperlyConfigured("; ".join(str(error.msg) for error in errors))
