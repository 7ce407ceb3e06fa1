"""Models of partners' lists. Submitted rows and results are encrypted, and deleted after 30 days."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField


class PartnerList(models.Model):
    """A partner's list. No one on it is looked up before two members of staff approve its purpose."""

    class State(models.TextChoices):
        """The state of a list."""

        WAITING = "waiting", _("Waits for approval")
        RUNNING = "running", _("Being answered")
        DONE = "done", _("Answered")
        REFUSED = "refused", _("Refused")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey("api.ApiKey", on_delete=models.PROTECT, related_name="lists")
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    purpose = models.CharField(max_length=200, help_text="What the partner needs the results for.")
    kind = models.CharField(max_length=7, help_text="form or contact, as in verify_people.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    people = models.PositiveIntegerField()
    review = models.JSONField(default=dict, help_text="Counts of duplicates and canary rows, for those who approve.")
    date_order = models.CharField(max_length=5, blank=True, help_text="What comes first in dates: month, day or year.")
    unread_dates = models.JSONField(default=dict, help_text="Birth dates that cannot be read, by form; no values.")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "api"
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"list {self.pk}"


class Canary(models.Model):
    """A made-up person whom the operator put into files that must not leave: the keyed hash of the name."""

    key_hash = models.BinaryField(max_length=16, unique=True)

    class Meta:
        app_label = "api"

    def __str__(self) -> str:
        return f"canary {self.pk}"


class ListPart(models.Model):
    """A part of a list: the unit of work, matched once per set of live rolls."""

    list = models.ForeignKey(PartnerList, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows = EncryptedTextField(help_text="JSON: a list of rows.")
    results = EncryptedTextField(blank=True, help_text="JSON: query id, status and districts of each row.")
    rolls_hash = models.CharField(max_length=64, blank=True, help_text="Hash of the rolls matched against.")

    class Meta:
        app_label = "api"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="api_list_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of list {self.list_id}"
