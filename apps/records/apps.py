"""The app `records`: what the house writes down about its own dealings."""

from django.apps import AppConfig

DAY = 24 * 3600


class RecordsConfig(AppConfig):
    """Its registries are filled by the apps above it; it knows none of them."""

    name = "apps.records"

    def ready(self) -> None:
        """Register the work, the periodic acts and what is held about members here."""
        from apps.core import schedule, work

        from . import answers, audit, held, notices, personal

        work.register("mail.send_notice", on_dead=notices.mail_stopped)
        work.register("mail.send_mail")
        work.register("default.retain")
        work.register(answers.TASK, on_dead=answers.stopped)
        schedule.every(DAY, "retention", personal.run_retention)
        schedule.every(DAY, "audit_head", audit.log_head)
        held.register()
