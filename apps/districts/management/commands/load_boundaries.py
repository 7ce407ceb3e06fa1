"""`load_boundaries FILE --layer NAME --vintage NAME`: one file of districts, live at once."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.districts.command_options import day_option
from apps.districts.services import load_boundaries


class Command(VotekinCommand):
    """Load boundaries."""

    help = "Load the boundaries of one layer: GeoParquet, GeoJSON, GeoPackage or a zipped shapefile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its layer and vintage, and when its lines are in force."""
        parser.add_argument("file")
        parser.add_argument("--layer", required=True, help="a to z and _, such as cd, sldu, sldl, county")
        parser.add_argument("--vintage", required=True, help="a name for this set of lines, such as 2024")
        parser.add_argument("--id-column", default="ocdid", help="the column with the ids (default: ocdid)")
        parser.add_argument("--valid-from", help="first day in force, YYYY-MM-DD")
        parser.add_argument("--valid-to", help="last day in force, YYYY-MM-DD")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load, and report what was not right with the file."""
        start = time.monotonic()
        vintage = load_boundaries(
            path=readable_file(options["file"]),
            layer=options["layer"],
            vintage=options["vintage"],
            id_column=options["id_column"],
            valid_from=day_option(options["valid_from"], "--valid-from"),
            valid_to=day_option(options["valid_to"], "--valid-to"),
            say=self.stderr.write,
        )
        report: dict[str, Any] = vintage.report
        seconds = round(time.monotonic() - start, 2)
        return {"layer": vintage.layer, "vintage": vintage.name, **report, "seconds": seconds}
