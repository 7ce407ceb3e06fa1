"""The app `activity`."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.activity"
