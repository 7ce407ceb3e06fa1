"""The app `districts`."""

from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.districts"
