"""The embedded documents of the activity feed."""

from django.db import models


class ActivityDocument(models.Model):
    """One act of a member: ids, a kind and a time.

    The member is a plain number, as in a store without foreign keys; `activity.held` exports and erases.
    """

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="activity_document_once")]
        indexes = [models.Index(fields=["actor_id", "-id"], name="activity_document_feed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
