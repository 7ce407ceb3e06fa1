"""`load_addresses FILE [--format addrfeat|openaddresses]`: so that a street and number become a point."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from apps.core.commands import VotekinCommand, progress, readable_file
from apps.districts.addresses.files import AddressRow
from apps.districts.services import load_addresses


class Command(VotekinCommand):
    """Load addresses."""

    help = "Load address ranges (TIGER ADDRFEAT) or address points (OpenAddresses columns)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and, where its columns do not tell, its kind."""
        parser.add_argument("file")
        parser.add_argument("--format", help="addrfeat or openaddresses (default: recognised by the columns)")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load, and count what was left out."""
        start = time.monotonic()

        def watch(rows: Iterator[AddressRow]) -> Iterator[AddressRow]:
            return progress(rows, label="addresses")

        counts = load_addresses(path=readable_file(options["file"]), kind=options["format"], watch=watch)
        return counts | {"seconds": round(time.monotonic() - start, 2)}
