"""Which published jobs have lost their message, and which only wait in a long queue.

A queue hands out its messages in turn. So a job that was published well before another one of its queue that has been
taken already was overtaken: its message is gone. Where nothing of a queue is taken at all, the broker may have been
wiped or its worker be dead; the oldest jobs are sent again as a probe, few, for a queue without a worker must not
grow. Once one of them is taken, it has overtaken all the others.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from .managers import JobQuerySet
from .models import Job

QUIET_SECONDS = 15
# Two relays mark what they published a moment after they did, and a worker holds a message or two in its hand.
MARGIN_SECONDS = 5
PROBE = 100


def messages() -> JobQuerySet:
    """Return the waiting jobs whose message will never come."""
    found: set[int] = set()
    for queue in settings.QUEUES:
        found |= _lost_on(Job.objects.filter(task__startswith=f"{queue}."))
    return Job.objects.filter(pk__in=found)


def _lost_on(jobs: JobQuerySet) -> set[int]:
    unseen = jobs.sent_but_unseen(QUIET_SECONDS)
    if not unseen.exists():
        return set()
    taken, newest = _taken_lately(jobs)
    if not taken:
        return set(unseen.order_by("published_at").values_list("pk", flat=True)[:PROBE])
    if newest is None:
        return set()
    overtaken = unseen.filter(published_at__lt=newest - timedelta(seconds=MARGIN_SECONDS))
    return set(overtaken.values_list("pk", flat=True))


def _taken_lately(jobs: JobQuerySet) -> tuple[int, datetime | None]:
    """Return how many jobs a worker holds or ended just now, and when the newest of them was published."""
    running = Q(state=Job.State.RUNNING, lease_until__gt=Now())
    ended = Q(state=Job.State.DONE, finished_at__gt=Now() - timedelta(seconds=QUIET_SECONDS))
    found = jobs.filter(running | ended).aggregate(taken=Count("pk"), newest=Max("published_at"))
    return found["taken"], found["newest"]
