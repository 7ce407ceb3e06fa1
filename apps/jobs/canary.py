"""A canary a queue a minute: from a row through relay, broker and worker back to a row. Its age says that all works."""

from django.conf import settings
from django.utils import timezone

from . import heartbeats, jobs
from .models import Heartbeat, Job

EVERY_SECONDS = 60
SUFFIX = ".canary"


def name_of(queue: str) -> str:
    """Return the name of a queue's canary task."""
    return f"{queue}{SUFFIX}"


def send() -> None:
    """Send one along each queue where none is on its way still."""
    flying = set(Job.objects.unfinished().filter(task__endswith=SUFFIX).values_list("task", flat=True))
    minute = timezone.now().strftime("%Y%m%d%H%M")
    idle = [queue for queue in settings.QUEUES if name_of(queue) not in flying]
    for queue in idle:
        jobs.enqueue(name_of(queue), key=minute, args={"queue": queue}, priority=1)


def seen(*, queue: str) -> None:
    """Note that the canary of a queue arrived."""
    heartbeats.beat("canary", f"canary@{queue}")


def ages() -> dict[str, float]:
    """Return how long ago each queue's canary arrived, in seconds; queues whose canary never came are left out."""
    now = timezone.now()
    seen_at = Heartbeat.objects.filter(kind="canary").values_list("name", "at")
    return {name.partition("@")[2]: max(0.0, (now - at).total_seconds()) for name, at in seen_at}
