"""Personal data of accounts: export, erasure, retention, and the deletion of unused accounts."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from waffle.models import Flag

from apps.core.roles import Role
from apps.notifications import services as notifications
from apps.privacy import registry as privacy

from . import exports, services, tombstones
from .models import Consent, DataExport, User

WITH_ACCOUNT = _("as long as you have an account")


def register_personal_data() -> None:
    """Fill the registry; called from AppConfig.ready."""
    privacy.register(
        User,
        title=_("Your account: email address, language, role"),
        owner="pk",
        fields=("email", "language", "role", "joined_at", "last_login", "erase_at"),
        keep=_("until you delete it, or two years after your last sign-in"),
    )
    privacy.register(
        EmailAddress,
        title=_("Email addresses, and whether they are confirmed"),
        fields=("email", "verified", "primary"),
        owner="user",
        keep=WITH_ACCOUNT,
    )
    privacy.register(
        Authenticator,
        title=_("Second steps at sign-in, without their secrets"),
        row=_second_step,
        owner="user",
        keep=WITH_ACCOUNT,
    )
    privacy.register(
        UserSession,
        title=_("Where you are signed in: browser, network address, when"),
        row=_session,
        owner="user",
        keep=_("14 days at the longest"),
    )
    privacy.register(
        Consent,
        title=_("What you agreed to, in which version, and when"),
        fields=("document", "version", "at"),
        keep=WITH_ACCOUNT,
    )
    privacy.register(
        DataExport,
        title=_("Copies of your data that you asked for"),
        fields=("made_at", "ready_at", "state"),
        erase=exports.delete_exports,
        keep=_("24 hours"),
    )
    privacy.not_personal(
        Flag.users.through,
        "A preview may be opened for single accounts; that says nothing about a member.",
    )
    privacy.register_retention("accounts.exports", days=1, purge=exports.purge)
    privacy.register_retention("accounts.sessions", days=0, purge=_purge_sessions)
    privacy.register_retention("accounts.unconfirmed", days=2, purge=_purge_unconfirmed)
    privacy.register_retention("accounts.inactive_warned", days=700, purge=_warn_inactive)
    privacy.register_retention("accounts.inactive", days=730, purge=_leave_inactive)
    # Longer than any backup: 35 days by the retention table, plus a margin for a forgotten one.
    privacy.register_retention("accounts.tombstones", days=400, purge=tombstones.purge)


def _second_step(step: Authenticator) -> dict[str, Any]:
    return {"type": step.type, "made_at": step.created_at, "last_used_at": step.last_used_at}


def _session(session: UserSession) -> dict[str, Any]:
    return {
        "browser": session.user_agent,
        "network_address": session.ip,
        "since": session.created_at,
        "last_seen": session.last_seen_at,
    }


def _purge_sessions(before: datetime) -> int:
    """Delete expired sessions, and list entries whose session is gone."""
    ended = Session.objects.filter(expire_date__lt=before).delete()[0]
    alive = Session.objects.values("session_key")
    UserSession.objects.filter(created_at__lt=before).exclude(session_key__in=alive).delete()
    return ended


def _purge_unconfirmed(before: datetime) -> int:
    """Delete unconfirmed addresses, which another person may have entered."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    old = User.objects.filter(joined_at__lt=before, role=Role.MEMBER).exclude(pk__in=confirmed)
    count = 0
    for member in old.iterator():
        privacy.erase_all(member)
        count += 1
    return count


def _idle(before: datetime) -> Any:
    quiet = Q(last_login__lt=before) | Q(last_login=None, joined_at__lt=before)
    return User.objects.filter(quiet, role=Role.MEMBER, is_active=True, erase_at=None)


def _warn_inactive(before: datetime) -> int:
    """Warn members a month before an unused account is deleted; once for each last sign-in."""
    warned = 0
    for member in _idle(before).iterator():
        key = f"{member.last_login or member.joined_at:%Y%m%d}"
        warned += notifications.notify(member=member, kind="accounts.inactive", key=key) is not None
    return warned


def _leave_inactive(before: datetime) -> int:
    """Request the deletion of accounts unused for two years; signing in within seven days cancels it."""
    leaving = list(_idle(before))
    for member in leaving:
        services.request_deletion(member=member)
    return len(leaving)
