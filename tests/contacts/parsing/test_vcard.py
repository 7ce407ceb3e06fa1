"""vCards: compared with vobject, bad cards, photos."""

import resource
from collections.abc import Iterator
from typing import Any

import vobject

from tests.contacts.dialects import DIALECTS, FRIENDS
from tests.contacts.helpers import MEGABYTE, read_bytes


def test_cards_parse_as_with_vobject() -> None:
    data = DIALECTS["icloud"](FRIENDS).decode()
    ours = read_bytes(data.encode()).contacts
    cards: Iterator[Any] = vobject.readComponents(data)  # the library's types do not declare `value`
    for contact, card in zip(ours, cards, strict=True):
        assert (contact.first, contact.last) == (card.n.value.given, card.n.value.family)
        assert list(contact.emails) == [mail.value for mail in card.contents.get("email", [])]


def test_a_bad_card_costs_one_row() -> None:
    data = b"BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Bob\nnonsense\nEND:VCARD\nBEGIN:VCARD\nN:;;;;\nEND:VCARD\n"
    parsed = read_bytes(data)
    assert [contact.first for contact in parsed.contacts] == ["Bob"]
    assert [bad.line for bad in parsed.bad] == [1, 7]


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_a_card_with_a_20_mb_photo_is_parsed() -> None:
    before = _peak_megabytes()
    card = (
        b"BEGIN:VCARD\r\nPHOTO;VALUE=uri:http://169.254.169.254/\r\nPHOTO:"
        + b"A" * 20 * MEGABYTE
        + b"\r\nFN:Ann\r\nEND:VCARD"
    )
    assert read_bytes(card).contacts[0].first == "Ann"
    assert _peak_megabytes() - before < 150


def test_deep_folding_and_cards_without_end() -> None:
    assert read_bytes(b"BEGIN:VCARD\nFN:A\n" + b" b\n" * 10_000 + b"END:VCARD\n").contacts
    parsed = read_bytes(b"BEGIN:VCARD\nFN:Ann\n" * 2000)
    assert (len(parsed.contacts), len(parsed.bad)) == (0, 2000)
