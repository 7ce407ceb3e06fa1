"""Query sets of attempts, claims and letters."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now

from apps.accounts.models import User

CODE_DAYS = 30


class AttemptQuerySet(models.QuerySet[Any]):
    """Query look-up attempts."""

    def of(self, member: User) -> "AttemptQuerySet":
        """Return a member's attempts, newest first."""
        return self.filter(member=member).order_by("-created_at")

    def unanswered(self) -> "AttemptQuerySet":
        """Return attempts without a match, which a new roll may match."""
        return self.filter(state__in=["not_found", "detail"])


class ClaimQuerySet(models.QuerySet[Any]):
    """Query claims."""

    def current_of(self, member: User) -> "ClaimQuerySet":
        """Return a member's current claim, confirmed or not."""
        return self.filter(member=member, state__in=["claimed", "confirmed", "disputed"])

    def of_roll(self, state: str) -> "ClaimQuerySet":
        """Return current claims on one state's roll."""
        return self.filter(roll_state=state, state__in=["claimed", "confirmed", "disputed"])

    def on_voter(self, key: bytes) -> "ClaimQuerySet":
        """Return all current claims on one record."""
        return self.filter(voter_key=key, state__in=["claimed", "confirmed", "disputed"])


class LetterQuerySet(models.QuerySet[Any]):
    """Query letters."""

    def to_print(self) -> "LetterQuerySet":
        """Return letters to print, oldest first."""
        return self.filter(state="requested").order_by("requested_at")

    def open(self) -> "LetterQuerySet":
        """Return letters that wait to be printed or whose code is still valid."""
        fresh = models.Q(printed_at__gt=Now() - timedelta(days=CODE_DAYS))
        return self.filter(models.Q(state="requested") | (models.Q(state="printed") & fresh))
