"""Exports a member's contacts as CSV with documented columns, safe against spreadsheet formulas."""

import csv
import re
from collections.abc import Iterator
from typing import Protocol

from apps.accounts.models import User
from apps.core.csv_safe import FORMULA

from . import serialization
from .models import Contact

COLUMNS = (
    *("first_name", "middle_name", "last_name", "suffix", "emails", "phones"),
    *("address", "city", "state", "zip", "status", "districts"),
)
SEPARATOR = "|"
PHONES = re.compile(r"\+\d+(?:\|\+\d+)*\Z")


def escape_formula(text: str) -> str:
    """Return the cell text with a leading apostrophe if a spreadsheet would read it as a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def export_rows(owner: User) -> Iterator[list[str]]:
    """Yield one row per contact, in order of import."""
    for contact in Contact.objects.owned_by(owner).order_by("pk").iterator(chunk_size=500):
        yield export_row(contact)


def export_row(contact: Contact) -> list[str]:
    """Return the cells of a contact in the order of `COLUMNS`; of several addresses only the first."""
    person = serialization.load_contact(contact.data)
    place = person.places[0] if person.places else ("", "", "", "", "")
    phones = SEPARATOR.join(person.phones)
    names = [person.first, person.middle, person.last, person.suffix, SEPARATOR.join(person.emails)]
    rest = [*place[:4], contact.status, SEPARATOR.join(contact.districts.values())]
    return [
        *map(escape_formula, names),
        phones if PHONES.match(phones) else escape_formula(phones),
        *map(escape_formula, rest),
    ]


class TextWriter(Protocol):
    """Describe what CSV is written to: a text file or an HTTP response."""

    def write(self, text: str, /) -> object:
        """Write text."""


def write_csv(owner: User, stream: TextWriter) -> int:
    """Write header and rows; return the number of contacts."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    written = 0
    for cells in export_rows(owner):
        writer.writerow(cells)
        written += 1
    return written
