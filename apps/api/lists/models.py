"""A partner's list and its parts. What was handed in and what was answered are encrypted, and go after 30 days."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField


class PartnerList(models.Model):
    """Nobody is looked up before the owner of the installation approved the purpose."""

    class State(models.TextChoices):
        """Where a list stands."""

        WAITING = "waiting", _("Waits for approval")
        RUNNING = "running", _("Being answered")
        DONE = "done", _("Answered")
        REFUSED = "refused", _("Refused")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey("api.ApiKey", on_delete=models.PROTECT, related_name="lists")
    purpose = models.CharField(max_length=200, help_text="What the partner wants the answers for.")
    kind = models.CharField(max_length=7, help_text="form or contact, as verify_people has them.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "api"
        ordering = ["made_at"]

    def __str__(self) -> str:
        return f"list {self.pk}"


class ListPart(models.Model):
    """A stretch of a list: one piece of work, answered once for one set of rolls."""

    list = models.ForeignKey(PartnerList, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    asked = EncryptedTextField(help_text="JSON: a list of rows.")
    answered = EncryptedTextField(blank=True, help_text="JSON: query id, status and districts of each row.")
    rolls = models.CharField(max_length=64, blank=True, help_text="Hash over the rolls that answered.")

    class Meta:
        app_label = "api"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="api_list_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of list {self.list_id}"
