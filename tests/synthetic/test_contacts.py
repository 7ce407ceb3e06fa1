"""Contact files: each dialect as its program writes it."""

import csv
import io
import quopri
import re
from collections import Counter
from pathlib import Path

import vobject

from apps.contacts.parsing import read_file, read_text
from apps.synthetic.contacts import columns, vcards
from apps.synthetic.sample import SampledVoter
from apps.synthetic.state import make_state

from .conftest import AS_OF, GeneratedState


def text(generated: GeneratedState, name: str, encoding: str = "utf-8") -> str:
    return (generated.path / "contacts" / name).read_bytes().decode(encoding)


def rows(generated: GeneratedState, name: str, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(generated, name, encoding), newline=""), delimiter=delimiter))


def test_the_main_file_has_212_contacts_and_those_the_pages_show(generated: GeneratedState) -> None:
    book = rows(generated, "google_new.csv", "utf-8-sig")
    assert text(generated, "google_new.csv").startswith("\ufeffFirst Name,Middle Name,Last Name,")
    assert len(book) == 212
    assert [row["First Name"] for row in book[:3]] == ["Abena", "Luis", "Grandma"]
    assert book[1]["Phone 2 - Value"] == "(701) 555-0151"
    nameless = [row for row in book if not row["Last Name"]]
    assert 9 <= len(nameless) <= 12
    assert any("\n" in row["Notes"] for row in book)


def test_headers_are_those_of_the_programs(generated: GeneratedState) -> None:
    assert len(columns.OUTLOOK_DESKTOP) == 92
    assert len(columns.OUTLOOK_COM) == 61
    for name, header, encoding, delimiter in (
        ("google_old.csv", columns.GOOGLE_OLD, "utf-8", ","),
        ("outlook_com.csv", columns.OUTLOOK_COM, "utf-8-sig", ","),
        ("outlook_desktop.csv", columns.OUTLOOK_DESKTOP, "cp1252", ","),
        ("spanish.csv", columns.SPANISH, "cp1252", ";"),
        ("semicolon.csv", columns.PLAIN, "utf-8", ";"),
        ("tab.txt", columns.PLAIN, "utf-16", "\t"),
    ):
        read = rows(generated, name, encoding, delimiter)
        assert list(read[0]) == header
        assert len(read) == generated.manifest["rows"][f"contacts/{name}"] == 48
        assert all(None not in row and None not in row.values() for row in read)


def test_outlook_writes_noughts_for_no_date(generated: GeneratedState) -> None:
    birthdays = {row["Birthday"] for row in rows(generated, "outlook_desktop.csv", "cp1252")}
    assert "0/0/00" in birthdays
    assert any(re.fullmatch(r"\d+/\d+/(19|20)\d\d", day) for day in birthdays)


def test_most_contacts_are_on_the_roll_and_a_quarter_is_not(generated: GeneratedState) -> None:
    known = {(r["first_name"], r["last_name"]) for r in generated.generic}
    book = rows(generated, "google_new.csv", "utf-8-sig")
    found = sum((row["First Name"], row["Last Name"]) in known for row in book)
    assert 0.35 < found / len(book) < 0.85


def test_friends_live_close_together(generated: GeneratedState) -> None:
    cities = Counter(row["Address 1 - City"] for row in rows(generated, "google_new.csv", "utf-8-sig"))
    assert cities["Port Ansel"] > 50
    assert len(cities) > 15


def test_a_large_address_book_can_be_requested(tmp_path: Path) -> None:
    summary = make_state(tmp_path / "out", 2000, 1, as_of=AS_OF, contacts=1500, layouts=("generic",))
    book = rows(GeneratedState(tmp_path / "out"), "google_new.csv", "utf-8-sig")
    assert len(book) == summary.rows["contacts/google_new.csv"] == 1500


def test_the_broken_file_has_exactly_two_bad_rows(generated: GeneratedState) -> None:
    lines = text(generated, "broken.csv").strip().split("\r\n")
    wide = [n for n, line in enumerate(lines) if len(next(csv.reader([line]))) > 40]
    open_quote = [n for n, line in enumerate(lines) if line.count('"') % 2]
    assert len(lines) == 49
    assert len(wide) == len(open_quote) == 1
    assert wide != open_quote


def test_apple_cards_are_folded_carry_photos_and_can_be_read(generated: GeneratedState) -> None:
    cards = text(generated, "apple.vcf")
    assert max(len(line.encode()) for line in cards.split("\r\n")) <= 75
    assert cards.count("PHOTO;ENCODING=b;TYPE=JPEG:") == 12
    assert "item1.X-ABLabel:_$!<Home>!$_" in cards
    assert "\r\nFN:\r\n" in cards
    read = list(vobject.readComponents(cards))
    assert len(read) == 48
    assert any(card.n.value.family for card in read)
    photo = next(card.photo.value for card in read if hasattr(card, "photo"))
    assert photo.startswith(b"\xff\xd8\xff")


def test_google_cards_can_be_read(generated: GeneratedState) -> None:
    read = list(vobject.readComponents(text(generated, "google.vcf")))
    assert len(read) == 48
    assert all(card.categories.value == ["myContacts"] for card in read)


def test_android_cards_are_2_1_and_one_breaks_off(generated: GeneratedState) -> None:
    cards = text(generated, "android.vcf")
    assert cards.count("BEGIN:VCARD") == 48
    assert cards.count("END:VCARD") == 47
    assert cards.count("VERSION:2.1") == 48
    assert cards.isascii()
    quoted = re.findall(r"ENCODING=QUOTED-PRINTABLE:((?:.*=\r\n)*.*)\r\n", cards)
    assert quoted
    assert all(value.isascii() for value in quoted)


def test_quoted_printable_gives_back_accents_and_line_ends() -> None:
    friend = SampledVoter("José", "Muñoz", phones=("7015550100",), note="two lines\nof notes, " + "long " * 30)
    card = vcards.android([friend, SampledVoter("Ann", "Lee")])
    assert "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;Jos=C3=A9;;;" in card
    note = re.search(r"NOTE;\S+?:((?:.*=\r\n)*.*)\r\n", vcards.android([SampledVoter("Ann", "Lee"), friend, friend]))
    assert note
    assert note[1].count("=\r\n") >= 2
    assert quopri.decodestring(note[1].encode()).decode().replace("\r\n", "\n") == friend.note


def test_the_pasted_list_comes_in_many_shapes(generated: GeneratedState) -> None:
    pasted = text(generated, "paste.txt")
    for shape in (r"^- \w", r"<\S+@example\.\w+>$", r"^\d+\. ", r"^[^,\n]+, [^,\n]+, .*555", r"\t", r"^$"):
        assert re.search(shape, pasted, re.MULTILINE), shape


# The contents of each file: people, and unreadable rows (intended in the broken ones).
PLAIN = ("google_old.csv", "outlook_com.csv", "outlook_desktop.csv", "spanish.csv", "semicolon.csv", "tab.txt")
READ = dict.fromkeys((*PLAIN, "apple.vcf", "google.vcf", "paste.txt"), (48, 0)) | {
    "google_new.csv": (212, 0),
    "broken.csv": (46, 2),
    "android.vcf": (47, 1),
}


def test_every_file_is_read_with_exact_counts(generated: GeneratedState) -> None:
    found = {}
    for path in (generated.path / "contacts").iterdir():
        with path.open("rb") as file:
            parsed = read_text(path.read_text()) if path.name == "paste.txt" else read_file(file)
        found[path.name] = (len(parsed.contacts), len(parsed.bad))
    assert found == READ
