"""`new_layout FILE`: write a draft layout for an operator to complete."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.core.commands import VotekinCommand, atomic_output, readable_file
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.voters import inspect as file_inspection


class Command(VotekinCommand):
    """Guesses columns from the header alone; never overwrites a layout."""

    help = "Write a draft layout for a voter file, for an operator to complete."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and --output."""
        parser.add_argument("file")
        parser.add_argument("--output", default="", help="The file to write; default: DATA_DIR/layouts/NAME.yaml.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Write the YAML; report its path and the next step."""
        name, text = file_inspection.draft_layout(readable_file(options["file"]))
        path = Path(options["output"]) if options["output"] else Path(settings.DATA_DIR) / "layouts" / f"{name}.yaml"
        if path.exists():
            raise Refused(f"{path} exists already. Complete it, or name another file with --output.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with atomic_output(str(path)) as draft:
            draft.write_text(text, encoding="utf-8")
        return {"layout": name, "written": str(path), "next": f"read it, then check_layout FILE --layout {name}"}
