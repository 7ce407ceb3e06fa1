"""Offices and addresses in Google's format."""

import pytest

from apps.api.civicinfo.offices import parse_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2421 Rayburn House Office Building Washington DC 20515-0501",
         {"line1": "2421 Rayburn House Office Building", "city": "Washington", "state": "DC", "zip": "20515-0501"}),
        ("300 N Salisbury St, Room 2104; Raleigh, NC 27603-5925",
         {"line1": "300 N Salisbury St, Room 2104", "city": "Raleigh", "state": "NC", "zip": "27603-5925"}),
        ("State Capitol", {"line1": "State Capitol"}),
        ("PO Box 12 Anytown QX 00501", {"line1": "PO Box 12 Anytown QX 00501"}),
    ],
)  # fmt: skip
def test_an_office_address_is_parsed_where_possible(text: str, parts: dict[str, str]) -> None:
    assert parse_address(text) == parts
