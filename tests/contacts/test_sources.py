"""Every dialect gives the same people; what is broken stays where it is."""

import gzip
import io
import resource
import sys
import zipfile
from pathlib import Path

import pytest
import vobject
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.contacts.parsing import Parsed, RawContact, read_text, sandbox_worker
from apps.contacts.parsing.cleaning import as_written
from apps.contacts.parsing.detect import read_bytes
from apps.contacts.parsing.sandbox import read_bounded
from apps.core.errors import Refused

from .dialects import DIALECTS, FRIENDS, Friend


def expected(friend: Friend) -> tuple[object, ...]:
    """Return what has to come out of every dialect."""
    phone = (f"+1{friend.phone}",) if friend.phone else ()
    place = ((friend.street, friend.city, "HD", friend.zip),) if friend.city else ()
    name = (friend.first, friend.middle, friend.last, friend.suffix)
    return (*name, friend.emails, phone, place, friend.born[:4])


def seen(contact: RawContact) -> tuple[object, ...]:
    """Return what came out, without the country, which some dialects leave out."""
    places = tuple(place[:4] for place in contact.places)
    name = (contact.first, contact.middle, contact.last, contact.suffix)
    return (*name, contact.emails, contact.phones, places, contact.birth_year)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_the_same_people(name: str) -> None:
    parsed = read_bytes(DIALECTS[name](FRIENDS))
    assert not parsed.bad
    assert [seen(contact) for contact in parsed.contacts] == [expected(friend) for friend in FRIENDS]


@pytest.mark.parametrize("name", DIALECTS)
def test_many_people_are_counted_exactly(name: str) -> None:
    many = [FRIENDS[n % len(FRIENDS)]._replace(last=f"Lee{n}") for n in range(300)]
    parsed = read_bytes(DIALECTS[name](many))
    assert (len(parsed.contacts), len(parsed.bad)) == (300, 0)


def test_our_cards_read_like_the_library_reads_them() -> None:
    data = DIALECTS["icloud"](FRIENDS).decode()
    ours = read_bytes(data.encode()).contacts
    for contact, card in zip(ours, vobject.readComponents(data), strict=True):
        assert (contact.first, contact.last) == (card.n.value.given, card.n.value.family)
        assert list(contact.emails) == [mail.value for mail in card.contents.get("email", [])]


def test_a_quote_that_never_closes_costs_one_row() -> None:
    rows = ['Ann,"Lee,ann@example.org,', 'Bob,"Ray, Jr",bob@example.org,', 'Cy,Poe,cy@example.org,"a\nb"']
    parsed = read_bytes("\n".join(["First Name,Last Name,E-mail,Notes", *rows]).encode())
    assert [(bad.line, bad.reason) for bad in parsed.bad] == [(2, "A quote opens and never closes.")]
    assert [contact.first for contact in parsed.contacts] == ["Bob", "Cy"]
    assert [contact.line for contact in parsed.contacts] == [3, 4]


def test_a_row_with_too_many_columns_is_named() -> None:
    parsed = read_bytes(b"Name,Email\nAnn Lee,ann@example.org\nBob, Ray,bob@example.org\n")
    assert [(bad.line, bad.reason) for bad in parsed.bad] == [(3, "3 columns, the header has 2.")]
    assert len(parsed.contacts) == 1


def test_a_row_without_anybody_is_named() -> None:
    parsed = read_bytes(b"Name,Email,Notes\n,,who was this\n,not a mail,\nAnn,,\n")
    assert [bad.line for bad in parsed.bad] == [2, 3]


def test_one_bad_card_stops_nobody() -> None:
    data = b"BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Bob\nnonsense\nEND:VCARD\nBEGIN:VCARD\nN:;;;;\nEND:VCARD\n"
    parsed = read_bytes(data)
    assert [contact.first for contact in parsed.contacts] == ["Bob"]
    assert [bad.line for bad in parsed.bad] == [1, 7]


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
def test_tables_of_any_kind(header: str, rows: str) -> None:
    only = read_bytes(f"{header}\n{rows}\n".encode()).contacts[0]
    assert (only.first, only.last, only.emails) == ("Ann", "Lee", ("ann@example.org",))


def test_a_mixture_of_encodings_is_read() -> None:
    data = "Name,Email\nJosé Muñoz,a@example.org\n".encode() + "Zoë Brandt – Osei,b@example.org\n".encode("cp1252")
    assert [contact.name for contact in read_bytes(data).contacts] == ["José Muñoz", "Zoë Brandt Osei"]


