"""Create, change, close and erase accounts."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import BadInput, Refused
from apps.core.roles import Role
from apps.jobs import jobs, task_names
from apps.notifications import services as notifications
from apps.privacy import registry as privacy

from . import tombstones
from .models import User

UNDO_DAYS = 7
WORDS = (
    "amber birch cedar delta ember fjord grove heron ivory jolly kayak lemon maple north ocean pearl "
    "quilt river stone tulip umber vivid woven yacht zebra acorn bloom cloud dune east flint glade "
    "hazel inlet jade knoll lunar meadow nectar olive pine quartz reef sage thyme upland valley willow"
).split()


def random_password() -> str:
    """Return a random password that is easy to read out and type: six words and a number, 47 bits of entropy."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(6)), str(secrets.randbelow(9000) + 1000)])


def add_member(*, email: str, role: str = Role.MEMBER, password: str | None = None) -> tuple[User, str]:
    """Create a member whose email address counts as confirmed; return the member and the password.

    Raises BadInput if the address is not valid, Refused if the member exists.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput("That is not an email address. Write it like name@example.org.") from error
    if User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email).exists():
        raise Refused(_("A member with this email address exists."))
    password = password or random_password()
    with transaction.atomic():
        member = User.objects.create_user(email, password, role=role)
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
        audit.log_write(actor=None, action="member.added", subject=member, facts={"role": role})
    return member, password


def find(*, actor: User, email: str, reason: str) -> User:
    """Return the account of exactly this email address, for an owner with a reason. The access is logged first.

    Accounts are never listed, and part of an address matches nothing. Raises Refused.
    """
    if actor.role != Role.OWNER:
        raise Refused(_("Only an owner looks accounts up."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))
    member = User.objects.filter(email=email.strip().lower()).first()
    subject = member or "accounts.user:none"
    audit.log_read(actor=actor, subject=subject, fields=["role", "is_active", "erase_at"], reason=reason)
    if member is None:
        raise Refused(_("Nobody has an account with exactly this address."))
    return member


def check_role_change(*, actor: User | None, role: str, reason: str) -> None:
    """Raise Refused unless an owner, or an operator's command (None), states a known role and a reason."""
    if actor is not None and actor.role != Role.OWNER:
        raise Refused(_("Only an owner gives roles."))
    if role not in Role.values:
        raise Refused(_("There is no such role."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))


def change_role(*, actor: User | None, member: User, role: str, reason: str) -> User:
    """Change a member's role, effective with the next request. The last owner cannot be demoted.

    Pages change roles through role_changes, which takes two owners; `actor` is None for an operator's command.
    """
    check_role_change(actor=actor, role=role, reason=reason)
    with transaction.atomic():
        member = User.objects.select_for_update().get(pk=member.pk)
        if member.role == Role.OWNER and role != Role.OWNER and _owners() == 1:
            raise Refused(_("This is the last owner. Make someone else an owner first."))
        previous, member.role = member.role, role
        member.save(update_fields=["role"])
        facts = {"before": previous, "after": role}
        entry = audit.log_write(actor=actor, action="member.role_changed", subject=member, facts=facts, reason=reason)
        notifications.notify(member=member, kind="accounts.role_changed", key=str(entry.number), facts={"role": role})
    return member


def _owners() -> int:
    return User.objects.filter(role=Role.OWNER, is_active=True, erase_at=None).count()


def keep_language(*, member: User, language: str) -> None:
    """Store the language of a member's pages and emails."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=member.pk).exclude(language=language).update(language=language)


def end_sessions(*, member: User, but: str | None = None) -> int:
    """End the member's sessions on all devices, except the session `but`; return how many ended."""
    sessions = UserSession.objects.filter(user=member).exclude(session_key=but)
    keys = list(sessions.values_list("session_key", flat=True))
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        sessions.delete()
    return len(keys)


def disable(*, actor: User, member: User, reason: str) -> None:
    """Disable an account without erasing it: its sessions end, and sign-in is refused.

    An account with a role loses the role first, which takes a second owner.
    """
    if actor.role != Role.OWNER:
        raise Refused(_("Only an owner closes accounts."))
    if member.pk == actor.pk:
        raise Refused(_("You cannot close your own account here."))
    if member.role != Role.MEMBER:
        raise Refused(
            _("This account has a role. First request the role “Member” for it, which a second owner decides.")
        )
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))
    with transaction.atomic():
        User.objects.filter(pk=member.pk).update(is_active=False)
        audit.log_write(actor=actor, action="member.disabled", subject=member, reason=reason)
    end_sessions(member=member)


def reopen(*, actor: User, member: User, reason: str) -> None:
    """Enable a disabled account again."""
    if actor.role != Role.OWNER:
        raise Refused(_("Only an owner opens accounts again."))
    if member.role != Role.MEMBER:
        raise Refused(_("This account has a role. Set it to “member” with the command set_role on the server first."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))
    with transaction.atomic():
        # An account whose erasure has begun stays disabled: part of its data may be gone.
        if not User.objects.filter(pk=member.pk, is_active=False, erase_at=None).update(is_active=True):
            raise Refused(_("This account is open, or it is being erased."))
        audit.log_write(actor=actor, action="member.reopened", subject=member, reason=reason)


def request_deletion(*, member: User) -> datetime:
    """Close an account at once and schedule its erasure after UNDO_DAYS; the member can cancel until then."""
    if member.role == Role.OWNER and _owners() == 1:
        raise Refused(_("You are the last owner. Make someone else an owner first."))
    erase_at = timezone.now() + timedelta(days=UNDO_DAYS)
    with transaction.atomic():
        scheduled = User.objects.filter(pk=member.pk, erase_at=None).update(erase_at=erase_at)
        if scheduled:
            audit.log_write(actor=member, action="member.leaves", subject=member)
            key = erase_at.date().isoformat()
            notifications.notify(member=member, kind="accounts.leaving", key=f"{key}:{secrets.token_hex(4)}")
    member.refresh_from_db()
    end_sessions(member=member)
    return member.erase_at or erase_at


def cancel_deletion(*, member: User) -> None:
    """Cancel the deletion of an account whose UNDO_DAYS are not over; raise Refused otherwise."""
    with transaction.atomic():
        canceled = User.objects.filter(pk=member.pk, erase_at__gt=timezone.now(), is_active=True).update(erase_at=None)
        if not canceled:
            raise Refused(_("It is too late to keep this account: its data is being erased."))
        audit.log_write(actor=member, action="member.stays", subject=member)
    member.refresh_from_db()


def queue_erasures() -> int:
    """Queue the erasure of every account whose UNDO_DAYS are over; the scheduler calls this every hour."""
    due = User.objects.filter(erase_at__lte=timezone.now()).values_list("pk", "erase_at")
    for pk, erase_at in due:
        jobs.enqueue(task_names.ERASE_MEMBER, key=f"{pk}:{erase_at:%Y%m%d%H%M%S}", args={"member_id": pk})
    return len(due)


def erase(member_id: int) -> None:
    """Erase an account that is due. A canceled deletion or a missing account is no error."""
    # Disable first: from here on the member can no longer cancel.
    if User.objects.filter(pk=member_id, erase_at__lte=timezone.now()).update(is_active=False):
        erase_now(User.objects.get(pk=member_id))


def erase_now(member: User) -> None:
    """Erase all data about a member; safe to run again after a crash."""
    subject = audit.subject_of(member)
    # Write the tombstone first, so that a backup restored at any later time can be erased again.
    tombstones.write(member)
    end_sessions(member=member)
    privacy.erase_all(member)
    audit.log_write(actor=None, action="member.erased", subject=subject)
