"""Registers the cases, notices and dashboard tile of this app."""

from django.utils.translation import gettext_lazy as _

from apps.cases import dashboard
from apps.cases import services as cases
from apps.core.roles import Role
from apps.notifications import services as notifications

from .models import Letter


def register_case_kinds() -> None:
    """Register the case, the notices and the tile; called by AppConfig.ready. No case decides about a claim."""
    cases.register_kind(
        "lookup_total",
        title=_("Half of today’s look-ups are used"),
        role=Role.OWNER,
        template="verification/case_lookup_total.html",
        answers=(("seen", _("Seen, nothing to do"), "s"),),
    )
    kinds = {
        "new_roll": (_("A new roll is here: check again"), _("Check my registration"), "verification:find"),
        "suppressed": (_("Your registration is hidden from others"), _("See my registration"), "verification:home"),
    }
    for kind, (title, button, link) in kinds.items():
        notifications.register_notice(
            kind,
            title=title,
            body_template=f"verification/notices/{kind}.txt",
            mail=True,
            link=link,
            button=button,
        )
    dashboard.register_tile(
        Role.STEWARD, _("Letters to print"), lambda: Letter.objects.to_print().count(), "verification:letters"
    )
