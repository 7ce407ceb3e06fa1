"""Pasted lists."""

import pytest

from apps.contacts.parsing import read_text


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Ann Lee, Springfield, 555-0101", "Ann Lee", {"phones": ("555-0101",), "city": "Springfield"}),
        ("Lee, Ann, Springfield", "Ann Lee", {"city": "Springfield"}),
        ("Ann Lee <ann@example.org>", "Ann Lee", {"emails": ("ann@example.org",)}),
        ("1. Ann Lee 919-555-0101 Tarn", "Ann Lee", {"phones": ("+19195550101",), "city": "Tarn"}),
        ("- Dr. Ann Lee (919) 555-0101 ann@example.org", "Ann Lee", {"phones": ("+19195550101",)}),
        ("Ann Lee\tann@example.org\t12 Main St, Tarn, HD 00417", "Ann Lee", {"zip": "00417", "street": "12 Main St"}),
        ("Ann de la Cruz Jr, Port Ansel HD 00417", "Ann de la Cruz Jr", {"city": "Port Ansel", "state": "HD"}),
        ("Ann Lee; 00417; born 1984", "Ann Lee", {"zip": "00417", "birth_year": "1984"}),
        ("Name: Ann Lee, Phone: 919.555.0101", "Ann Lee", {"phones": ("+19195550101",)}),
        ("Grandma", "Grandma", {}),
        ("ann@example.org", "", {"emails": ("ann@example.org",)}),
    ],
)
def test_pasted_lines_are_recognized(text: str, name: str, rest: dict[str, object]) -> None:
    only = read_text(text).contacts[0]
    place = only.places[0]._asdict() if only.places else {}
    assert only.name == name
    for key, value in rest.items():
        assert getattr(only, key, place.get(key)) == value


def test_a_pasted_recipient_list_is_several_people() -> None:
    parsed = read_text("Ann Lee <ann@example.org>, Bob Ray <bob@example.org>; cy@example.org <cy@example.org>\n")
    assert [contact.emails[0] for contact in parsed.contacts] == [
        "ann@example.org",
        "bob@example.org",
        "cy@example.org",
    ]


def test_a_pasted_table_is_parsed_as_one() -> None:
    assert read_text("Name\tEmail\nAnn Lee\tann@example.org").contacts[0].name == "Ann Lee"
