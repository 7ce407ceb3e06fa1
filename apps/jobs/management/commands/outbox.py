"""How much accepted work is under way."""

from typing import Any

from django.db.models import Count

from apps.core.commands import VotekinCommand
from apps.jobs.models import Job
from apps.jobs.relay import lag_seconds


class Command(VotekinCommand):
    """Counts only: a job's arguments are ids, and even those stay out of reports."""

    help = "Print the work that waits, runs and has stopped, and how old the oldest unpublished job is."

    def run(self, **_options: Any) -> dict[str, Any]:
        """Count."""
        states = dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by("state"))
        tasks = dict(Job.objects.unfinished().values_list("task").annotate(n=Count("id")).order_by("task"))
        return {
            "states": states,
            "unfinished": tasks,
            "unsent": Job.objects.unsent().count(),
            "oldest_seconds": round(lag_seconds(), 1),
        }
