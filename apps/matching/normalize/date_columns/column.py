"""Dates of one column, read by what the whole column shows: the order of day and month, serials, two-digit years.

Use as `profile = DateProfile(today); profile.add(values); column = profile.column(); column.read(value)`. A load must
check `column.problem()`: an order of day and month that the column does not show is never guessed.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from apps.matching.normalize.date_columns import forms
from apps.matching.normalize.date_columns.forms import Written, shape, written

YOUNGEST, OLDEST_AGE = 17, 116  # years: of a hundred ages each two-digit year is exactly one
OLDEST_YEAR: Final = 1900
MOST_UNREAD: Final = 0.02  # of the values that are given
FIRST_ROWS: Final = 5
_EPOCH: Final = dt.date(
    1899, 12, 30
)  # serial 1 of spreadsheets is 1 January 1900, with a 29 February 1900 that was none
SERIALS_FROM: Final = 0.5  # a number of five digits is a serial only where at least half of a column is


class DateParts(NamedTuple):
    """A date, or what is known of it: month and day are 0 where they are not given; year 0 is no date."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def iso(self) -> str:
        """Return the whole date as ISO text; empty where a part is missing."""
        return f"{self.year:04}-{self.month:02}-{self.day:02}" if self.day else ""


NO_DATE: Final = DateParts()


class Order(Enum):
    """How a column writes day and month."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    YEAR_FIRST = "year first"  # of six and eight digits


@dataclass(slots=True)
class _Evidence:
    """Of one form, how many values are a date in each order, and how many are one in that order alone."""

    fits: Counter[Order] = field(default_factory=Counter)
    alone: Counter[Order] = field(default_factory=Counter)
    values: int = 0

    def add(self, orders: Sequence[Order], count: int) -> None:
        self.values += count
        for order in orders:
            self.fits[order] += count
        if len(orders) == 1:
            self.alone[orders[0]] += count

    def decided(self) -> Order | None:
        """Return the order that nearly all values fit, and no other does; None where it stays open."""
        if not self.fits:
            return None
        ranked = self.fits.most_common()
        best, count = ranked[0]
        if len(ranked) == 1:
            return best
        second, others = ranked[1]
        if count == others:
            return None
        # What only the second order can read must be slips, not another order of half the column.
        return best if self.alone[second] <= MOST_UNREAD * self.values else None


class DateProfile:
    """What a column's values look like. Takes them in any number of batches; memory holds counts only."""

    def __init__(self, today: dt.date, order: Order | None = None) -> None:
        self._today, self._order = today, order
        self._forms: Counter[str] = Counter()
        self._evidence: dict[str, _Evidence] = {form: _Evidence() for form in forms.ORDERED}

    def add(self, values: Iterable[str]) -> None:
        """Count values; the same value many times costs one look."""
        self.add_counts(Counter(values))

    def add_counts(self, counts: Mapping[str, int]) -> None:
        """Count values that are counted already."""
        for value, count in counts.items():
            found = written(value)
            self._forms[found.form] += count
            if found.form in forms.ORDERED:
                readings = _readings(found, self._today)
                distinct = {parts for _, parts in readings}
                # 3/3/1984 is one date in any order: it says nothing, and needs no order.
                if len(distinct) > 1 or len(readings) == 1:
                    self._evidence[found.form].add([order for order, _ in readings], count)

    def column(self) -> "DateColumn":
        """Return the reader of this column."""
        orders = {form: self._order or evidence.decided() for form, evidence in self._evidence.items()}
        # Both numeric forms of one column are written by one hand.
        for form, other in ((forms.PARTS, forms.SHORT_PARTS), (forms.SHORT_PARTS, forms.PARTS)):
            if orders[form] is None and orders[other] in (Order.MONTH_FIRST, Order.DAY_FIRST):
                orders[form] = orders[other]
        given = self._forms.total() - self._forms[forms.NULL]
        serials = self._forms[forms.SERIAL] >= max(1, SERIALS_FROM * given)
        unsettled = [f for f, evidence in self._evidence.items() if evidence.values and orders[f] is None]
        return DateColumn(self._today, orders, serials, unsettled)


