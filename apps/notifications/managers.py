"""Queries over notices."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from apps.accounts.models import User

if TYPE_CHECKING:
    from .models import Notice  # noqa: F401 (named in a string below)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Queries of the inbox."""

    def of(self, member: "User") -> "NoticeQuerySet":
        """Return a member's notices, newest first."""
        return self.filter(member=member).order_by("-made_at", "-id")

    def unread(self) -> "NoticeQuerySet":
        """Return unread notices."""
        return self.filter(read_at=None)
