"""`load_boundaries FILE --layer NAME --vintage NAME`: load one file of districts, which is live at once."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.districts.command_options import date_option
from apps.districts.services import load_boundaries


class Command(VotekinCommand):
    """Loads one vintage of a layer; the same vintage again replaces it."""

    help = "Load the boundaries of one layer: GeoParquet, GeoJSON, GeoPackage or a zipped shapefile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE, --layer, --vintage, --id-column, --crs, --valid-from and --valid-to."""
        parser.add_argument("file")
        parser.add_argument("--layer", required=True, help="a to z and _, such as cd, sldu, sldl, county")
        parser.add_argument("--vintage", required=True, help="a name for these boundaries, such as 2024")
        parser.add_argument("--id-column", default="ocdid", help="the column with the ids (default: ocdid)")
        parser.add_argument(
            "--crs", default="", help="the coordinate system, such as EPSG:3857, if the file's is wrong"
        )
        parser.add_argument("--valid-from", help="first day in force, YYYY-MM-DD")
        parser.add_argument("--valid-to", help="last day in force, YYYY-MM-DD")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the file; report counts and problems."""
        start = time.monotonic()
        vintage = load_boundaries(
            path=readable_file(options["file"]),
            layer=options["layer"],
            vintage=options["vintage"],
            id_column=options["id_column"],
            crs=options["crs"],
            valid_from=date_option(options["valid_from"], "--valid-from"),
            valid_to=date_option(options["valid_to"], "--valid-to"),
            print_progress=self.stderr.write,
        )
        report: dict[str, Any] = vintage.report
        seconds = round(time.monotonic() - start, 2)
        return {"layer": vintage.layer, "vintage": vintage.name, **report, "seconds": seconds}
