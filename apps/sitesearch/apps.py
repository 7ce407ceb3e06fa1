"""The app `sitesearch`."""

from django.apps import AppConfig

DAY_SECONDS = 24 * 3600


class SiteSearchConfig(AppConfig):
    """The app of the search of public content."""

    name = "apps.sitesearch"

    def ready(self) -> None:
        """Register the daily rebuild, and the divisions on behalf of apps.districts, which lies below this app."""
        from apps.jobs import jobs, schedule, task_names

        from . import division_documents, indexing
        from .registry import register_source

        jobs.register_job(task_names.INDEX_SITE)
        schedule.every(DAY_SECONDS, "site_index", indexing.queue_rebuild)
        register_source("divisions", division_documents.documents, existing=division_documents.existing_divisions)
