"""The project itself, installed so that a bare django.setup() finds our Celery app."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the system checks of the whole."""

    name = "project"

    def ready(self) -> None:
        """Load the checks and the error reporting."""
        from apps.core import metrics

        from project import checks, sentry, tally  # noqa: F401 - importing the checks registers them

        metrics.source(tally.answers)
        sentry.start()
