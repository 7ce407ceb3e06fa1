"""The project as an app: refusal of unsafe settings, metrics of requests, error reporting."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Refuses unsafe settings in every process, and registers the metrics of requests."""

    name = "project"

    def ready(self) -> None:
        """Refuse unsafe settings, then start metrics and error reporting."""
        from apps.core import metrics
        from project import request_metrics, sentry, startup

        startup.refuse_unsafe_settings()
        metrics.source(request_metrics.answers)
        sentry.start()
