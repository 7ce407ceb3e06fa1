"""`refresh_rolls`: loads what is new in DATA_DIR/incoming; for cron, once a week. Exit 1 if something needs a hand."""

import sys
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.voters import refresh


class Command(VotekinCommand):
    """Loads each source as load_roll does; a drift beyond the limits waits for somebody to accept it."""

    help = "Load the new rolls of every source in DATA_DIR/incoming."

    def run(self, **options: Any) -> dict[str, Any]:
        """Load and report, a line a source."""
        del options
        done = refresh.refresh_all(lambda one: sys.stderr.write(f"{one.source}: {one.outcome}. {one.message}\n"))
        stuck = [row for row in done if row.outcome in refresh.NEEDS_ATTENTION]
        if stuck:
            raise Refused(" ".join(f"{row.source}: {row.message}" for row in stuck))
        return {row.source: f"{row.outcome}: {row.message}" for row in done}
