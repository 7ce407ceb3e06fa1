"""Read the birth dates of a load: the whole column decides their order, and what is unread is counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from apps.matching.normalize.date_columns import DateColumn, DateProfile, Order, birth_year
from apps.matching.normalize.date_columns.column import MOST_UNREAD, complete_year
from apps.matching.normalize.date_columns.forms import NULL, ORDERED, UNREAD, shape, written

FIELDS: Final = ("dob", "birth_year")
FIRST_ROWS: Final = 5
MAX_KNOWN: Final = 300_000  # a roll has about 40,000 distinct birth dates; a column with more holds something else
_MONTH_FIRST: Final = frozenset({"MM/DD/YYYY", "MM-DD-YYYY", "MMDDYYYY"})
_CURE: Final = "or load with --accept to load these voters without the date"


def order_of(formats: Sequence[str]) -> Order | None:
    """Return the order of day and month that a layout states; None if the column has to show it."""
    day_first, month_first = "DD/MM/YYYY" in formats, not _MONTH_FIRST.isdisjoint(formats)
    if day_first == month_first:
        return None
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


@dataclass
class Tally:
    """The values of one column by form, and those that cannot be read by shape; holds no value."""

    read: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    empty: int = 0

    @property
    def given(self) -> int:
        """Return the number of values that are neither empty nor a placeholder."""
        return self.read.total() + self.unread.total()

    @property
    def unread_share(self) -> float:
        """Return the share of given values that cannot be read."""
        return self.unread.total() / self.given if self.given else 0.0


class DateField:
    """Reads one date field in batches, by what its first batch shows; `settle` reports what the whole column shows."""

    def __init__(self, name: str, today: date, order: Order | None, settled: DateColumn | None = None) -> None:
        self.name = name
        self._today, self._order = today, order
        self._column = settled
        self._profile = DateProfile(today, order)
        self._known: dict[str, str] = {}
        self._seen: Counter[str] = Counter()
        self._tally = Tally()
        self.first_unread: list[int] = []

    def read(self, texts: Sequence[str], lines: Sequence[int]) -> list[str]:
        """Return each value as an ISO date, or as the year if no more is known; empty for none."""
        before = len(self._seen)
        self._seen.update(texts)
        if len(self._seen) > before:
            self._learn_new(list(islice(self._seen, before, None)), texts, lines)
        known = self._known
        stored = [known[text] for text in texts]
        if len(known) > MAX_KNOWN:
            self._count()
            known.clear()
        return stored

    def _learn_new(self, new: Iterable[str], texts: Sequence[str], lines: Sequence[int]) -> None:
        """Learn values that no earlier batch had; remember the lines of those that cannot be read."""
        if self._column is None:
            self._column = self._decide(texts)
        unread = {text for text in new if self._learn(text)}
        if unread and len(self.first_unread) < FIRST_ROWS:
            rows = (line for line, text in zip(lines, texts, strict=True) if text in unread)
            self.first_unread += islice(rows, FIRST_ROWS)

    def _decide(self, texts: Iterable[str]) -> DateColumn:
        profile = DateProfile(self._today, self._order)
        profile.add(texts)
        return profile.column()

    def _learn(self, text: str) -> bool:
        """Remember what to store for a value; return whether it cannot be read."""
        stored = self._read(text)
        # Of a date in an unknown order the year is certain.
        self._known[text] = str(birth_year(text, self._today) or "") if stored is None else stored
        return stored is None

    def _read(self, text: str) -> str | None:
        if self.name == "birth_year":
            return _year(text, self._today)
        parts = self._column.parts(text) if self._column else None
        return None if parts is None else parts.iso or (str(parts.year) if parts.year else "")

    def _count(self) -> None:
        """Add the values since the last call to the tally and the profile."""
        self._profile.add_counts(self._seen)
        for text, count in self._seen.items():
            if self._read(text) is None:
                self._tally.unread[shape(text)] += count
            elif (form := written(text).form) == NULL:
                self._tally.empty += count
            else:
                self._tally.read["two-digit year" if form == UNREAD else form] += count
        self._seen.clear()

    def settle(self) -> tuple[Tally, DateColumn]:
        """Return the counts of the column, and the reader that the whole column calls for."""
        self._count()
        self.first_unread = sorted(self.first_unread)[:FIRST_ROWS]
        return self._tally, self._profile.column()

    def differs(self, whole: DateColumn) -> bool:
        """Return whether values were read in another way than the whole column calls for."""
        return self.name == "dob" and self._column is not None and not self._column.reads_like(whole)


def _order_shown(name: str, tally: Tally, column: DateColumn) -> str:
    """Return the order of day and month; empty if no value of the column needed one."""
    return column.order.value if name == "dob" and column.order and not tally.read.keys().isdisjoint(ORDERED) else ""


def _year(text: str, today: date) -> str | None:
    """Return the year of a cell of birth years, which may hold a whole date; None if it cannot be read."""
    if len(text) == 2 and text.isdigit():
        return str(complete_year(int(text), 0, 0, today) or "")
    if written(text).form == NULL:
        return ""
    return str(birth_year(text, today)) if birth_year(text, today) else None


class DateFields:
    """The date fields of one load, over all its files."""

    def __init__(
        self, formats: Sequence[str], today: date, settled: dict[str, DateColumn] | None = None, *, final: bool = False
    ) -> None:
        order = order_of(formats)
        self.final = final
        self._fields = {name: DateField(name, today, order, (settled or {}).get(name)) for name in FIELDS}
        self._settled: dict[str, tuple[Tally, DateColumn]] = {}

    def read(self, name: str, texts: Sequence[str], lines: Sequence[int]) -> list[str]:
        """Return the values of a field as they are stored."""
        return self._fields[name].read(texts, lines)

    def settle(self) -> None:
        """Count the columns; call after the last row."""
        self._settled = {name: reader.settle() for name, reader in self._fields.items()}

    def reread(self) -> dict[str, DateColumn]:
        """Return the readers of a second reading, if the first batch showed another order than the whole column."""
        if self.final or not any(self._fields[name].differs(column) for name, (_, column) in self._settled.items()):
            return {}
        return {name: column for name, (_, column) in self._settled.items()}

    def problem(self) -> str:
        """Return why the dates must not be loaded as they are, with the cure; empty if they may be."""
        for name, (tally, column) in self._settled.items():
            if name == "dob" and column.unsettled:
                return (
                    f"column {name}: the dates do not show whether the day or the month comes first "
                    f"({', '.join(column.unsettled)}). Name the order with --dates MM/DD/YYYY or --dates DD/MM/YYYY, "
                    f"or in the layout's key dates, {_CURE}."
                )
            if tally.unread_share > MOST_UNREAD:
                shapes = ", ".join(f"{form} ({count:,})" for form, count in tally.unread.most_common(3))
                rows = ", ".join(map(str, self._fields[name].first_unread))
                return (
                    f"column {name}: {tally.unread.total():,} of {tally.given:,} dates ({tally.unread_share:.1%}) "
                    f"cannot be read: {shapes}; first lines {rows}. Correct them, name their order with --dates, "
                    f"{_CURE}."
                )
        return ""

    def as_dict(self) -> dict[str, dict[str, object]]:
        """Return the counts of each column that has values."""
        return {
            name: {
                "read": dict(tally.read.most_common()),
                "order": _order_shown(name, tally, column),
                "empty": tally.empty,
                "unread": dict(tally.unread.most_common(10)),
                "first_lines": self._fields[name].first_unread,
            }
            for name, (tally, column) in self._settled.items()
            if tally.given
        }

    def sentences(self) -> list[str]:
        """Return a sentence per column: the forms, the order of day and month, and what cannot be read."""
        sentences = []
        for name, (tally, column) in self._settled.items():
            if not tally.given:
                continue
            parts = [", ".join(f"{form} {count:,}" for form, count in tally.read.most_common()) or "none read"]
            if order := _order_shown(name, tally, column):
                parts.append(f"order {order}")
            if tally.empty:
                parts.append(f"no date {tally.empty:,}")
            if tally.unread:
                shapes = ", ".join(f"{form} {count:,}" for form, count in tally.unread.most_common(3))
                rows = ", ".join(map(str, self._fields[name].first_unread))
                parts.append(f"cannot be read {tally.unread.total():,} ({shapes}; first lines {rows})")
            sentences.append(f"Dates in {name}: {'; '.join(parts)}.")
        return sentences
