"""Report jobs by state, and the lag of the relay."""

from typing import Any

from django.db.models import Count

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.jobs.models import Job
from apps.jobs.relay import lag_seconds


class Command(VotekinCommand):
    """Prints counts only, no job arguments."""

    help = "Print how many jobs wait, run and failed, and the age of the oldest unpublished job."

    def run(self, **_options: OptionValue) -> dict[str, Any]:
        """Return the counts."""
        states = dict(Job.objects.values_list("state").annotate(n=Count("id")).order_by("state"))
        tasks = dict(Job.objects.unfinished().values_list("task").annotate(n=Count("id")).order_by("task"))
        return {
            "states": states,
            "unfinished": tasks,
            "unsent": Job.objects.unpublished().count(),
            "oldest_seconds": round(lag_seconds(), 1),
        }
