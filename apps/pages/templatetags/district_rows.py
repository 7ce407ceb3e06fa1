"""Render the rows of the district list. A row is the same for every place in its division, so it is cached."""

from functools import lru_cache
from typing import Final

from django import template
from django.db import connection
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.pages.district_report import SeatRow

# A row takes about 2 kB.
MAX_CACHED: Final = 4096
register = template.Library()


class _RenderedRow:
    """A row and how it is shown; equal if the HTML is equal.

    Seats are compared by identity: they are new objects after every change of officials.
    """

    def __init__(self, row: SeatRow, *, is_open: bool, is_today: bool, wrong: bool) -> None:
        self.context = {"row": row, "is_open": is_open, "is_today": is_today, "wrong": wrong}
        vintage = row.hit and row.hit.vintage
        self._key = (
            *(get_language(), is_open, is_today, wrong),
            *(row.kind, row.name, row.placement, row.changes_on, row.percent, row.listed_on, row.path),
            vintage and (vintage.folder, vintage.valid_from, vintage.valid_to, vintage.loaded_at),
            tuple(row.seats),
        )

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RenderedRow) and self._key == other._key

    def html(self) -> SafeString:
        """Return the HTML of the row."""
        return render_to_string("pages/row.html", self.context)


_cached_html = lru_cache(MAX_CACHED)(_RenderedRow.html)


@register.simple_tag
def district_row(row: SeatRow, *, is_open: bool, is_today: bool, wrong: bool) -> SafeString:
    """Render one row; `wrong` offers "This is wrong", which posts the form of that id."""
    rendered = _RenderedRow(row, is_open=is_open, is_today=is_today, wrong=wrong)
    # Inside a transaction nothing is cached, because it may be rolled back.
    return rendered.html() if connection.in_atomic_block else _cached_html(rendered)
