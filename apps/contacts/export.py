"""A member's contacts as CSV, with the columns that docs promise, safe against formulas."""

import csv
import re
from collections.abc import Iterator
from typing import Any, Protocol

from . import serialization
from .models import Contact

COLUMNS = (
    *("first_name", "middle_name", "last_name", "suffix", "emails", "phones"),
    *("address", "city", "state", "zip", "status", "districts"),
)
SEPARATOR = "|"
# Signs with which a spreadsheet begins a formula, the full-width ones too.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
PHONES = re.compile(r"\+\d+(?:\|\+\d+)*\Z")


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet computes: a leading apostrophe before what looks like a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def export_rows(owner: Any) -> Iterator[list[str]]:
    """Yield a row a contact, every contact once."""
    for contact in Contact.objects.of(owner).order_by("pk").iterator(chunk_size=500):
        yield export_row(contact)


def export_row(contact: Contact) -> list[str]:
    """Return the cells of a contact; of several addresses the first."""
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
    """A file of text, or a response."""

    def write(self, text: str, /) -> object:
        """Take the next piece."""


def write_csv(owner: Any, stream: TextWriter) -> int:
    """Write header and rows; returns how many contacts there were."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    written = 0
    for cells in export_rows(owner):
        writer.writerow(cells)
        written += 1
    return written
