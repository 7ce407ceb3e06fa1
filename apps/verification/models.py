"""Models of lookups: attempts, claims, letters, suppression requests.

A member's query is encrypted; a keyed hash identifies a voter if a lookup needs one. Nothing is stored about other
voters near a query.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import AttemptQuerySet, ClaimQuerySet, LetterQuerySet


class Attempt(models.Model):
    """Store one lookup of a member, including its free follow-up."""

    class State(models.TextChoices):
        """Name the state of an attempt. `detail` waits for the member."""

        WAITING = "waiting", _("Waiting")
        MATCHED = "matched", _("Matched")
        DETAIL = "detail", _("One more detail")
        NOT_FOUND = "not_found", _("Not found")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    query = EncryptedTextField(owner="member_id", row=("id",))
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    has_moved = models.BooleanField(default=False, help_text="The member says so; the page adds how to update.")
    requested_detail = models.CharField(max_length=12, blank=True, help_text="Detail that would settle it.")
    turn = models.PositiveSmallIntegerField(default=1, help_text="Number of the run, so that each runs once.")
    followed_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(auto_now_add=True, help_text="Start of the turn; its answer appears on a tick.")
    finished_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-created_at"], name="verification_attempt_member")]

    def __str__(self) -> str:
        return f"look-up {self.pk}"


class Claim(models.Model):
    """Store that a member claims a voter record. A member has one current claim; unconfirmed claims coexist.

    `answer` is the result of the last lookup, as JSON: an unconfirmed member sees it until the next lookup, whatever
    a later roll says.
    """

    class State(models.TextChoices):
        """Name the strength of a claim."""

        CLAIMED = "claimed", _("Matched by the details entered")
        CONFIRMED = "confirmed", _("Confirmed by letter")
        RELEASED = "released", _("Ended")

    OPEN_STATES = (State.CLAIMED, State.CONFIRMED)

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    state = models.CharField(max_length=9, choices=State, default=State.CLAIMED)
    roll_state = models.CharField(max_length=3, blank=True)
    voter_id = EncryptedTextField(owner="member_id")
    voter_key = models.BinaryField(max_length=16, help_text="Keyed hash of (state, voter id).")
    query = EncryptedTextField(owner="member_id")
    answer = EncryptedTextField(owner="member_id")
    changes = models.JSONField(default=list, help_text="Kinds of change between the last two look-ups.")
    snapshot_id = models.BigIntegerField(null=True, help_text="Snapshot of the last look-up.")
    row_fingerprint = models.BinaryField(max_length=32, default=b"", help_text="Keyed hashes of the record then.")
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voter_key"], condition=Q(state="confirmed"), name="verification_one_confirmed"
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state__in=["claimed", "confirmed"]), name="verification_one_record"
            ),
        ]
        indexes = [models.Index(fields=["voter_key", "state"], name="verification_claim_voter")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Letter(models.Model):
    """Store a member's request for a letter to the registered address; its code is stored only as a keyed hash.

    A request without a voter of that name and birth date ends unprinted. The member sees "requested" either way.
    """

    class State(models.TextChoices):
        """Name the state of a letter; `asked` waits for the worker."""

        ASKED = "asked", _("Asked for")
        REQUESTED = "requested", _("Waits to be printed")
        PRINTED = "printed", _("On its way")
        USED = "used", _("The code was entered")
        ENDED = "ended", _("Ended without the code")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters")
    query = EncryptedTextField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    roll_state = models.CharField(max_length=3, blank=True)
    voter_id = EncryptedTextField(blank=True)
    code_hash = models.BinaryField(max_length=16, default=b"")
    requested_at = models.DateTimeField(auto_now_add=True)
    printed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-requested_at"], name="verification_letter_member")]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class RollChangeCount(models.Model):
    """Count members to whom a lookup showed a change by a roll, by kind of change. Names no one."""

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
