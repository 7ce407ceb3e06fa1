"""The app `districts`."""

from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    """The app of boundaries, addresses and ZIP codes."""

    name = "apps.districts"

    def ready(self) -> None:
        """Register the check of the app's settings."""
        from django.core import checks as django_checks

        from . import checks

        django_checks.register(checks.check_geocoder_url, django_checks.Tags.security)
