"""The project as an app: system checks, metrics of requests, error reporting."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the project's checks and metrics."""

    name = "project"

    def ready(self) -> None:
        """Load the checks and start error reporting."""
        from apps.core import metrics
        from project import checks, request_metrics, sentry  # noqa: F401 - importing the checks registers them

        metrics.source(request_metrics.answers)
        sentry.start()
