"""The app `sitesearch`."""

from django.apps import AppConfig


class SiteSearchConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.sitesearch"
