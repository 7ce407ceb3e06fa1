"""Configuration of the app `pages`."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Configure the public pages and the district pages."""

    name = "apps.pages"

    def ready(self) -> None:
        """Register the case kind of wrong districts and the documents of site search."""
        from . import search_documents, services

        services.register_case_kind()
        search_documents.register_search_documents()
