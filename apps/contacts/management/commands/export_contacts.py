"""Command that exports a member's contacts as CSV."""

from argparse import ArgumentParser
from typing import Any

from apps.audit import services as audit
from apps.contacts import export as contact_export
from apps.contacts.cli import member_by_email
from apps.core.commands import VotekinCommand, atomic_output
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """Run `export_contacts --owner EMAIL --output CSV`."""

    help = "Write a member's contacts as CSV (UTF-8 with BOM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare owner and output."""
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--output", required=True, metavar="CSV")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Log the access, then write the file beside its target and rename it."""
        owner = member_by_email(options["owner"])
        audit.log_read(actor=None, subject=owner, fields=["contacts"], reason="export_contacts")
        with atomic_output(options["output"]) as draft:
            draft.touch(mode=0o600)
            with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                written = contact_export.write_csv(owner, stream)
        return {"written": written, "output": options["output"]}
