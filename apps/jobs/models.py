"""Job rows, heartbeats, and the times of periodic work."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .managers import JobQuerySet


class Job(models.Model):
    """One unit of background work, which is also its own outbox row.

    A request commits its rows and a job together. The relay publishes the job's id, a worker claims the row under a
    lease, and every job ends in `done` or `dead`. `args` contains ids only, because it appears in logs and admin
    pages.
    """

    class State(models.TextChoices):
        """The life cycle of a job."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Stopped")

    task = models.CharField(max_length=60)
    key = models.CharField(max_length=120, help_text="A second job of the same task and key is ignored.")
    args = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, blank=True)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="jobs_job_once")]
        indexes = [
            models.Index(
                fields=["priority", "id"],
                condition=Q(state="waiting", published_at__isnull=True),
                name="jobs_job_unsent",
            ),
            models.Index(fields=["state", "lease_until"], name="jobs_job_state"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="jobs_job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


class Heartbeat(models.Model):
    """The last heartbeat of a process, or the last arrival of a queue's canary."""

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="jobs_heartbeat_kind")]

    def __str__(self) -> str:
        return self.name


class Periodic(models.Model):
    """When a periodic task last ran. A conditional UPDATE claims each period, so two schedulers are safe."""

    name = models.CharField(max_length=60, primary_key=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
