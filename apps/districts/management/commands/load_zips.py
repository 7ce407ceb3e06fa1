"""`load_zips FILE [--layer NAME --vintage NAME]`: load districts of ZIP codes without loaded addresses."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.errors import BadInput
from apps.core.types import OptionValue
from apps.districts.services import load_zip_areas, load_zip_table
from apps.districts.sources.zip_files import is_table


class Command(VotekinCommand):
    """Loads areas of ZIP codes, or a table for one vintage."""

    help = "Load the areas of ZIP codes (Census ZCTA polygons), or a table of the districts that each one overlaps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE, --layer and --vintage."""
        parser.add_argument("file")
        parser.add_argument("--layer", default="", help="for a table: the layer of its districts, such as cd")
        parser.add_argument("--vintage", default="", help="for a table: the loaded vintage that it describes")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the file; report the counts."""
        start = time.monotonic()
        path, layer, vintage = readable_file(options["file"]), options["layer"], options["vintage"]
        if is_table(path):
            if not (layer and vintage):
                raise BadInput(f"{path.name} is a table: name its vintage with --layer and --vintage.")
            counts = load_zip_table(path=path, layer=layer, vintage=vintage)
        elif layer or vintage:
            raise BadInput(f"{path.name} has areas, which apply to every layer: omit --layer and --vintage.")
        else:
            counts = load_zip_areas(path=path)
        return counts | {"seconds": round(time.monotonic() - start, 2)}
