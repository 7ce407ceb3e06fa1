"""Queries over notices."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

if TYPE_CHECKING:
    from .models import Notice  # noqa: F401 (named in a string below)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """What an inbox asks for."""

    def of(self, member: "User") -> "NoticeQuerySet":
        """A member's notices, the newest first."""
        return self.filter(member=member).order_by("-made_at", "-id")

    def unread(self) -> "NoticeQuerySet":
        """Notices that were not opened yet."""
        return self.filter(read_at=None)
