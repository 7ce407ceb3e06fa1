"""Whose contacts a command is about."""

from typing import Any

from django.contrib.auth import get_user_model

from apps.core.errors import Refused


def member_by_email(mail: str) -> Any:
    """Return the member with a mail address; Refused where there is none."""
    member = get_user_model().objects.filter(email=mail.strip().lower()).first()
    if member is None:
        raise Refused("No member has this mail address. Make one with add_member.")
    return member
