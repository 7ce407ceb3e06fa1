"""Metric counters, the embedded id sets, and the counters of limits."""

from django.db import models


class Metric(models.Model):
    """A counter or gauge that all processes share; name and labels in Prometheus notation."""

    name = models.CharField(max_length=60)
    labels = models.CharField(max_length=120, blank=True)
    value = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "labels"], name="core_metric_once")]

    def __str__(self) -> str:
        return f"{self.name}{{{self.labels}}}"


class IdSet(models.Model):
    """An id set of the embedded backend. A cache: it can be rebuilt at any time."""

    key = models.CharField(max_length=120, primary_key=True)
    members = models.BinaryField(help_text="Sorted 64-bit integers.")

    def __str__(self) -> str:
        return self.key


class QuotaUse(models.Model):
    """How often a key was used in a scope on one day. The key is a keyed hash, so a row identifies no one."""

    scope = models.CharField(max_length=24)
    key = models.BinaryField(max_length=16)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "scope", "day"], name="core_quota_use_once")]
        indexes = [models.Index(fields=["day"], name="core_quota_use_day")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"
