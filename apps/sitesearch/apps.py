"""The app `sitesearch`."""

from django.apps import AppConfig

DAY = 24 * 3600


class SiteSearchConfig(AppConfig):
    """Search of public content. See docs/architecture.md for its place in the house."""

    name = "apps.sitesearch"

    def ready(self) -> None:
        """Register the daily rebuild, and the divisions, whose room stands below."""
        from apps.jobs import jobs, schedule

        from . import division_documents, indexing
        from .registry import register_source

        jobs.register_job("default.index_site")
        schedule.every(DAY, "site_index", indexing.queue_rebuild)
        register_source("divisions", division_documents.documents, standing=division_documents.standing)
