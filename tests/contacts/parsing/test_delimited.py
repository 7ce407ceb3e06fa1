"""Delimited tables: detection, bad rows, limits."""

import pytest

from apps.core.errors import Refused
from tests.contacts.helpers import MEGABYTE, read_bytes


def test_a_quote_that_never_closes_costs_one_row() -> None:
    rows = ['Ann,"Lee,ann@example.org,', 'Bob,"Ray, Jr",bob@example.org,', 'Cy,Poe,cy@example.org,"a\nb"']
    parsed = read_bytes("\n".join(["First Name,Last Name,E-mail,Notes", *rows]).encode())
    assert [(bad.line, bad.reason) for bad in parsed.bad] == [(2, "A quote opens and never closes.")]
    assert [contact.first for contact in parsed.contacts] == ["Bob", "Cy"]
    assert [contact.line for contact in parsed.contacts] == [3, 4]


def test_a_row_with_too_many_columns_is_reported() -> None:
    parsed = read_bytes(b"Name,Email\nAnn Lee,ann@example.org\nBob, Ray,bob@example.org\n")
    assert [(bad.line, bad.reason) for bad in parsed.bad] == [(3, "3 columns, the header has 2.")]
    assert len(parsed.contacts) == 1


def test_an_unidentifiable_row_is_reported() -> None:
    parsed = read_bytes(b"Name,Email,Notes\n,,who was this\n,not a mail,\nAnn,,\n")
    assert [bad.line for bad in parsed.bad] == [2, 3]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("sep=;\nName;Email", "Ann Lee;ann@example.org"),
        ("My friends\n\nName,Email", "Ann Lee,ann@example.org"),
        ("name\temail", "Ann Lee\tann@example.org"),
        ("NAME|E_MAIL", "Ann Lee|ann@example.org"),
        ("Correo,Nombre y apellidos", "ann@example.org,Ann Lee"),
        ("Nom;Prénom;Courriel", "Lee;Ann;ann@example.org"),
        ("Name;Vorname;E-Mail", "Lee;Ann;ann@example.org"),
    ],
)
def test_delimiters_and_headers_are_detected(header: str, rows: str) -> None:
    only = read_bytes(f"{header}\n{rows}\n".encode()).contacts[0]
    assert (only.first, only.last, only.emails) == ("Ann", "Lee", ("ann@example.org",))


def test_an_unknown_table_needs_a_mapping() -> None:
    data = b"Wer,Erreichbar\nAnn Lee,ann@example.org\n"
    parsed = read_bytes(data)
    assert parsed.needs_mapping
    assert [column.example for column in parsed.columns] == ["Ann Lee", "ann@example.org"]
    only = read_bytes(data, {0: "full", 1: "email"}).contacts[0]
    assert (only.name, only.emails) == ("Ann Lee", ("ann@example.org",))


def test_numbers_of_rows_and_columns_are_limited() -> None:
    with pytest.raises(Refused, match="10,000"):
        read_bytes(b"Name\n" + b"Ann Lee\n" * 10_001)
    assert len(read_bytes(b"Name\n" + b"Ann Lee\n" * 10_000).contacts) == 10_000
    with pytest.raises(Refused, match="5000 columns"):
        read_bytes(b"Name" + b",x" * 4999 + b"\nAnn\n")


def test_a_field_of_a_megabyte_costs_one_row() -> None:
    parsed = read_bytes(b"Name,Notes\nAnn Lee," + b"x" * MEGABYTE + b"\nBob Ray,\n")
    assert [bad.line for bad in parsed.bad] == [2]
    assert [contact.first for contact in parsed.contacts] == ["Bob"]
