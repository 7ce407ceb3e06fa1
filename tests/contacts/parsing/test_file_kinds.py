"""Kinds of contact files that importers get wrong: every person, phone and address is read, and nothing else."""

import pytest

from apps.contacts.parsing import RawContact
from tests.contacts.card_kinds import CARDS
from tests.contacts.file_kinds import FileKind
from tests.contacts.helpers import read_bytes
from tests.contacts.table_kinds import TABLES


def _written(contact: RawContact) -> str:
    """Return a contact as `file_kinds` writes people."""
    place = ", ".join(contact.places[0][:4]) if contact.places else ""
    names = (contact.first, contact.middle, contact.last, contact.suffix)
    return "|".join((*names, " ".join(contact.emails), " ".join(contact.phones), place, contact.birth_year))


@pytest.mark.parametrize("kind", [*CARDS, *TABLES], ids=lambda kind: kind.name)
def test_a_file_is_read_whole(kind: FileKind) -> None:
    parsed = read_bytes(kind.data)
    assert not parsed.bad
    assert [_written(contact).rstrip("|") for contact in parsed.contacts] == [text.rstrip("|") for text in kind.people]
    assert tuple(entry.kind for entry in parsed.skipped) == kind.skipped


def test_what_is_dropped_is_counted_by_column_and_form() -> None:
    data = b"Name,Cell,Birthday\nAnn Lee,1.70156E+10,1980-03-04\nBob Ray,0000000000,soon\nCy Poe,n/a,\n"
    parsed = read_bytes(data)
    unread = {column: (dict(values.forms), values.lines) for column, values in parsed.unread.items()}
    assert unread == {"Cell": ({"9.99999A+99": 1, "9999999999": 1}, [2, 3]), "Birthday": ({"AAAA": 1}, [3])}
    assert [contact.birth_year for contact in parsed.contacts] == ["1980", "", ""]


def test_dates_that_do_not_show_their_order_are_not_guessed() -> None:
    parsed = read_bytes(b"Name,Birthday\nA Bo,010203\nC Do,020304\n")
    assert parsed.unsettled_dates == ["Birthday"]
    assert [contact.birth_year for contact in parsed.contacts] == ["", ""]


def test_a_file_without_header_says_that_its_columns_are_guessed() -> None:
    parsed = read_bytes(b"Ann,Lee,ann@example.org\n")
    assert (parsed.has_header, parsed.is_guessed) == (False, True)
    assert [column.field for column in parsed.columns] == ["first", "last", "email"]
    assert not read_bytes(b"Ann,Lee,ann@example.org\n", {0: "last", 1: "first"}).is_guessed
