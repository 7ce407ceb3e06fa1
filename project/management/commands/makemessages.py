"""`makemessages` with a catalog that merges well: sorted, without dates and fuzzy guesses."""

import re
from pathlib import Path

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Sorts by message id, and disables fuzzy matching, whose guesses look like translations."""

    msgmerge_options = ["-q", "--backup=none", "--update", "--sort-output", "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write the catalog, then remove the creation date."""
        super().write_po_file(potfile, locale)
        target = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        target.write_text(re.sub(r'^"POT-Creation-Date:.*\n', "", target.read_text("utf-8"), flags=re.M), "utf-8")
