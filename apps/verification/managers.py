"""Reads of look-ups, claims and letters, in plain English."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now

CODE_DAYS = 30


class AttemptQuerySet(models.QuerySet[Any]):
    """Look-ups."""

    def of(self, member: Any) -> "AttemptQuerySet":
        """A member's, the newest first."""
        return self.filter(member=member).order_by("-made_at")

    def unanswered(self) -> "AttemptQuerySet":
        """Those that ended without a record, and may end otherwise with the next roll."""
        return self.filter(state__in=["not_found", "detail"])


class ClaimQuerySet(models.QuerySet[Any]):
    """Claims."""

    def held_by(self, member: Any) -> "ClaimQuerySet":
        """The one claim a member has, proved or not."""
        return self.filter(member=member, state__in=["claimed", "confirmed", "disputed"])

    def of_roll(self, state: str) -> "ClaimQuerySet":
        """Claims on records of one state's roll."""
        return self.filter(roll_state=state, state__in=["claimed", "confirmed", "disputed"])

    def on_voter(self, key: bytes) -> "ClaimQuerySet":
        """Everybody who claims the same record."""
        return self.filter(voter_key=key, state__in=["claimed", "confirmed", "disputed"])


class LetterQuerySet(models.QuerySet[Any]):
    """Letters."""

    def to_print(self) -> "LetterQuerySet":
        """What staff have to print, the oldest first."""
        return self.filter(state="asked").order_by("asked_at")

    def open(self) -> "LetterQuerySet":
        """Letters whose code may still be typed, or that wait to be printed."""
        fresh = models.Q(printed_at__gt=Now() - timedelta(days=CODE_DAYS))
        return self.filter(models.Q(state="asked") | (models.Q(state="printed") & fresh))
