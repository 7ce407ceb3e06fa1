"""`index_voters [--state XX] [--again]`: load the live rolls into the voter index now, in this process."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any, NoReturn

from tqdm import tqdm

from apps.core.commands import VotekinCommand, progress_bar
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.voters import index_sync, snapshot_files
from apps.voters.models import Snapshot


class Command(VotekinCommand):
    """Does what the worker does after each load; lookups of a state wait until its index serves."""

    help = "Load the live rolls into the voter search server, or rebuild a damaged embedded index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --state and --again."""
        parser.add_argument("--state", default="", help="One state only.")
        parser.add_argument(
            "--again", action="store_true", help="Also replace an index that serves; embedded: compare every byte."
        )

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the missing indexes; report the rows of each state."""
        live, state = snapshot_files.live_snapshots(), options["state"].upper()
        if state and state not in live:
            raise Refused(f"No roll of {state} is live. Load one: manage.py load_roll FILE --layout …")
        began, rows_by_state = monotonic(), {}
        for name, snapshot in live.items():
            if state and name != state:
                continue
            rows_by_state[name or "-"] = load(snapshot, reload=options["again"])
        return {"states": rows_by_state, "seconds": round(monotonic() - began, 2)}


def load(snapshot: Snapshot, *, reload: bool = False) -> int:
    """Load one snapshot with a progress bar; return its number of rows."""
    rows = int(snapshot.counts.get("loaded", 0))
    with progress_bar(label=f"index of {snapshot.state or 'no state'}", total=rows, unit="voters") as shown:
        index_sync.load_into_index(snapshot, lambda row, total: _show_progress(shown, row, total), reload=reload)
    return rows


def _show_progress(progress_bar: "tqdm[NoReturn]", row: int, total: int) -> None:
    progress_bar.total = total
    progress_bar.update(max(0, min(row, total) - progress_bar.n))
