"""Finds the member whose contacts a management command handles."""

from apps.accounts.models import User
from apps.core.errors import Refused


def member_by_email(email: str) -> User:
    """Return the member with this email address; raise Refused if none exists."""
    member = User.objects.filter(email=email.strip().lower()).first()
    if member is None:
        raise Refused("No member has this email address. Create one with add_member.")
    return member
