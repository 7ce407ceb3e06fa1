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
JOIN = "|"
# Signs with which a spreadsheet begins a formula, the full-width ones too.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
PHONES = re.compile(r"\+\d+(?:\|\+\d+)*\Z")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet computes: a leading apostrophe before what looks like a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def rows(owner: Any) -> Iterator[list[str]]:
    """Yield a row a contact, every contact once."""
    for contact in Contact.objects.of(owner).order_by("pk").iterator(chunk_size=500):
        yield row(contact)


def row(contact: Contact) -> list[str]:
    """Return the cells of a contact; of several addresses the first."""
    person = serialization.from_text(contact.data)
    place = person.places[0] if person.places else ("", "", "", "", "")
    phones = JOIN.join(person.phones)
    names = [person.first, person.middle, person.last, person.suffix, JOIN.join(person.emails)]
    rest = [*place[:4], contact.status, JOIN.join(contact.districts.values())]
    return [
        *map(safe_cell, names),
        phones if PHONES.match(phones) else safe_cell(phones),
        *map(safe_cell, rest),
    ]


class Writable(Protocol):
    """A file of text, or a response."""

    def write(self, text: str, /) -> object:
        """Take the next piece."""


def write(owner: Any, stream: Writable) -> int:
    """Write header and rows; returns how many contacts there were."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    written = 0
    for cells in rows(owner):
        writer.writerow(cells)
        written += 1
    return written
