"""The app `voters`."""

from django.apps import AppConfig


class VotersConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.voters"
