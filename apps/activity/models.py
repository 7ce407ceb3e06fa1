"""The activity feed in the application's database."""

from django.db import models


class ActivityDocument(models.Model):
    """One activity of a member: ids, a kind and a time.

    `actor_id` is not a foreign key, as in other backends; `activity.personal_data` exports and erases.
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
