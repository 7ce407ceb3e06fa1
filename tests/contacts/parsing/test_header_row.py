"""Where a table starts: header, preamble, or a person."""

import pytest

from tests.contacts.helpers import read_bytes


@pytest.mark.parametrize(
    "preamble",
    [
        b"Exported on 1/2/2026\n\n",
        b"sep=,\n",
        b"My contacts\nfrom my phone, with notes\n",
        b"a\n" * 500,
        b"\xef\xbb\xbf\n",
    ],
)
def test_a_header_is_found_below_any_preamble(preamble: bytes) -> None:
    parsed = read_bytes(preamble + b"Name,Email\nAnn Lee,ann@example.org\n")
    assert [contact.name for contact in parsed.contacts] == ["Ann Lee"]
    assert parsed.has_header


@pytest.mark.parametrize(
    "rows", [b"Ann,Home,701-555-0101\n", b"Ann,Lee,1980-03-04\nBob,Ray,1981-03-04\n", b"Ann Lee,ann@example.org\n"]
)
def test_a_row_with_values_is_a_person(rows: bytes) -> None:
    parsed = read_bytes(rows)
    assert not parsed.has_header
    assert parsed.contacts[0].line == 1
    assert parsed.contacts[0].first == "Ann"


def test_a_header_in_unknown_words_is_no_person() -> None:
    parsed = read_bytes(b"Wer,Erreichbar\nAnn Lee,ann@example.org\n")
    assert parsed.has_header
    assert parsed.needs_mapping
