"""Reads the birth years of a source by column: only the whole column shows how it writes its dates."""

import re
from dataclasses import replace
from datetime import date

from apps.matching.normalize.date_columns import NO_DATE, DateColumn, DateProfile, Order, birth_year
from apps.matching.normalize.date_columns.column import complete_year
from apps.matching.normalize.date_columns.forms import shape

from .types import ParsedSource

ORDERS = {"month": Order.MONTH_FIRST, "day": Order.DAY_FIRST, "year": Order.YEAR_FIRST}
NAMES = {order: name for name, order in ORDERS.items()}
LONGEST = 40
# Apple writes 1604, Outlook and Google a month and a day, for a birthday without a year.
_WITHOUT_YEAR = re.compile(
    r"--?\d{1,2}-?\d{1,2}|0?1604\D.*|\d{1,2}[/-]\d{1,2}|1604\d{4}|0/0/00|[A-Za-z]{3,9}\.? \d{1,2}"
)
# 85-12-19: no month and no day is that large.
_YEAR_FIRST = re.compile(r"(3[2-9]|[4-9]\d)[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")


class BirthYears:
    """Collect the birth dates of a source's contacts; `settle` reads them when all of a column are known."""

    def __init__(self, date_order: str = "") -> None:
        self.today = date.today()  # noqa: DTZ011 - a year, not a moment
        self.order = ORDERS.get(date_order)
        self.values: list[tuple[int, str, str]] = []

    def add(self, parsed: ParsedSource, column: str, text: str) -> None:
        """Note the birth date of the last contact."""
        text = text.strip(" :")[:LONGEST]
        if text and not _WITHOUT_YEAR.fullmatch(text):
            self.values.append((len(parsed.contacts) - 1, column, text))

    def settle(self, parsed: ParsedSource) -> None:
        """Set the birth years, count what cannot be read, and name columns whose order the year depends on."""
        for name in dict.fromkeys(column for _at, column, _text in self.values):
            own = [(at, text) for at, column, text in self.values if column == name]
            profile = DateProfile(self.today, self.order)
            profile.add(text for _at, text in own)
            column = profile.column()
            if column.order:
                parsed.date_orders[name] = NAMES[column.order]
            years = [(at, text, self._year(column, text)) for at, text in own]
            if column.unsettled and any(year is None for _at, _text, year in years):
                parsed.unsettled_dates.append(name)
            for at, text, year in years:
                contact = parsed.contacts[at]
                if year:
                    parsed.contacts[at] = replace(contact, birth_year=str(year))
                elif year is None:
                    parsed.count_unread(name, shape(text), contact.line)

    def _year(self, column: DateColumn, text: str) -> int | None:
        """Return the year of a value, 0 for no date, None if it cannot be read."""
        parts = column.parts(text)
        if parts is not None:
            return 0 if parts == NO_DATE else parts.year
        # "3/4/1980" has one year in any order; "circa 1985" states one.
        year = birth_year(text, self.today)
        if short := _YEAR_FIRST.fullmatch(text):
            year = complete_year(int(short[1]), int(short[2]), int(short[3]), self.today)
        match = _YEAR.search(text)
        return year or (int(match[1]) if match and not text.isdigit() else None)
