"""What the house writes down about its own dealings: cases, notices, mail on its way, and the audit chain."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import CaseQuerySet, NoticeQuerySet


class Case(models.Model):
    """A question that only a person can decide. Its kind says who may, and what an answer does.

    `subject_id` and `facts` are ids and counts of the app that opened it; what a page shows is loaded from there.
    """

    class State(models.TextChoices):
        """Where a case stands."""

        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Being looked at")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    opened_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases_taken"
    )
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=40, blank=True)
    note = EncryptedTextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=~Q(state="closed"), name="records_case_one_open")
        ]
        indexes = [models.Index(fields=["state", "kind", "opened_at"], name="records_case_queue")]

    def __str__(self) -> str:
        return f"{self.kind} case {self.pk}"


class Notice(models.Model):
    """Something a member is told once: in the inbox and, where its kind says so, by mail. `facts` holds ids."""

    class Mail(models.TextChoices):
        """What became of the mail."""

        NONE = "none", _("Not sent by mail")
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
        constraints = [models.UniqueConstraint(fields=["member", "kind", "key"], name="records_notice_once")]
        indexes = [models.Index(fields=["member", "-made_at"], name="records_notice_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} notice {self.pk}"


class OutgoingMail(models.Model):
    """A mail that a page wrote (confirm, reset, warn) and a worker sends: no request waits for a mail server.

    It may hold a link that opens an account, so address and text are encrypted; the row goes once the mail is out.
    """

    to = EncryptedTextField()
    subject = EncryptedTextField()
    text = EncryptedTextField()
    html = EncryptedTextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"mail {self.pk}"


class AuditEntry(models.Model):
    """One link of the audit chain: who read or wrote what, and why. Ids and names of fields, never a value.

    The database refuses UPDATE, and DELETE of an entry younger than two years (triggers of migration 0002). There
    is no foreign key: the entry outlives the account it names.
    """

    class Kind(models.TextChoices):
        """Reading somebody's data is written down like changing it."""

        READ = "read", _("Read")
        WRITE = "write", _("Changed")

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=5, choices=Kind)
    actor_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=10, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    fields = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="records_audit_subject"),
            models.Index(fields=["actor_id", "number"], name="records_audit_actor"),
        ]

    def __str__(self) -> str:
        return f"audit entry {self.number}"
