"""`doctor`: check this installation."""

from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue
from project.doctor import report


class Command(VotekinCommand):
    """Exits with 1 if something needs attention; missing data is only reported."""

    help = "Report what is set up, what is missing, and what to do."

    def run(self, **_options: OptionValue) -> dict[str, Any] | None:
        """Print every finding."""
        count = report(self.stdout.write)
        if count:
            raise Refused(f"{count} of these need attention.")
        return None