def test_an_unknown_table_asks_for_a_mapping() -> None:
    data = b"Wer,Erreichbar\nAnn Lee,ann@example.org\n"
    parsed = read_bytes(data)
    assert parsed.needs_mapping
    assert [column.example for column in parsed.columns] == ["Ann Lee", "ann@example.org"]
    only = read_bytes(data, {0: "full", 1: "email"}).contacts[0]
    assert (only.name, only.emails) == ("Ann Lee", ("ann@example.org",))


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
def test_pasted_lines_of_many_shapes(text: str, name: str, rest: dict[str, object]) -> None:
    only = read_text(text).contacts[0]
    place = only.places[0]._asdict() if only.places else {}
    assert only.name == name
    for key, value in rest.items():
        assert getattr(only, key, place.get(key)) == value


def test_a_pasted_line_of_a_mail_program_is_several_people() -> None:
    parsed = read_text("Ann Lee <ann@example.org>, Bob Ray <bob@example.org>; cy@example.org <cy@example.org>\n")
    assert [contact.emails[0] for contact in parsed.contacts] == [
        "ann@example.org",
        "bob@example.org",
        "cy@example.org",
    ]


def test_a_pasted_table_is_a_table() -> None:
    assert read_text("Name\tEmail\nAnn Lee\tann@example.org").contacts[0].name == "Ann Lee"


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n\n", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, b"%PDF-1.7 ...", gzip.compress(b"Name\nAnn", mtime=0),
     b"<!DOCTYPE html><p>", b"<svg xmlns='x'/>", bytes(range(1, 9)) * 99],
)  # fmt: skip
def test_what_is_no_contact_file_is_refused_by_its_content(data: bytes) -> None:
    with pytest.raises(Refused):
        read_bytes(data)


def test_a_zip_named_csv_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("contacts.csv", "Name\nAnn")
    with pytest.raises(Refused, match="zip"):
        read_bytes(out.getvalue())


class Endless(io.RawIOBase):
    """A file of so many bytes that is never all in memory."""

    def __init__(self, head: bytes, body: bytes, size: int) -> None:
        self.head, self.body, self.left = head, body, size

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if self.head:
            head, self.head = self.head, b""
            return head
        size = min(self.left, max(size, 0))
        self.left -= size
        return (self.body * (size // len(self.body) + 1))[:size]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


MEGA = 1024 * 1024


def test_limits_hold_in_bounded_memory() -> None:
    from apps.contacts.parsing import read_file

    before = _peak()
    with pytest.raises(Refused, match="100 MB"):
        read_file(Endless(b"Name,Photo\n", b"x" * 1000, 101 * MEGA))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="10,000"):
        read_file(Endless(b"Name,Photo\n", b'"a\n', 101 * MEGA))  # type: ignore[arg-type]
    card = Endless(b"BEGIN:VCARD\nFN:Ann\nPHOTO:", b"A" * 1000, 60 * MEGA)
    assert [bad.line for bad in read_file(card).bad] == [1]  # type: ignore[arg-type]
    assert _peak() - before < 100


def test_a_card_with_a_photo_of_20_mb_is_read() -> None:
    before = _peak()
    card = (
        b"BEGIN:VCARD\r\nPHOTO;VALUE=uri:http://169.254.169.254/\r\nPHOTO:"
        + b"A" * 20 * MEGA
        + b"\r\nFN:Ann\r\nEND:VCARD"
    )
    assert read_bytes(card).contacts[0].first == "Ann"
    assert _peak() - before < 150


def test_deep_folding_and_cards_without_end() -> None:
    assert read_bytes(b"BEGIN:VCARD\nFN:A\n" + b" b\n" * 10_000 + b"END:VCARD\n").contacts
    parsed = read_bytes(b"BEGIN:VCARD\nFN:Ann\n" * 2000)
    assert (len(parsed.contacts), len(parsed.bad)) == (0, 2000)


def test_numbers_of_rows_and_columns_are_limited() -> None:
    with pytest.raises(Refused, match="10,000"):
        read_bytes(b"Name\n" + b"Ann Lee\n" * 10_001)
    assert len(read_bytes(b"Name\n" + b"Ann Lee\n" * 10_000).contacts) == 10_000
    with pytest.raises(Refused, match="5000 columns"):
        read_bytes(b"Name" + b",x" * 4999 + b"\nAnn\n")


def test_a_field_of_a_megabyte_costs_one_row() -> None:
    parsed = read_bytes(b"Name,Notes\nAnn Lee," + b"x" * MEGA + b"\nBob Ray,\n")
    assert [bad.line for bad in parsed.bad] == [2]
    assert [contact.first for contact in parsed.contacts] == ["Bob"]


def test_control_signs_and_tricks_in_names_are_dropped() -> None:
    only = read_bytes("Name,Email\nA\u202enn\x00 L\x07ee,a@example.org\n".encode()).contacts[0]
    assert only.name == "Ann L ee"


def _sound(parsed: Parsed) -> None:
    for contact in parsed.contacts:
        assert contact.says_who
        assert RawContact.from_data(contact.to_data()) == contact
        assert all("\n" not in value and len(value) <= 402 for value in (contact.first, contact.last, *contact.phones))
    assert all(bad.line > 0 and bad.reason for bad in parsed.bad)


TEXT = st.text(st.characters(exclude_categories=()), max_size=400) | st.text(' ,;"\n\t=:BEGINVCADx1@.', max_size=300)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600) | TEXT.map(lambda text: text.encode("utf-8", "replace")))
@example(b'Name,Email\r"\r"')
def test_any_bytes_end_in_rows_or_a_refusal(data: bytes) -> None:
    for one in (data, b"Name,Email,Phone\n" + data, b"BEGIN:VCARD\nFN:A\n" + data + b"\nEND:VCARD\n"):
        try:
            _sound(read_bytes(one))
        except Refused:
            continue


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_any_pasted_text_ends_in_rows(text: str) -> None:
    try:
        _sound(read_text(text))
    except Refused:
        assert not text.strip() or "BEGIN:VCARD" in text.upper() or text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(DIALECTS)), st.integers(0, 10_000), st.binary(max_size=3))
