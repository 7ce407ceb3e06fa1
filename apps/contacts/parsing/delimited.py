"""Converts tables of any dialect to contacts: finds the header, maps its columns, reports bad rows."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from apps.core.errors import Refused

from . import cleaning
from .decoding import Line
from .headers import HeaderMeaning, group_rank, header_meanings, normalize_header
from .record_reader import RecordReader, TableRecord, guess_delimiter, split_record
from .types import (
    MAX_COLUMNS,
    MAX_ROW_CHARACTERS,
    MAX_VALUES,
    ParsedSource,
    PostalPlace,
    RawContact,
    RowCollector,
    TableColumn,
)

HEADER_SEARCH_LINES = 5
VALUE_SEPARATOR = " ::: "


def count_known_headers(cells: Sequence[str]) -> int:
    """Return how many cells of a row are known headers."""
    return sum(bool(header.field) for header in header_meanings(cells))


class ContactTable:
    """Convert rows of a table to contacts by its columns."""

    def __init__(self, headers: Sequence[str], mapping: Mapping[int, str] | None = None) -> None:
        if len(headers) > MAX_COLUMNS:
            raise Refused(
                _("The file has %(count)d columns; at most 200 can be read. Leave out what is not a name, "
                  "email, phone or address.") % {"count": len(headers)}
            )  # fmt: skip
        self.headers = [cleaning.clean_text(header, 80) for header in headers]
        self.meanings = header_meanings(self.headers)
        for number, field in (mapping or {}).items():
            if 0 <= number < len(self.meanings):
                self.meanings[number] = HeaderMeaning(field)
        self.by_field: dict[str, list[int]] = {}
        for number, meaning in enumerate(self.meanings):
            self.by_field.setdefault(meaning.field, []).append(number)
        self.place_columns = self._place_columns()

    def _columns(self, *fields: str) -> list[int]:
        if len(fields) == 1:
            return self.by_field.get(fields[0], [])
        return [number for field in fields for number in self.by_field.get(field, ())]

    def _place_columns(self) -> list[dict[str, list[int]]]:
        groups: dict[str, dict[str, list[int]]] = {}
        for number in self._columns("street", "street2", "city", "state", "zip", "country", "formatted"):
            meaning = self.meanings[number]
            groups.setdefault(meaning.group, {}).setdefault(meaning.field, []).append(number)
        return [groups[group] for group in sorted(groups, key=group_rank)]

    def contact(self, line: int, cells: Sequence[str]) -> RawContact:
        """Return the contact of a row, values cleaned."""
        first, middle, last, suffix = self._name(cells)
        return RawContact(
            line=line,
            first=first,
            middle=middle,
            last=last,
            suffix=suffix,
            emails=cleaning.clean_emails(cells[number] for number in self._columns("email") if cells[number]),
            phones=cleaning.clean_phones(
                part for number in self._columns("phone") for part in _split_values(cells[number])
            ),
            places=tuple(dict.fromkeys(self._places(cells)))[:MAX_VALUES],
            birth_year=cleaning.birth_year(self._first(cells, "birthday")),
        )

    def is_shifted(self, cells: Sequence[str]) -> bool:
        """Return whether an email column holds other text, as after a stray comma."""
        return any(cells[number].strip() and "@" not in cells[number] for number in self._columns("email"))

    def _first(self, cells: Sequence[str], *fields: str) -> str:
        return next((cells[number] for number in self._columns(*fields) if cells[number].strip()), "")

    def _name(self, cells: Sequence[str]) -> tuple[str, str, str, str]:
        first, last = cleaning.clean_text(self._first(cells, "first")), cleaning.clean_text(self._first(cells, "last"))
        if not first and not last:
            return cleaning.split_name(self._first(cells, "full", "nickname", "display"))
        second = cleaning.clean_text(self._first(cells, "last2"))
        if not last:
            first, middle, last, suffix = cleaning.split_name(first) if " " in first else (first, "", "", "")
        else:
            middle, suffix = "", ""
        return (
            first or cleaning.clean_text(self._first(cells, "nickname")),
            middle or cleaning.clean_text(self._first(cells, "middle")),
            f"{last} {second}".strip(),
            suffix or cleaning.clean_suffix(self._first(cells, "suffix")),
        )

    def _places(self, cells: Sequence[str]) -> Iterator[PostalPlace]:
        for group in self.place_columns:
            parts = {field: _join_cells(cells, numbers) for field, numbers in group.items()}
            yield from _group_places(parts)


def _join_cells(cells: Sequence[str], numbers: list[int]) -> str:
    return ", ".join(cells[number].strip() for number in numbers if cells[number].strip())


def _split_values(cell: str) -> list[str]:
    """Return the values of a cell; Google joins several with " ::: "."""
    return cell.split(VALUE_SEPARATOR) if VALUE_SEPARATOR in cell else [cell]


def _group_places(parts: Mapping[str, str]) -> Iterator[PostalPlace]:
    written = [part for part in ("street", "city", "state", "zip") if parts.get(part)]
    if not written:
        yield from (
            cleaning.place_from_text(text) for text in _split_values(parts.get("formatted", "")) if text.strip()
        )
        return
    split = {field: _split_values(text) for field, text in parts.items()}
    for number in range(max(len(split[field]) for field in written)):
        values = {field: texts[number] if number < len(texts) else "" for field, texts in split.items()}
        street = " ".join(text for text in (values.get("street", ""), values.get("street2", "")) if text)
        if (written == ["street"] and "," in street) or "\n" in street:
            yield cleaning.place_from_text(street)
        else:
            yield cleaning.clean_place(
                street,
                values.get("city", ""),
                values.get("state", ""),
                values.get("zip", ""),
                values.get("country", ""),
            )


def _read_header(lines: Iterator[Line]) -> tuple[RecordReader, list[str]]:
    """Return the remaining records and the header: the first of the leading rows with a known column."""
    head: list[Line] = []
    for line in lines:
        if line.text.strip():
            head.append(line)
        if len(head) == HEADER_SEARCH_LINES:
            break
    if not head:
        raise Refused(_("The file is empty."))
    if not head[0].is_complete:
        raise Refused(_("The first row is longer than 64 kB: this is no table of contacts."))
    for number, line in enumerate(head):
        if count_known_headers(split_record(line.text, guess_delimiter(line.text)) or []):
            head = head[number:]
            break
    delimiter = guess_delimiter(head[0].text)
    records = RecordReader(lines, delimiter)
    records.pending.extend(head)
    header = next(iter(records))
    records.columns = len(header.cells)
    return records, header.cells


def read_table(lines: Iterator[Line], mapping: Mapping[int, str] | None = None) -> ParsedSource:
    """Parse a table; `mapping` (column number to field) supplements the headers."""
    records, headers = _read_header(lines)
    table = ContactTable(headers, mapping)
    parsed = ParsedSource("csv", dialect=detect_dialect(headers))
    collector = RowCollector(parsed)
    examples: dict[int, str] = {}
    for record in records:
        _add_record(record, table, collector, examples)
    parsed.columns = [
        TableColumn(number, header, table.meanings[number].field, cleaning.clean_text(examples.get(number, ""), 60))
        for number, header in enumerate(table.headers)
    ]
    return parsed


def _add_record(record: TableRecord, table: ContactTable, collector: RowCollector, examples: dict[int, str]) -> None:
    if record.error:
        collector.bad(record.line, record.error, record.cure, record.text)
        return
    if len(record.text) > MAX_ROW_CHARACTERS:
        collector.bad(record.line, _("The row is longer than 64 kB."), _("Shorten its notes."), record.text)
        return
    cells, expected = record.cells, len(table.headers)
    if len(cells) > expected and (any(cell.strip() for cell in cells[expected:]) or table.is_shifted(cells)):
        counts = {"got": len(cells), "wanted": expected}
        reason = _("%(got)d columns, the header has %(wanted)d.") % counts
        collector.bad(record.line, reason, _("Look for a stray comma or quote."), record.text)
        return
    if not any(cell.strip() for cell in cells):
        return
    cells = [*cells, *[""] * (expected - len(cells))]
    if len(examples) < expected:
        for number, cell in enumerate(cells[:expected]):
            if cell.strip():
                examples.setdefault(number, cell[:200])
    collector.add(table.contact(record.line, cells), record.text)


def detect_dialect(headers: Sequence[str]) -> str:
    """Return the program that exported a table, by its headers, or an empty string."""
    names = {normalize_header(header) for header in headers}
    if {"e mail 1 label", "e mail 1 value"} <= names or {"labels", "file as"} <= names:
        return "Google"
    if {"given name", "family name", "group membership"} <= names:
        return "Google (before 2024)"
    if {"given yomi", "surname yomi"} <= names:
        return "Outlook.com"
    if {"e mail type", "e mail display name"} <= names or {"government id number"} <= names:
        return "Outlook"
    return ""
