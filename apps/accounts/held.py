"""What accounts hold about a member, for how long, and what becomes of accounts that nobody uses."""

from collections.abc import Iterator
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
from apps.records import notices, personal

from . import erasures, exports, services
from .models import Consent, DataExport, User

WITH_ACCOUNT = _("as long as you have an account")


def register() -> None:
    """Fill the registry; called once at start."""
    personal.register(
        User,
        title=_("Your account: mail address, language, role"),
        export=_account,
        erase=lambda member: User.objects.filter(pk=member.pk).delete()[0],
        keep=_("until you delete it, or two years after your last sign-in"),
    )
    personal.register(
        EmailAddress,
        title=_("Mail addresses, and whether they are confirmed"),
        export=lambda member: EmailAddress.objects.filter(user=member).values("email", "verified", "primary"),
        erase=lambda member: EmailAddress.objects.filter(user=member).delete()[0],
        keep=WITH_ACCOUNT,
    )
    personal.register(
        Authenticator,
        title=_("Second steps at sign-in, without their secrets"),
        export=_second_steps,
        erase=lambda member: Authenticator.objects.filter(user=member).delete()[0],
        keep=WITH_ACCOUNT,
    )
    personal.register(
        UserSession,
        title=_("Where you are signed in: browser, network address, when"),
        export=_sessions,
        erase=lambda member: UserSession.objects.filter(user=member).delete()[0],
        keep=_("14 days at the longest"),
    )
    personal.register(
        Consent,
        title=_("What you agreed to, in which version, and when"),
        export=lambda member: Consent.objects.filter(member=member).values("document", "version", "at"),
        erase=lambda member: Consent.objects.filter(member=member).delete()[0],
        keep=WITH_ACCOUNT,
    )
    personal.register(
        DataExport,
        title=_("Copies of your data that you asked for"),
        export=lambda member: DataExport.objects.filter(member=member).values("made_at", "ready_at", "state"),
        erase=exports.forget,
        keep=_("24 hours"),
    )
    personal.not_personal(
        Flag.users.through,
        "A preview may be opened for single accounts; that says nothing about a member.",
    )
    personal.register_retention("accounts.exports", days=1, purge=exports.purge)
    personal.register_retention("accounts.sessions", days=0, purge=_purge_sessions)
    personal.register_retention("accounts.unconfirmed", days=2, purge=_purge_unconfirmed)
    personal.register_retention("accounts.inactive_warned", days=700, purge=_warn_inactive)
    personal.register_retention("accounts.inactive", days=730, purge=_leave_inactive)
    # Longer than any backup: 35 days by the retention table, and a good deal for one that was forgotten.
    personal.register_retention("accounts.tombstones", days=400, purge=erasures.purge)


def _account(member: User) -> Iterator[dict[str, Any]]:
    yield {
        "email": member.email,
        "language": member.language,
        "role": member.role,
        "joined_at": member.joined_at,
        "last_login": member.last_login,
        "erase_at": member.erase_at,
    }


def _second_steps(member: User) -> Iterator[dict[str, Any]]:
    for step in Authenticator.objects.filter(user=member).order_by("pk"):
        yield {"type": step.type, "made_at": step.created_at, "last_used_at": step.last_used_at}


def _sessions(member: User) -> Iterator[dict[str, Any]]:
    for session in UserSession.objects.filter(user=member).order_by("pk"):
        yield {
            "browser": session.user_agent,
            "network_address": session.ip,
            "since": session.created_at,
            "last_seen": session.last_seen_at,
        }


def _purge_sessions(before: datetime) -> int:
    """Drop what has ended: sessions past their time, and lines of the list whose session is gone."""
    ended = Session.objects.filter(expire_date__lt=before).delete()[0]
    alive = Session.objects.values("session_key")
    UserSession.objects.filter(created_at__lt=before).exclude(session_key__in=alive).delete()
    return ended


def _purge_unconfirmed(before: datetime) -> int:
    """Forget addresses that nobody confirmed: somebody else may have typed them."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    old = User.objects.filter(joined_at__lt=before, role=Role.MEMBER).exclude(pk__in=confirmed)
    count = 0
    for member in old.iterator():
        personal.erase_all(member)
        count += 1
    return count


def _idle(before: datetime) -> Any:
    quiet = Q(last_login__lt=before) | Q(last_login=None, joined_at__lt=before)
    return User.objects.filter(quiet, role=Role.MEMBER, is_active=True, erase_at=None)


def _warn_inactive(before: datetime) -> int:
    """Tell members a month ahead that an unused account ends; once for each last sign-in."""
    told = 0
    for member in _idle(before).iterator():
        key = f"{member.last_login or member.joined_at:%Y%m%d}"
        told += notices.notify(member=member, kind="accounts.inactive", key=key) is not None
    return told


def _leave_inactive(before: datetime) -> int:
    """Begin to delete accounts that nobody used for two years; signing in within seven days keeps them."""
    leaving = list(_idle(before))
    for member in leaving:
        services.delete_me(member=member)
    return len(leaving)
