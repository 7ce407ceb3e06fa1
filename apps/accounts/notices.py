"""The notices that this app sends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.roles import Role
from apps.notifications.models import Notice
from apps.notifications.services import register_notice

from .services import UNDO_DAYS


def register_notices() -> None:
    """Register the notices; called from AppConfig.ready."""
    register_notice(
        "accounts.export_ready",
        title=_("The copy of your data is ready"),
        body_template="accounts/notices/export_ready.txt",
        mail=True,
        link="accounts:home",
        button=_("Fetch my copy"),
    )
    register_notice(
        "accounts.leaving",
        title=_("Your account will be erased"),
        body_template="accounts/notices/leaving.txt",
        mail=True,
        link="accounts:leaving",
        button=_("Keep my account"),
        context=lambda notice: {"erase_at": notice.member.erase_at, "days": UNDO_DAYS},
    )
    register_notice(
        "accounts.role_changed",
        title=_("Your role has changed"),
        body_template="accounts/notices/role_changed.txt",
        mail=True,
        link="accounts:home",
        button=_("See my account"),
        context=_role,
    )
    register_notice(
        "accounts.inactive",
        title=_("You have not been here for a long time"),
        body_template="accounts/notices/inactive.txt",
        mail=True,
        link="accounts:home",
        button=_("Sign in and keep it"),
    )


def _role(notice: Notice) -> dict[str, Any]:
    return {"role": Role(notice.facts["role"]).label}
