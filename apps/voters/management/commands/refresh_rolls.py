"""`refresh_rolls`: load new files in DATA_DIR/incoming; for a weekly cron job. Exit 1 if a source needs attention."""

import sys
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.voters import refresh
from apps.voters.models import Refresh


class Command(VotekinCommand):
    """Loads each source as load_roll does; a roll beyond the drift limits waits for acceptance."""

    help = "Load the new rolls of every source in DATA_DIR/incoming."

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load, and report a line per source."""
        del options
        results = refresh.refresh_all(_print_result)
        unfinished = [row for row in results if row.outcome in refresh.NEEDS_ATTENTION]
        if unfinished:
            raise Refused(" ".join(f"{row.source}: {row.message}" for row in unfinished))
        return {row.source: f"{row.outcome}: {row.message}" for row in results}


def _print_result(row: Refresh) -> None:
    sys.stderr.write(f"{row.source}: {row.outcome}. {row.message}\n")
