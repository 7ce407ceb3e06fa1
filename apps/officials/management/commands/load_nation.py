"""`load_nation DIR`: everything that a folder of downloads holds, in order, and what is missing afterwards."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand, progress
from apps.districts.addresses.files import AddressRow
from apps.officials import national_import
from apps.officials.coverage import missing


class Command(VotekinCommand):
    """Load a nation; stopped, it goes on where it was."""

    help = "Load boundaries, addresses, division ids, officials and elections from a folder; may be run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("folder")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load what is not there yet."""
        start = time.monotonic()

        def watch(rows: Iterator[AddressRow]) -> Iterator[AddressRow]:
            return progress(rows, label="addresses")

        report = national_import.run(national_import.look(Path(options["folder"])), self.stderr.write, watch)
        return report | {"missing": missing(), "seconds": round(time.monotonic() - start, 2)}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a line for each thing."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        lines = {name: report[name] for name in ("loaded", "there", "unknown", "missing")}
        lines["refused"] = [f"{title}: {why}" for title, why in report["refused"].items()]
        for name, entries in lines.items():
            self.stdout.write(f"{name}: {len(entries) or 'none'}")
            for each in entries:
                self.stdout.write(f"  {each}")
        self.stdout.write(f"seconds: {report['seconds']}")
