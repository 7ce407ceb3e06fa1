"""Notices in the inbox, and email on its way out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import NoticeQuerySet


class Notice(models.Model):
    """A message to a member: in the inbox and, if its kind says so, by email. `facts` contain ids only."""

    class Mail(models.TextChoices):
        """The state of the notice's email."""

        NONE = "none", _("Not sent by email")
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Could not be sent")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.NONE)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind", "key"], name="notifications_notice_once")]
        indexes = [models.Index(fields=["member", "-made_at"], name="notifications_notice_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} notice {self.pk}"


class OutgoingEmail(models.Model):
    """An email of a page (confirmation, password reset, warning) that a worker sends.

    It may contain a link that opens an account, so address and text are encrypted. The row is deleted once it is
    sent.
    """

    to = EncryptedTextField()
    subject = EncryptedTextField()
    text = EncryptedTextField()
    html = EncryptedTextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"mail {self.pk}"
