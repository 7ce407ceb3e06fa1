"""The app `officials`."""

from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    """The app of offices, their holders, and elections."""

    name = "apps.officials"

    def ready(self) -> None:
        """Register officials and elections with site search."""
        from . import search_documents

        search_documents.register_search_documents()