class DateColumn:
    """Reads the values of one column, and counts what was read by form and what was not by shape."""

    def __init__(
        self, today: dt.date, orders: dict[str, Order | None], serials: bool, unsettled: Sequence[str] = ()
    ) -> None:
        self._today, self._orders, self._serials = today, orders, serials
        self.unsettled = tuple(unsettled)
        self.read_by_form: Counter[str] = Counter()
        self.unread_by_shape: Counter[str] = Counter()
        self.first_unread: list[int] = []
        self.nulls = 0

    @classmethod
    def of_order(cls, today: dt.date, order: Order) -> "DateColumn":
        """Return a reader for a column that was not looked at, in a stated order; it reads no serials."""
        return cls(today, dict.fromkeys(forms.ORDERED, order), serials=False)

    @property
    def order(self) -> Order | None:
        """Return the order of day and month, for reports; None where the column has none or it is not known."""
        return next((order for order in self._orders.values() if order), None)

    def reads_like(self, other: "DateColumn") -> bool:
        """Return whether another reader gives the same for every value of the forms that the other has settled."""
        orders = {form: order for form, order in other._orders.items() if order}
        return all(self._orders[form] == order for form, order in orders.items()) and self._serials == other._serials

    def parts(self, value: str) -> DateParts | None:
        """Return the date of a value, NO_DATE for none given, None where it cannot be read. Counts nothing."""
        found = written(value)
        if found.form == forms.NULL:
            return NO_DATE
        if found.form in forms.ORDERED:
            readings = dict(_readings(found, self._today))
            if len(set(readings.values())) == 1:
                # 3/3/1984 needs no order; a slip that is a date in the other order only must not turn into one.
                first = next(iter(readings.values()))
                return first if self._orders[found.form] is None else self._in_order(found.form, readings)
            return self._in_order(found.form, readings)
        return _fixed(found, self._today) if found.form != forms.SERIAL or self._serials else None

    def _in_order(self, form: str, readings: dict[Order, DateParts]) -> DateParts | None:
        order = self._orders[form]
        if order is None:
            return None
        # With the year first, eight digits are never a date in another order: 19840314 has no month 19.
        return readings.get(order) or (readings.get(Order.YEAR_FIRST) if form == forms.EIGHT else None)

    def read(self, value: str, row: int = 0) -> DateParts:
        """Return the date of a value, and count it; NO_DATE where there is none or it cannot be read."""
        found = self.parts(value)
        if found is None:
            self.unread_by_shape[shape(value)] += 1
            if len(self.first_unread) < FIRST_ROWS:
                self.first_unread.append(row)
            return NO_DATE
        if found == NO_DATE:
            self.nulls += 1
        else:
            self.read_by_form[written(value).form] += 1
        return found

    @property
    def unread_share(self) -> float:
        """Return the share of given values that were not read; a column of nothing but nulls has 0."""
        unread = self.unread_by_shape.total()
        given = unread + self.read_by_form.total()
        return unread / given if given else 0.0

    def problem(self) -> str:
        """Return why the column must not be loaded as it is, with the cure; empty where it may be."""
        if self.unsettled:
            return (
                f"it does not show whether day or month comes first ({', '.join(self.unsettled)}): "
                "name the order of the column, month first or day first"
            )
        if self.unread_share > MOST_UNREAD:
            shapes = ", ".join(f"{form} ({count:,})" for form, count in self.unread_by_shape.most_common(3))
            rows = ", ".join(map(str, self.first_unread))
            return f"{self.unread_share:.1%} of its dates cannot be read: {shapes}; first rows {rows}"
        return ""


def _readings(found: Written, today: dt.date) -> list[tuple[Order, DateParts]]:
    """Return the orders in which a value is a possible birth date."""
    result = []
    for order, (year, month, day) in _in_orders(found):
        full = complete_year(year, month, day, today) if year < 100 else year
        if full and _is_birth(full, month, day, today):
            result.append((order, DateParts(full, month, day)))
    return result


def _in_orders(found: Written) -> list[tuple[Order, tuple[int, int, int]]]:
    if found.form in (forms.PARTS, forms.SHORT_PARTS):
        return [(Order.MONTH_FIRST, (found.c, found.a, found.b)), (Order.DAY_FIRST, (found.c, found.b, found.a))]
    size = 8 if found.form == forms.EIGHT else 6
    text, year = f"{found.a:0{size}}", size - 4
    one, two, last = int(text[:2]), int(text[2:4]), int(text[4:])
    first, month, day = int(text[:year]), int(text[year : year + 2]), int(text[year + 2 :])
    return [
        (Order.MONTH_FIRST, (last, one, two)),
        (Order.DAY_FIRST, (last, two, one)),
        (Order.YEAR_FIRST, (first, month, day)),
    ]


def _fixed(found: Written, today: dt.date) -> DateParts | None:
    """Return the date of a form that has one reading."""
    if found.form == forms.SERIAL:
        day = _EPOCH + dt.timedelta(days=found.a)
        return DateParts(day.year, day.month, day.day) if _is_birth(day.year, day.month, day.day, today) else None
    year, month, day_ = found.a, found.b, found.c
    if found.form == forms.SHORT_NAMED:
        year = complete_year(year, month, day_, today)
    if found.form in (forms.YEAR, forms.MONTH_YEAR):
        fits = OLDEST_YEAR <= year <= today.year and (found.form == forms.YEAR or 1 <= month <= 12)
        return DateParts(year, month if found.form == forms.MONTH_YEAR else 0) if fits else None
    return DateParts(year, month, day_) if found.form != forms.UNREAD and _is_birth(year, month, day_, today) else None


def _is_birth(year: int, month: int, day: int, today: dt.date) -> bool:
    try:
        return year >= OLDEST_YEAR and dt.date(year, month, day) <= today
    except (ValueError, OverflowError):
        return False


def birth_year(text: str, today: dt.date) -> int:
    """Return the year of a single date, where every order of its parts gives the same; 0 where it is not known."""
    found = written(text)
    if found.form in (forms.NULL, forms.UNREAD, forms.SERIAL):
        return 0
    if found.form in forms.ORDERED:
        years = {parts.year for _, parts in _readings(found, today)}
        return years.pop() if len(years) == 1 else 0
    parts = _fixed(found, today)
    return parts.year if parts else 0


def complete_year(two_digits: int, month: int, day: int, today: dt.date) -> int:
    """Return the one year of two digits in which a voter of 17 to 116 can be born; 0 for no such day."""
    for year in range(today.year - OLDEST_AGE - 1, today.year - YOUNGEST + 1):
        if year % 100 == two_digits:
            age = today.year - year - ((today.month, today.day) < (month, day))
            if YOUNGEST <= age <= OLDEST_AGE:
                return year
    return 0
