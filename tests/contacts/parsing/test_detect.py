"""Every dialect yields the same people, and arbitrary input never fails."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.contacts.parsing import ParsedSource, RawContact, read_text
from apps.core.errors import Refused
from tests.contacts.dialects import DIALECTS, FRIENDS, Friend
from tests.contacts.helpers import read_bytes


def expected(friend: Friend) -> tuple[object, ...]:
    """Return the expected result of every dialect."""
    phone = (f"+1{friend.phone}",) if friend.phone else ()
    place = ((friend.street, friend.city, "HD", friend.zip),) if friend.city else ()
    name = (friend.first, friend.middle, friend.last, friend.suffix)
    return (*name, friend.emails, phone, place, friend.born[:4])


def seen(contact: RawContact) -> tuple[object, ...]:
    """Return the parsed people, without the country, which some dialects omit."""
    places = tuple(place[:4] for place in contact.places)
    name = (contact.first, contact.middle, contact.last, contact.suffix)
    return (*name, contact.emails, contact.phones, places, contact.birth_year)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_yields_the_same_people(name: str) -> None:
    parsed = read_bytes(DIALECTS[name](FRIENDS))
    assert not parsed.bad
    assert [seen(contact) for contact in parsed.contacts] == [expected(friend) for friend in FRIENDS]


@pytest.mark.parametrize("name", DIALECTS)
def test_many_people_are_counted_exactly(name: str) -> None:
    many = [FRIENDS[n % len(FRIENDS)]._replace(last=f"Lee{n}") for n in range(300)]
    parsed = read_bytes(DIALECTS[name](many))
    assert (len(parsed.contacts), len(parsed.bad)) == (300, 0)


def _check_rows(parsed: ParsedSource) -> None:
    for contact in parsed.contacts:
        assert contact.is_identifiable
        assert RawContact.from_data(contact.to_data()) == contact
        assert all("\n" not in value and len(value) <= 402 for value in (contact.first, contact.last, *contact.phones))
    assert all(bad.line > 0 and bad.reason for bad in parsed.bad)


TEXT = st.text(st.characters(exclude_categories=()), max_size=400) | st.text(' ,;"\n\t=:BEGINVCADx1@.', max_size=300)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600) | TEXT.map(lambda text: text.encode("utf-8", "replace")))
@example(b'Name,Email\r"\r"')
def test_any_bytes_yield_rows_or_a_refusal(data: bytes) -> None:
    for one in (data, b"Name,Email,Phone\n" + data, b"BEGIN:VCARD\nFN:A\n" + data + b"\nEND:VCARD\n"):
        try:
            _check_rows(read_bytes(one))
        except Refused:
            continue


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_any_pasted_text_yields_rows(text: str) -> None:
    try:
        _check_rows(read_text(text))
    except Refused:
        assert not text.strip() or "BEGIN:VCARD" in text.upper() or text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(DIALECTS)), st.integers(0, 10_000), st.binary(max_size=3))
def test_corruption_costs_few_rows(name: str, at: int, wound: bytes) -> None:
    data = DIALECTS[name]([FRIENDS[n % 4]._replace(last=f"Lee{n}") for n in range(40)])
    at = len(data) // 2 + at % (len(data) // 2)
    if name in {"google_old", "spanish"}:
        at, wound = at - at % 2, wound * 2  # UTF-16 shifted by one byte is another text
    parsed = read_bytes(data[:at] + wound + data[at:])
    _check_rows(parsed)
    assert len(parsed.contacts) >= 35
