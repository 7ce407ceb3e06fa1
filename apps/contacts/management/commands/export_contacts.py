"""Write a member's contacts as CSV."""

from argparse import ArgumentParser
from typing import Any

from apps.audit import services as audit
from apps.contacts import export as contact_export
from apps.contacts.cli import member_by_mail
from apps.core.commands import VotekinCommand, atomic_output


class Command(VotekinCommand):
    """`export_contacts --owner EMAIL --output CSV`."""

    help = "Write a member's contacts as CSV (UTF-8 with BOM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose contacts they are and where they go."""
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--output", required=True, metavar="CSV")

    def run(self, **options: Any) -> dict[str, Any]:
        """Write down the use, then the file beside, then its name."""
        owner = member_by_mail(options["owner"])
        audit.log_read(actor=None, subject=owner, fields=["contacts"], reason="export_contacts")
        with atomic_output(options["output"]) as draft:
            draft.touch(mode=0o600)
            with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                written = contact_export.write(owner, stream)
        return {"written": written, "output": options["output"]}
