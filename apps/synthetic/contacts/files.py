"""Write the contact files."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from apps.synthetic.contacts import columns, dialects, vcards
from apps.synthetic.contacts.mix import Clerk, make_book
from apps.synthetic.sample import SampledVoter
from apps.synthetic.tables import load_csv

_SMALL = 48  # contacts of every file but the first
_NEXT = 24  # offset of the next file's contacts, so that consecutive files share half of their people

# name, header, row, encoding, delimiter
_CSV: tuple[tuple[str, list[str], Callable[[SampledVoter], dialects.CsvRow], str, str], ...] = (
    ("google_old.csv", columns.GOOGLE_OLD, dialects.google_old, "utf-8", ","),
    ("outlook_com.csv", columns.OUTLOOK_COM, dialects.outlook_com, "utf-8-sig", ","),
    ("outlook_desktop.csv", columns.OUTLOOK_DESKTOP, dialects.outlook_desktop, "cp1252", ","),
    ("spanish.csv", columns.SPANISH, dialects.spanish, "cp1252", ";"),
    ("semicolon.csv", columns.PLAIN, dialects.plain, "utf-8", ";"),
    ("tab.txt", columns.PLAIN, dialects.plain, "utf-16", "\t"),
)


def write_contacts(on_roll: Sequence[SampledVoter], rows: int, seed: int, folder: Path) -> dict[str, int]:
    """Write every dialect and return the contacts of each file: `rows` in google_new.csv, 48 in the others."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng([seed, 8])
    friends = _friends()
    book = [*friends, *make_book(on_roll, rows - len(friends), rng)]
    main = _csv_text(columns.GOOGLE_NEW, [dialects.google_new(person) for person in book], ",")
    _write(folder / "google_new.csv", main, "utf-8-sig")
    count = {"google_new.csv": len(book)}
    for number, (name, header, row, encoding, delimiter) in enumerate(_CSV):
        part = _slice(book, number + 1)
        _write(folder / name, _csv_text(header, [row(person) for person in part], delimiter), encoding)
        count[name] = len(part)
    _write(folder / "broken.csv", _broken(_slice(book, 7)), "utf-8")
    count["broken.csv"] = len(_slice(book, 7))
    cards = {
        "apple.vcf": vcards.apple(part := _slice(book, 8), Clerk(rng)),
        "android.vcf": vcards.android(_slice(book, 9)),
        "google.vcf": vcards.google(_slice(book, 10)),
        "paste.txt": vcards.pasted(_slice(book, 11)),
    }
    for name, text in cards.items():
        _write(folder / name, text, "utf-8")
        count[name] = len(part)
    return count


def _friends() -> list[SampledVoter]:
    """Return the contacts that screenshots show."""
    return [
        SampledVoter(
            row["first"],
            row["last"],
            city=row["city"],
            state=row["state"],
            phones=tuple(p for p in row["phones"].split("|") if p),
            emails=tuple(m for m in row["emails"].split("|") if m),
        )
        for row in load_csv("demo_contacts.csv")
    ]


def _slice(book: Sequence[SampledVoter], number: int) -> list[SampledVoter]:
    size = min(_SMALL, len(book))
    return [book[(number * _NEXT + i) % len(book)] for i in range(size)]


def _csv_text(header: Sequence[str], rows: Sequence[dialects.CsvRow], delimiter: str) -> str:
    """Return CSV text as programs write it: quotes where needed, CR LF, missing values empty."""
    text = io.StringIO()
    out = csv.DictWriter(text, list(header), restval="", delimiter=delimiter, lineterminator="\r\n")
    out.writeheader()
    out.writerows(rows)
    return text.getvalue()


def _broken(book: Sequence[SampledVoter]) -> str:
    """Return a file in Google's format with two bad rows: an unclosed quote, and two cells too many."""
    lines = _csv_text(columns.GOOGLE_NEW, [dialects.google_new(p.replaced(note="", street="")) for p in book], ",")
    rows = lines.split("\r\n")
    rows[len(rows) // 3] += ",one,more"
    rows[len(rows) // 2] = rows[len(rows) // 2].replace(",* myContacts", ',"* myContacts', 1)
    return "\r\n".join(rows)


def _write(path: Path, text: str, encoding: str) -> None:
    """Write text without changing line breaks; UTF-16 with a byte order mark, little-endian on every machine."""
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
    path.write_bytes(data)
