"""Open a file part as a table by its layout."""

from django.conf import settings

from ..layout import Layout
from ..reading.opening import FilePart
from ..reading.rows import Table, open_delimited, open_fixed_width


def open_table(part: FilePart, layout: Layout) -> Table:
    """Return a part as a table; raise Refused that names file, line, column and remedy of a bad header."""
    if layout.format == "fixed":
        return open_fixed_width(part, fallback=layout.encoding, widths=layout.widths)
    return open_delimited(
        part,
        fallback=layout.encoding,
        delimiter=layout.delimiter,
        names=layout.headers(),
        header=layout.header,
        quotes=layout.quotes,
    )


def enabled_opt_in_fields(layout: Layout) -> frozenset[str]:
    """Return the opt-in fields to load: those enabled in settings, or all if the operator wrote the file."""
    names = ("phone", "email")
    return frozenset(name for name in names if layout.own_file or getattr(settings, f"LOAD_{name.upper()}", False))
