"""Reads the birth dates of a partner's list by column: the whole list shows whether day or month comes first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from apps.core.errors import BadInput
from apps.matching.normalize.date_columns import DateProfile, Order

ORDERS: Final = {"month": Order.MONTH_FIRST, "day": Order.DAY_FIRST, "year": Order.YEAR_FIRST}
Rows = Sequence[Mapping[str, str]]


class ReadDates(NamedTuple):
    """Hold rows whose `dob` is an ISO date or a year, the order of day and month, and unread values by form."""

    rows: list[dict[str, str]]
    order: str
    unread: dict[str, int]


def read_birth_dates(rows: Rows, order: str = "") -> ReadDates:
    """Return rows with their birth dates in ISO form; unreadable ones become empty and are counted.

    Raises BadInput where the list does not show the order of day and month, and above 2 % unreadable dates.
    """
    today = date.today()  # noqa: DTZ011 - a birth date has no time zone
    profile = DateProfile(today, ORDERS.get(order))
    profile.add(row["dob"] for row in rows if row.get("dob"))
    column = profile.column()
    read = [_with_iso_date(row, column.read(row["dob"], number)) if row.get("dob") else dict(row)
            for number, row in enumerate(rows, 1)]  # fmt: skip
    if problem := column.problem():
        raise BadInput(
            f"people.dob: {problem}. Send dates as YYYY-MM-DD, or state the order: "
            '"date_order": "month", "day" or "year".'
        )
    name = next((name for name, known in ORDERS.items() if known is column.order), "")
    return ReadDates(read, name, dict(column.unread_by_shape))


def _with_iso_date(row: Mapping[str, str], parts: tuple[int, int, int]) -> dict[str, str]:
    year, month, day = parts
    text = f"{year:04}-{month:02}-{day:02}" if day else str(year) if year else ""
    return {**row, "dob": text} if text else {name: value for name, value in row.items() if name != "dob"}
