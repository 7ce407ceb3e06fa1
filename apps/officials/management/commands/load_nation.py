"""`load_nation DIR`: load everything in a folder of downloads, in order, and report what is missing."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand, progress
from apps.core.types import OptionValue
from apps.districts.addresses.files import AddressRow
from apps.officials import national_import
from apps.officials.coverage import missing_data


class Command(VotekinCommand):
    """Loads a folder step by step; resumes after it was stopped."""

    help = "Load boundaries, addresses, division ids, officials and elections from a folder; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add DIR."""
        parser.add_argument("folder")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load what is not loaded yet; report every step."""
        start = time.monotonic()

        def wrap_rows(rows: Iterator[AddressRow]) -> Iterator[AddressRow]:
            return progress(rows, label="addresses")

        report = national_import.run_import(
            national_import.classify_files(Path(options["folder"])), self.stderr.write, wrap_rows
        )
        return report | {"missing": missing_data(), "seconds": round(time.monotonic() - start, 2)}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a line per step, or JSON."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        lines = {name: report[name] for name in ("loaded", "there", "unknown", "missing")}
        lines["refused"] = [f"{title}: {reason}" for title, reason in report["refused"].items()]
        for name, entries in lines.items():
            self.stdout.write(f"{name}: {len(entries) or 'none'}")
            for entry in entries:
                self.stdout.write(f"  {entry}")
        self.stdout.write(f"seconds: {report['seconds']}")
