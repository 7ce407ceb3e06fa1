"""Opening one text as its layout says it is."""

from django.conf import settings

from ..layout import Layout
from ..reading.opening import Part
from ..reading.rows import Table, fixed, table


def open_table(part: Part, layout: Layout) -> Table:
    """Return a text as a table; raises Refused naming file, line, column and cure of a bad header."""
    if layout.format == "fixed":
        return fixed(part, fallback=layout.encoding, widths=layout.widths)
    return table(
        part,
        fallback=layout.encoding,
        delimiter=layout.delimiter,
        names=layout.names,
        header=layout.header,
        quotes=layout.quotes,
    )


def switched(layout: Layout) -> frozenset[str]:
    """The personal columns that are loaded: those the operator switched on, and all of a file of their own."""
    names = ("phone", "email")
    return frozenset(name for name in names if layout.own_file or getattr(settings, f"LOAD_{name.upper()}", False))
