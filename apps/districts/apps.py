"""The app `districts`."""

from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.districts"

    def ready(self) -> None:
        """Register the check of its settings."""
        from django.core import checks as django_checks

        from . import checks

        django_checks.register(checks.geocoder_is_safe, django_checks.Tags.security)
