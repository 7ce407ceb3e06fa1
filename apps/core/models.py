"""Metric counters and the embedded id sets."""

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
