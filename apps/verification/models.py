"""Models of look-ups: attempts, decisions, claims, letters, quotas.

Queries and explanations are encrypted; a keyed hash identifies a voter wherever a look-up needs one.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import AttemptQuerySet, ClaimQuerySet, LetterQuerySet


class Attempt(models.Model):
    """Store one look-up of a member, including its free follow-up."""

    class State(models.TextChoices):
        """Name the state of an attempt. `detail` waits for the member, `review` for staff."""

        WAITING = "waiting", _("Waiting")
        MATCHED = "matched", _("Matched")
        DETAIL = "detail", _("One more detail")
        REVIEW = "review", _("Somebody looks at it")
        NOT_FOUND = "not_found", _("Not found")
        STOPPED = "stopped", _("Stopped")

    class Origin(models.TextChoices):
        """Name what started an attempt."""

        MEMBER = "member", _("The member asked")
        ROLL = "roll", _("A new roll went live")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    query = EncryptedTextField(owner="member_id", row=("id",))
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.MEMBER)
    requested_detail = models.CharField(max_length=12, blank=True, help_text="Detail that would settle it.")
    turn = models.PositiveSmallIntegerField(default=1, help_text="Number of the run, so that each runs once.")
    followed_up = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False, help_text="Too many accounts queried this target: staff decide.")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-created_at"], name="verification_attempt_member")]

    def __str__(self) -> str:
        return f"look-up {self.pk}"


class Decision(models.Model):
    """Store the matcher's result of one turn of an attempt, with its explanation."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="decisions")
    turn = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10)
    score = models.FloatField()
    explanation = EncryptedTextField(
        help_text="Per candidate and field: level, weight, veto. JSON.",
        owner="attempt.member_id",
        row=("attempt_id", "turn"),
    )
    model_version = models.CharField(max_length=40)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "turn"], name="verification_decision_once")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Claim(models.Model):
    """Store that a member claims a voter record. A record has one valid claim, a member one current claim."""

    class State(models.TextChoices):
        """Name the strength of a claim. Disputed: another member was first; a letter or staff decide."""

        CLAIMED = "claimed", _("Matched by what was typed")
        CONFIRMED = "confirmed", _("Confirmed by letter")
        DISPUTED = "disputed", _("Claimed by two")
        RELEASED = "released", _("Given up")

    LIVE = (State.CLAIMED, State.CONFIRMED)
    OPEN_STATES = (State.CLAIMED, State.CONFIRMED, State.DISPUTED)

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    state = models.CharField(max_length=9, choices=State, default=State.CLAIMED)
    roll_state = models.CharField(max_length=3, blank=True)
    voter_id = EncryptedTextField(owner="member_id")
    voter_key = models.BinaryField(max_length=16, help_text="Keyed hash of (state, voter id).")
    query = EncryptedTextField(owner="member_id")
    agreeing_fields = models.JSONField(default=list, help_text="Names of the query's fields that agree.")
    address_agrees = models.BooleanField(default=False)
    model_version = models.CharField(max_length=40, blank=True)
    snapshot_id = models.BigIntegerField(null=True, help_text="Snapshot of the last check.")
    row_fingerprint = models.BinaryField(max_length=32, default=b"", help_text="Keyed hashes of the record then.")
    created_at = models.DateTimeField(auto_now_add=True)
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
    """Store a letter to the registered address; its code is stored only as a keyed hash."""

    class State(models.TextChoices):
        """Name the state of a letter."""

        REQUESTED = "requested", _("Waits to be printed")
        PRINTED = "printed", _("On its way")
        USED = "used", _("The code was typed")
        ENDED = "ended", _("Ended without the code")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="letters")
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    code_hash = models.BinaryField(max_length=16, default=b"")
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(auto_now_add=True)
    printed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=["requested", "printed"]), name="verification_one_letter"
            )
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class QuotaUse(models.Model):
    """Store one use of a quota. Written before the answer; deleted after a week."""

    class Kind(models.TextChoices):
        """Name what is limited."""

        ACCOUNT = "account", _("Account")
        NETWORK = "network", _("Network")
        TARGET = "target", _("Target")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.BinaryField(max_length=16)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "used_at"], name="verification_quota_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RollChangeCount(models.Model):
    """Count members notified of a change by a roll, by kind of change. Names no one."""

    snapshot_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot_id", "kind"], name="verification_watch_count")]

    def __str__(self) -> str:
        return f"{self.kind} of snapshot {self.snapshot_id}"


class SuppressionRequest(models.Model):
    """Store a suppression request until a roll lists the person. Has no account."""

    query = EncryptedTextField()
    by = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"request {self.pk}"
