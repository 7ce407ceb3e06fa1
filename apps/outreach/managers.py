"""Reads of a member's own rows, in plain English."""

from typing import Any

from django.db import models


class AskingQuerySet(models.QuerySet[Any]):
    """The friends that members picked."""

    def of(self, owner: Any) -> "AskingQuerySet":
        """Those of one member."""
        return self.filter(owner=owner)

    def to_send(self) -> "AskingQuerySet":
        """Picked and not asked yet, the first picked first."""
        return self.filter(sent_at=None).order_by("pk")

    def to_answer(self) -> "AskingQuerySet":
        """Asked, and nothing came back yet; the last asked first."""
        return self.filter(outcome="").exclude(sent_at=None).order_by("-sent_at")

    def answered(self) -> "AskingQuerySet":
        """Those who answered, the last first."""
        return self.exclude(outcome="").order_by("-answered_at")


class PledgeQuerySet(models.QuerySet[Any]):
    """Plans to vote."""

    def of(self, member: Any) -> "PledgeQuerySet":
        """Those of one member."""
        return self.filter(member=member)
