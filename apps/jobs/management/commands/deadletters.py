"""List, replay or drop dead letters: jobs that failed permanently."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import BadInput, Refused
from apps.core.types import OptionValue
from apps.jobs import jobs
from apps.jobs.models import Job


class Command(VotekinCommand):
    """`deadletters list | replay [ID …] | drop [ID …]`."""

    help = "List, replay or drop failed jobs. Without ids: all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the action and the ids."""
        parser.add_argument("action", choices=["list", "replay", "drop"])
        parser.add_argument("ids", nargs="*", type=int)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Apply the action to the selected dead letters."""
        letters = Job.objects.dead()
        if options["ids"]:
            letters = letters.filter(pk__in=options["ids"])
            missing = set(options["ids"]) - set(letters.values_list("pk", flat=True))
            if missing:
                raise BadInput(f"No dead letter has the id {min(missing)}. `deadletters list` shows them.")
        selected = list(letters)
        if not selected and options["action"] != "list":
            raise Refused("No job has failed permanently.")
        if options["action"] == "list":
            for job in selected:
                self.stdout.write(f"{job.pk}  {job.task}  {job.finished_at:%Y-%m-%d %H:%M}  {job.reason}")
        elif options["action"] == "replay":
            for job in selected:
                jobs.replay(job)
        else:
            letters.delete()
        return {options["action"]: len(selected)}
