"""Queries over notices."""

from typing import Any

from django.db import models


class NoticeQuerySet(models.QuerySet["Notice"]):
    """What an inbox asks for."""

    def of(self, member: Any) -> "NoticeQuerySet":
        """A member's notices, the newest first."""
        return self.filter(member=member).order_by("-made_at", "-id")

    def unread(self) -> "NoticeQuerySet":
        """Notices that were not opened yet."""
        return self.filter(read_at=None)
