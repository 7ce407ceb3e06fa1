"""`backup_identity FILE`: create the key pair of backups."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyrage

from apps.core.commands import VotekinCommand
from apps.core.errors import BadInput
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """The file is what age-keygen would write; either works."""

    help = "Write a new identity for backups into FILE, and print its recipient for BACKUP_RECIPIENTS."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file."""
        parser.add_argument("file", type=Path)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Write the file, readable by this user only."""
        identity = pyrage.x25519.Identity.generate()
        recipient = str(identity.to_public())
        try:
            descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise BadInput(f"{options['file']} cannot be created: {error.strerror}.") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"# public key: {recipient}\n{identity}\n")
        return {
            "BACKUP_RECIPIENTS": recipient,
            "next": f"move {options['file']} to another machine; without it no backup can be restored",
        }
