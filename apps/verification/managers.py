"""Query sets of attempts, claims and letters."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now

from apps.accounts.models import User

CODE_DAYS = 30
# An unconfirmed claim lapses this long after its last lookup (docs/privacy.md).
CLAIM_DAYS = 90


class AttemptQuerySet(models.QuerySet[Any]):
    """Query lookup attempts."""

    def of(self, member: User) -> "AttemptQuerySet":
        """Return a member's attempts, newest first."""
        return self.filter(member=member).order_by("-created_at")


class ClaimQuerySet(models.QuerySet[Any]):
    """Query claims."""

    def current(self) -> "ClaimQuerySet":
        """Return confirmed claims, and unconfirmed ones that have not lapsed."""
        fresh = models.Q(state="claimed", checked_at__gt=Now() - timedelta(days=CLAIM_DAYS))
        return self.filter(models.Q(state="confirmed") | fresh)

    def lapsed(self) -> "ClaimQuerySet":
        """Return unconfirmed claims that have lapsed."""
        return self.filter(state="claimed", checked_at__lte=Now() - timedelta(days=CLAIM_DAYS))

    def current_of(self, member: User) -> "ClaimQuerySet":
        """Return a member's current claim, confirmed or not."""
        return self.current().filter(member=member)

    def of_roll(self, state: str) -> "ClaimQuerySet":
        """Return current claims on one state's roll."""
        return self.current().filter(roll_state=state)

    def on_voter(self, key: bytes) -> "ClaimQuerySet":
        """Return all current claims on one record."""
        return self.current().filter(voter_key=key)


class LetterQuerySet(models.QuerySet[Any]):
    """Query letters."""

    def to_print(self) -> "LetterQuerySet":
        """Return letters to print, oldest first."""
        return self.filter(state="requested").order_by("requested_at")

    def with_valid_code(self) -> "LetterQuerySet":
        """Return printed letters whose code is still valid."""
        return self.filter(state="printed", printed_at__gt=Now() - timedelta(days=CODE_DAYS))

    def latest_of(self, member: User) -> "LetterQuerySet":
        """Return a member's letters of the last 30 days, whatever became of them, newest first."""
        recent = models.Q(requested_at__gt=Now() - timedelta(days=CODE_DAYS))
        return self.filter(recent, member=member).exclude(state="used").order_by("-requested_at")
