"""Queries over notices."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from .models import Notice  # noqa: F401 (named in a string below)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """What an inbox asks for."""

    def of(self, member: Any) -> "NoticeQuerySet":
        """A member's notices, the newest first."""
        return self.filter(member=member).order_by("-made_at", "-id")

    def unread(self) -> "NoticeQuerySet":
        """Notices that were not opened yet."""
        return self.filter(read_at=None)
