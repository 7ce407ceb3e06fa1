"""A member's look-ups: what they typed, what was decided and why, the record they claim, and the code that proves it.

What was typed and why it was decided are encrypted; a voter is named by a keyed hash wherever a look-up needs it.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import AttemptQuerySet, ClaimQuerySet, LetterQuerySet


class Attempt(models.Model):
    """One look-up of a member, its free follow-up included."""

    class State(models.TextChoices):
        """Where a look-up stands. `detail` waits for the member, `review` for staff."""

        WAITING = "waiting", _("Waiting")
        MATCHED = "matched", _("Matched")
        DETAIL = "detail", _("One more detail")
        REVIEW = "review", _("Somebody looks at it")
        NOT_FOUND = "not_found", _("Not found")
        STOPPED = "stopped", _("Stopped")

    class Origin(models.TextChoices):
        """Why it was made."""

        MEMBER = "member", _("The member asked")
        ROLL = "roll", _("A new roll went live")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    typed = EncryptedTextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.MEMBER)
    asked_for = models.CharField(max_length=12, blank=True, help_text="The detail that would settle it.")
    turn = models.PositiveSmallIntegerField(default=1, help_text="Counts answers, so that each is made once.")
    followed_up = models.BooleanField(default=False)
    held = models.BooleanField(default=False, help_text="Too many accounts asked for this target: staff decide.")
    made_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-made_at"], name="verification_attempt_mine")]

    def __str__(self) -> str:
        return f"look-up {self.pk}"


class Decision(models.Model):
    """What the matcher said of one turn of a look-up, with its reasons as data."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="decisions")
    turn = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10)
    score = models.FloatField()
    explanation = EncryptedTextField(help_text="Per candidate and field: level, weight, veto. JSON.")
    model_version = models.CharField(max_length=40)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "turn"], name="verification_decision_once")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Claim(models.Model):
    """A member says: this record is mine. One record has one live claim, one member has one."""

    class State(models.TextChoices):
        """How far it is proved. Disputed: somebody else was first, and a mailed code or staff decide."""

        CLAIMED = "claimed", _("Matched by what was typed")
        CONFIRMED = "confirmed", _("Proved by a mailed code")
        DISPUTED = "disputed", _("Claimed by two")
        RELEASED = "released", _("Given up")

    LIVE = (State.CLAIMED, State.CONFIRMED)
    HELD = (State.CLAIMED, State.CONFIRMED, State.DISPUTED)

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    state = models.CharField(max_length=9, choices=State, default=State.CLAIMED)
    roll_state = models.CharField(max_length=3, blank=True)
    voter_id = EncryptedTextField()
    voter_key = models.BinaryField(max_length=16, help_text="Keyed hash of (state, voter id).")
    typed = EncryptedTextField()
    agreed = models.JSONField(default=list, help_text="Names of the typed fields that agreed.")
    place_agreed = models.BooleanField(default=False)
    model_version = models.CharField(max_length=40, blank=True)
    snapshot_id = models.BigIntegerField(null=True, help_text="The roll it was last compared with.")
    seen = models.BinaryField(max_length=32, default=b"", help_text="Keyed hashes of what the roll said then.")
    made_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voter_key"], condition=Q(state__in=["claimed", "confirmed"]), name="verification_one_account"
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=["claimed", "confirmed", "disputed"]),
                name="verification_one_record",
            ),
        ]
        indexes = [models.Index(fields=["voter_key", "state"], name="verification_claim_voter")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Letter(models.Model):
    """A code on paper, sent to the registered address. The code is stored only as a keyed hash."""

    class State(models.TextChoices):
        """Where a letter stands."""

        ASKED = "asked", _("Waits to be printed")
        PRINTED = "printed", _("On its way")
        USED = "used", _("The code was typed")
        SPENT = "spent", _("Ended without the code")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="letters")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    code_hash = models.BinaryField(max_length=16, default=b"")
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    printed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=["asked", "printed"]), name="verification_one_letter"
            )
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class QuotaUse(models.Model):
    """One unit of a budget: whose, of what. It is written before an answer is made, and goes after a week."""

    class Kind(models.TextChoices):
        """What is limited."""

        ACCOUNT = "account", _("Account")
        NETWORK = "network", _("Network")
        TARGET = "target", _("Target")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.BinaryField(max_length=16)
    member: Any = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "at"], name="verification_spent_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class WatchCount(models.Model):
    """How many members were told that a roll changed something of theirs, by kind. Names nobody."""

    snapshot_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot_id", "kind"], name="verification_watch_count")]

    def __str__(self) -> str:
        return f"{self.kind} of snapshot {self.snapshot_id}"


class HideRequest(models.Model):
    """Somebody who is not to be found and is on no roll yet. Has no account; goes as soon as a roll has them."""

    typed = EncryptedTextField()
    by = models.CharField(max_length=10)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"request {self.pk}"
