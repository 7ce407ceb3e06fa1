"""`fake_provider FILE --port PORT`: serve a contact file as Google and Microsoft do; `make demo` starts it."""

import threading
from argparse import ArgumentParser
from pathlib import Path

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.demo.provider import FakeProvider
from apps.demo.provider.address_books import rows_of


class Command(VotekinCommand):
    """Listens on loopback only."""

    help = "Serve a fictional address book with the APIs of Google People and Microsoft Graph; 127.0.0.1 only."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the address book and the port."""
        parser.add_argument("file", help="A contact file in Google's CSV.")
        parser.add_argument("--port", type=int, required=True)

    def run(self, **options: OptionValue) -> None:
        """Serve until the process ends."""
        FakeProvider(rows_of(Path(readable_file(options["file"])))).serve(options["port"])
        threading.Event().wait()
