"""Send a canary job through each queue every minute. Its age proves that relay, broker and worker all work."""

from django.conf import settings
from django.utils import timezone

from . import heartbeats, jobs
from .models import Heartbeat, Job

EVERY_SECONDS = 60
SUFFIX = ".canary"


def task_name(queue: str) -> str:
    """Return the name of a queue's canary task."""
    return f"{queue}{SUFFIX}"


def send() -> None:
    """Enqueue a canary on each queue that has none unfinished."""
    unfinished = set(Job.objects.unfinished().filter(task__endswith=SUFFIX).values_list("task", flat=True))
    minute = timezone.now().strftime("%Y%m%d%H%M")
    for queue in settings.QUEUES:
        if task_name(queue) not in unfinished:
            jobs.enqueue(task_name(queue), key=minute, args={"queue": queue}, priority=1)


def record_arrival(*, queue: str) -> None:
    """Record that the canary of a queue arrived."""
    heartbeats.beat("canary", f"canary@{queue}")


def ages() -> dict[str, float]:
    """Return the seconds since each queue's last canary arrived; queues without one are left out."""
    now = timezone.now()
    arrivals = Heartbeat.objects.filter(kind="canary").values_list("name", "at")
    return {name.partition("@")[2]: max(0.0, (now - at).total_seconds()) for name, at in arrivals}
