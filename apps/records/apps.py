"""The app `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.records"
