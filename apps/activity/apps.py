"""The app `activity`."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The feed of what members did: ids, kinds and times. See docs/architecture.md for its place in the house."""

    name = "apps.activity"

    def ready(self) -> None:
        """Register what is held about members here."""
        from . import held

        held.register()
