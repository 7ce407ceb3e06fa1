"""The app `officials`."""

from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.officials"

    def ready(self) -> None:
        """Offer officials and elections to site search."""
        from . import search_documents

        search_documents.register_search_documents()
