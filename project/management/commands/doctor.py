"""`doctor`: is this installation well?"""

from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from project.doctor import report


class Command(VotekinCommand):
    """Exit 1 if something needs a hand; missing data is only named."""

    help = "Say what is set up, what is missing, and what to do."

    def run(self, **_options: Any) -> dict[str, Any] | None:
        """Look at everything."""
        needing = report(self.stdout.write)
        if needing:
            raise Refused(f"{needing} of these need a hand.")
        return None
