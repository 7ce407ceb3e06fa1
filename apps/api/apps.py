"""The app `api`."""

from django.apps import AppConfig
from django.core import checks as django_checks
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The app of the REST API and of partners' lists."""

    name = "apps.api"

    def ready(self) -> None:
        """Register the settings check, and the job, the retention and the dashboard tile of partners' lists."""
        from apps.cases import dashboard
        from apps.jobs import jobs
        from apps.privacy import registry as privacy

        from . import checks
        from .lists import services, views
        from .models import PartnerList

        django_checks.register(checks.check_api_origins, django_checks.Tags.security)
        jobs.register_job(services.TASK, on_dead=services.stop_list)
        privacy.register_retention("api.lists", days=services.RETENTION_DAYS, purge=services.delete_lists_before)
        privacy.not_personal(PartnerList, "A partner's list; its approver is staff at work, as in the audit log.")
        dashboard.register_tile(views.DECIDERS, _("Partners' lists to decide"), views.count_waiting, "lists:lists")
