"""Collect the catalogue so that two people who add words do not meet in every line of it."""

import re
from pathlib import Path

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Sorted by the English words, without guesses (a guess reads like a translation) and without a date."""

    msgmerge_options = ["-q", "--backup=none", "--update", "--sort-output", "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write as Django does, then drop the date that would differ on every machine."""
        super().write_po_file(potfile, locale)
        target = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        target.write_text(re.sub(r'^"POT-Creation-Date:.*\n', "", target.read_text("utf-8"), flags=re.M), "utf-8")
