"""The app `pages`."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.pages"

    def ready(self) -> None:
        """Register the kind of case that the district pages open, and offer the texts to site search."""
        from . import search_documents, services

        services.register_case_kind()
        search_documents.register_search_documents()
