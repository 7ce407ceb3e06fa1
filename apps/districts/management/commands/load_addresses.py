"""`load_addresses FILE [--format addrfeat|openaddresses]`: load addresses for lookups."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from apps.core.commands import VotekinCommand, progress, readable_file
from apps.core.types import OptionValue
from apps.districts.addresses.files import AddressRow
from apps.districts.services import load_addresses


class Command(VotekinCommand):
    """Loads one address file; the same file name again replaces it."""

    help = "Load address ranges (TIGER ADDRFEAT) or address points (OpenAddresses columns)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and --format."""
        parser.add_argument("file")
        parser.add_argument("--format", help="addrfeat or openaddresses (default: detected by the columns)")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the file; report loaded and skipped rows."""
        start = time.monotonic()

        def wrap_rows(rows: Iterator[AddressRow]) -> Iterator[AddressRow]:
            return progress(rows, label="addresses")

        counts = load_addresses(path=readable_file(options["file"]), kind=options["format"], wrap_rows=wrap_rows)
        return counts | {"seconds": round(time.monotonic() - start, 2)}