def test_a_wound_anywhere_in_a_file_costs_few_rows(name: str, at: int, wound: bytes) -> None:
    data = DIALECTS[name]([FRIENDS[n % 4]._replace(last=f"Lee{n}") for n in range(40)])
    at = len(data) // 2 + at % (len(data) // 2)
    if name in {"google_old", "spanish"}:
        at, wound = at - at % 2, wound * 2  # UTF-16 moved by one byte is another text
    parsed = read_bytes(data[:at] + wound + data[at:])
    _sound(parsed)
    assert len(parsed.contacts) >= 35


class Spooled(io.BytesIO):
    """A file in memory; it has no descriptor."""


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_large_file_is_read_in_a_process_of_its_own(tmp_path: Path, on_disk: bool) -> None:
    rows = "".join(f"José{n},Muñoz{n},j{n}@example.org,{'x' * 200}\n" for n in range(9_000))
    data = f"First Name,Last Name,E-mail,Notes\n{rows}Bob,Ray,,,too,many\n".encode()
    path = tmp_path / "large.csv"
    path.write_bytes(data)
    with path.open("rb") as file:
        parsed = read_bounded(file if on_disk else Spooled(data))
    here = read_bytes(data)
    assert (parsed.kind, parsed.contacts, parsed.bad, parsed.columns) == ("csv", here.contacts, here.bad, here.columns)


def test_a_refusal_in_the_child_is_the_same_refusal_in_the_readers_language() -> None:
    with translation.override("es"), pytest.raises(Refused, match="10"):
        read_bounded(
            io.BytesIO(b"Name,Notes\n" + b"Ann Lee,met at the fair and owes me a pie, or so she says\n" * 20_000)
        )


@pytest.mark.parametrize("limit", ["MOST_MEMORY", "MOST_SECONDS"])
def test_a_file_that_takes_too_much_costs_the_child_alone(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = "import resource; " + (
        "resource.setrlimit(resource.RLIMIT_AS, (4 * 10**8, 4 * 10**8)); x = bytearray(10**9)"
        if limit == "MOST_MEMORY"
        else "resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); [None for _ in iter(int, 1)]"
    )
    shim = tmp_path / "python"
    shim.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{bomb}'\n")
    shim.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(shim))
    with pytest.raises(Refused, match="too much memory or time"):
        read_bounded(io.BytesIO(b"Name\n" + b"x" * 2_000_000))


def test_a_photo_of_60_mb_is_read_within_the_childs_memory() -> None:
    assert sandbox_worker.MOST_MEMORY <= 300 * MEGA  # the kernel holds the child to it
    data = b"BEGIN:VCARD\r\nFN:Ann Lee\r\nPHOTO:" + b"A" * (60 * MEGA) + b"\r\nEND:VCARD\r\n"
    assert read_bounded(io.BytesIO(data)).contacts[0].name == "Ann Lee"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+19195550101", "(919) 555-0101"),
        ("+442079460958", "+44 20 7946 0958"),
        ("5550134", "555-0134"),
        ("ext", "ext"),
    ],
)
def test_a_phone_is_shown_as_people_write_it(kept: str, shown: str) -> None:
    assert as_written(kept) == shown
