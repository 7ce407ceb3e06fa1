"""Bring the voter index after the live rolls now, in this process."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from tqdm import tqdm

from apps.core.commands import VotekinCommand, bar
from apps.core.errors import Refused
from apps.voters import index_sync, snapshot_files
from apps.voters.models import Snapshot


class Command(VotekinCommand):
    """The worker does the same by itself after each load; look-ups of a state wait until its index answers."""

    help = "Load the live rolls into the voter search's server, or build an embedded index again that is damaged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the state."""
        parser.add_argument("--state", default="", help="One state only.")
        parser.add_argument(
            "--again", action="store_true", help="Also where it answers already; embedded: compare each byte."
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Load what is behind, and report the rows of each state."""
        live, state = snapshot_files.live_snapshots(), options["state"].upper()
        if state and state not in live:
            raise Refused(f"No roll of {state} is live. Load one: manage.py load_roll FILE --layout …")
        began, done = monotonic(), {}
        for name, snapshot in live.items():
            if state and name != state:
                continue
            done[name or "-"] = load(snapshot, again=options["again"])
        return {"states": done, "seconds": round(monotonic() - began, 2)}


def load(snapshot: Snapshot, *, again: bool = False) -> int:
    """Load one snapshot and show how far it is; returns its rows."""
    rows = int(snapshot.counts.get("loaded", 0))
    with bar(label=f"index of {snapshot.state or 'no state'}", total=rows, unit="voters") as shown:
        index_sync.load_into_index(snapshot, lambda row, total: _show(shown, row, total), again=again)
    return rows


def _show(shown: "tqdm[Any]", row: int, total: int) -> None:
    shown.total = total
    shown.update(max(0, min(row, total) - shown.n))
