"""Mutated contact files: whatever a file holds, the parsers return rows or a refusal, in bounded time."""

import random
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from apps.contacts.parsing import ParsedSource, RawContact
from apps.core.errors import Refused
from tests.contacts.card_kinds import CARDS
from tests.contacts.dialects import DIALECTS, FRIENDS
from tests.contacts.helpers import read_bytes
from tests.contacts.table_kinds import TABLES

SEEDS = [kind.data[:6000] for kind in (*CARDS, *TABLES)] + [write(FRIENDS) for write in DIALECTS.values()]
PIECES = (
    *(b'"', b",", b";", b"\n", b"\r", b"\r\n ", b"\t", b"\x00", b"=", b"=\r\n", b"\\", b":", b"::", b"|", b" ::: "),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\x8e", b"\xc3", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"e\xcc\x81"),
    *(b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"KIND:org\n", b"N:;;;;\n", b"BDAY:\n"),
    *(b"99999999999999999999", b"1E308", b"0/0/0", b"-1", b"+" * 40, b"(" * 40, b"=ZZ", b'="'),
    *(b"CHARSET=utf-16:", b"CHARSET=rot13:", b"ENCODING=B:", b";QUOTED-PRINTABLE:"),
)
MAX_SECONDS = 5.0


def _mutate(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to eight changes: bytes replaced, inserted, repeated, cut, or another file appended."""
    for _change in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 2, 5, 40, 400)))
        match chance.randrange(6):
            case 0:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + chance.choice(PIECES) + data[at:]
            case 2:
                data = data[:at] + data[end:]
            case 3:
                data = data[:at] + data[at:end] * chance.randint(2, 30) + data[end:]
            case 4:
                data = data[:at] + chance.choice(SEEDS)[chance.randrange(400) :]
            case _:
                data = data.replace(chance.choice((b",", b";", b"\n", b":", b'"', b" ")), chance.choice(PIECES), 20)
        data = data[:60_000]
    return data


def mutated_files(count: int, seed: int) -> Iterator[bytes]:
    """Yield mutated files, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        yield _mutate(SEEDS[number % len(SEEDS)], chance)


def _check(parsed: ParsedSource) -> None:
    for contact in parsed.contacts:
        assert contact.is_identifiable
        assert RawContact.from_data(contact.to_data()) == contact
        values = (
            contact.name,
            *contact.emails,
            *contact.phones,
            contact.birth_year,
            *(p for a in contact.places for p in a),
        )
        assert all("\n" not in value and "\x00" not in value for value in values)
        for value in values:
            value.encode()  # no lone surrogates
    assert all(row.line > 0 and row.reason for row in parsed.bad)
    assert all(entry.line > 0 and entry.kind for entry in parsed.skipped)


def _fuzz(count: int, seed: int) -> None:
    for data in mutated_files(count, seed):
        start = time.thread_time()
        with suppress(Refused):
            _check(read_bytes(data))
        assert time.thread_time() - start < MAX_SECONDS, data[:300]


def test_mutated_files_yield_rows_or_a_refusal() -> None:
    _fuzz(300, 1)


@pytest.mark.slow
def test_five_thousand_mutated_files_yield_rows_or_a_refusal() -> None:
    _fuzz(5_000, 2)
