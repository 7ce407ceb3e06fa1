"""The append-only audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One entry of the audit log: who read or changed what, and why. It contains ids and field names, never values.

    The database refuses UPDATE, and DELETE of an entry younger than two years (apps/audit/triggers.py). There is no
    foreign key: the entry outlives the account it names.
    """

    class Kind(models.TextChoices):
        """Whether personal data was read or changed."""

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
            models.Index(fields=["subject", "number"], name="audit_audit_subject"),
            models.Index(fields=["actor_id", "number"], name="audit_audit_actor"),
        ]

    def __str__(self) -> str:
        return f"audit entry {self.number}"
