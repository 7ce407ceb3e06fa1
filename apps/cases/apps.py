"""Cases: questions that staff decide, queued by kind."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Apps above register their kinds of cases and dashboard tiles here."""

    name = "apps.cases"

    def ready(self) -> None:
        """Register the job that applies a decision, and the personal data of cases."""
        from apps.jobs import jobs

        from . import decisions, personal_data

        jobs.register_job(decisions.TASK, on_dead=decisions.return_to_queue)
        personal_data.register_personal_data()
