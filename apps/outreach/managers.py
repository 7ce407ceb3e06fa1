"""Query sets of picked friends and of plans."""

from typing import Any

from django.db import models

from apps.accounts.models import User


class FriendAskQuerySet(models.QuerySet[Any]):
    """Query friends that members picked."""

    def owned_by(self, owner: User) -> "FriendAskQuerySet":
        """Return those of one member."""
        return self.filter(owner=owner)

    def to_send(self) -> "FriendAskQuerySet":
        """Return friends not asked yet, in order of picking."""
        return self.filter(sent_at=None).order_by("pk")

    def awaiting_response(self) -> "FriendAskQuerySet":
        """Return asked friends without an outcome, last asked first."""
        return self.filter(outcome="").exclude(sent_at=None).order_by("-sent_at")

    def with_outcome(self) -> "FriendAskQuerySet":
        """Return friends with an outcome, latest first."""
        return self.exclude(outcome="").order_by("-responded_at")


class PledgeQuerySet(models.QuerySet[Any]):
    """Query plans to vote."""

    def owned_by(self, member: User) -> "PledgeQuerySet":
        """Return those of one member."""
        return self.filter(member=member)
