"""`new_layout FILE`: writes a first YAML for a person to finish."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.core.commands import VotekinCommand, readable_file, written_beside
from apps.core.errors import Refused
from apps.voters import inspect as file_inspection


class Command(VotekinCommand):
    """Guesses from the header alone; never writes over a layout."""

    help = "Write a first layout for a voter file, for a person to finish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --output."""
        parser.add_argument("file")
        parser.add_argument("--output", default="", help="Where to; DATA_DIR/layouts/NAME.yaml if not given.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Write the YAML and say where it is."""
        name, text = file_inspection.draft_layout(readable_file(options["file"]))
        path = Path(options["output"]) if options["output"] else Path(settings.DATA_DIR) / "layouts" / f"{name}.yaml"
        if path.exists():
            raise Refused(f"{path} is there already. Finish that one, or name another with --output.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with written_beside(str(path)) as draft:
            draft.write_text(text, encoding="utf-8")
        return {"layout": name, "written": str(path), "next": f"read it, then check_layout FILE --layout {name}"}
