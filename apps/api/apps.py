"""The app `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.api"
