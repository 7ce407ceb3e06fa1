"""Parses tables of any dialect: header, columns, rows, bad rows. A sample of rows decides on unknown columns."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from django.utils.translation import gettext as _

from .column_inference import SAMPLE_ROWS, guess_fields, holds_phones
from .contact_table import ContactTable
from .decoding import Line
from .header_row import TableStart, start_table
from .headers import header_meanings, is_group_alone, normalize_header
from .record_reader import TableRecord
from .text import clean_text, unwrap_formula
from .types import (
    DEFAULT_CHOICES,
    MAX_COLUMNS,
    MAX_ROW_CHARACTERS,
    ParsedSource,
    RowCollector,
    TableChoices,
    TableColumn,
)


def read_table(lines: Iterator[Line], choices: TableChoices = DEFAULT_CHOICES) -> ParsedSource:
    """Parse a table; what its owner states supplements the headers."""
    start = start_table(lines, choices.has_header)
    records = iter(start.records)
    sample = list(islice(records, SAMPLE_ROWS))
    guessed = _guess(start, [record.cells for record in sample if not record.error])
    table = ContactTable(start.headers, {**guessed, **choices.fields}, choices.date_order)
    parsed = ParsedSource("csv", dialect=detect_dialect(start.headers), has_header=start.has_header)
    parsed.is_guessed = not start.has_header and not choices.fields
    collector = RowCollector(parsed)
    examples: dict[int, str] = {}
    for record in chain(sample, records):
        _add_record(record, table, collector, examples, start.headers)
    table.years.settle(parsed)
    parsed.columns = [
        TableColumn(number, header, table.meanings[number].field, clean_text(examples.get(number, ""), 60))
        for number, header in enumerate(table.headers)
    ]
    return parsed


def _guess(start: TableStart, rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the fields that only the values show: all of a table without a header, phones headed "Home" or "Other"."""
    if len(start.headers) > MAX_COLUMNS:
        return {}
    if not start.has_header:
        return guess_fields(rows, len(start.headers))
    unknown = [number for number, meaning in enumerate(header_meanings(start.headers)) if not meaning.field]
    return {
        number: "phone" for number in unknown if is_group_alone(start.headers[number]) and holds_phones(rows, number)
    }


def _add_record(
    record: TableRecord,
    table: ContactTable,
    collector: RowCollector,
    examples: dict[int, str],
    headers: Sequence[str],
) -> None:
    if record.error:
        collector.bad(record.line, record.error, record.cure, record.text)
        return
    if len(record.text) > MAX_ROW_CHARACTERS:
        collector.bad(record.line, _("The row is longer than 64 kB."), _("Shorten its notes."), record.text)
        return
    cells, expected = _cells(record, len(table.headers)), len(table.headers)
    if cells == list(headers) and collector.parsed.has_header:
        return  # the header again, where files were joined
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
    table.add_row(record.line, cells, collector, record.text)


def _cells(record: TableRecord, expected: int) -> list[str]:
    """Return the cells of a record; of a list of names, `Lee, Ann` is one cell."""
    cells = [unwrap_formula(cell) for cell in record.cells] if '="' in record.text else record.cells
    return [", ".join(cell.strip() for cell in cells if cell.strip())] if expected == 1 else cells


def detect_dialect(headers: Sequence[str]) -> str:
    """Return the program that exported a table, by its headers, or an empty string."""
    names = {normalize_header(header) for header in headers}
    return next((program for program, marks in DIALECTS if marks <= names), "")


# In order of specificity: headers that only one program writes.
DIALECTS: tuple[tuple[str, set[str]], ...] = (
    ("Google", {"e mail 1 label", "e mail 1 value"}),
    ("Google", {"labels", "file as"}),
    ("Google (before 2024)", {"given name", "family name", "group membership"}),
    ("Outlook.com", {"given yomi", "surname yomi"}),
    ("Outlook", {"e mail type", "e mail display name"}),
    ("Outlook", {"government id number"}),
    ("Yahoo", {"yahoo phone"}),
    ("Yahoo", {"messenger id", "distribution lists"}),
    ("LinkedIn", {"connected on", "position"}),
    ("NationBuilder", {"nationbuilder id"}),
    ("Action Network", {"subscription status", "uuid"}),
    ("VAN", {"voter file vanid"}),
    ("EveryAction", {"vanid"}),
    ("CiviCRM", {"internal contact id"}),
    ("CiviCRM", {"contact type", "sort name"}),
    ("WhatsApp", {"saved name", "phone number"}),
)
