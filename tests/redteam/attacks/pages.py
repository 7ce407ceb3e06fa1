"""Attacks by the pages that count and sort contacts: list, filters, search, map, campaigns, and one contact's page.

Two accounts keep the same voters, whose names alone are enough. One account has each voter's own ZIP code, the other
has the ZIP codes of the same voters passed on by one. What the owners supplied is the same in sum, so that a page that
differs tells whose ZIP code is right.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..browser import Browser
from ..lab import Lab
from ..outcomes import Outcome
from ..world import Row

BOOK: Final = 20
HEADER: Final = ("first_name", "last_name", "city", "zip")
LAYERS: Final = ("cd", "county", "sldu", "sldl")
PIECE: Final = re.compile(r"<[^>]+>|[^<]+")
STATUSES: Final = ("registered", "likely", "unclear", "not_found")


def counts_and_filters(lab: Lab) -> Iterator[Outcome]:
    """Compare all pages of the two accounts; a target is learned if a page of its book differs."""
    with lab.house.fresh():
        targets = _found_by_name(lab, lab.targets("pages"))
        books = [book for start in range(0, len(targets), BOOK) if len(book := targets[start : start + BOOK]) > 1]
        accounts = lab.house.accounts(2 * len(books))
        pairs = list(zip(books, accounts[::2], accounts[1::2], strict=True))
        differ = lab.house.each(lambda pair: _differs(*pair), pairs)
    hits = [bool(lines) for book, lines in zip(books, differ, strict=True) for _row in book]
    example = next((lines for lines in differ if lines), "")
    yield lab.outcome("pages that count and filter: ZIP codes", 2 * len(books), hits, (), example[:300])


def _found_by_name(lab: Lab, targets: Sequence[Row]) -> list[Row]:
    """Return the targets that are registered by their names alone, ordered so that neighbors differ in ZIP code."""
    browser = lab.house.accounts(1)[0]
    browser.upload(targets, HEADER[:2])
    status = Counter(
        (row["first_name"], row["last_name"]) for row in browser.contacts() if row["status"] == "registered"
    )
    found = sorted(
        (row for row in targets if status[row["first_name"], row["last_name"]] == 1), key=lambda row: row["zip"]
    )
    half = (len(found) + 1) // 2
    return [row for pair in zip(found[:half], found[half:], strict=False) for row in pair]


def _differs(book: Sequence[Row], right: Browser, wrong: Browser) -> str:
    """Return the lines in which the pages of the two accounts differ."""
    passed_on = [
        row | {name: other[name] for name in ("city", "zip")}
        for row, other in zip(book, [*book[1:], book[0]], strict=True)
    ]
    right.upload(book, HEADER)
    wrong.upload(passed_on, HEADER)
    one, other = _lines(right), _lines(wrong)
    return str((sorted((one - other).elements()), sorted((other - one).elements()))) if one != other else ""


def _lines(browser: Browser) -> Counter[str]:
    """Return the tags and texts of every page that shows contacts, without digits and the account's email address.

    One by one, because a line has the name of a contact beside the city that its owner supplied.
    """
    paths = ["/contacts/", "/contacts/imports/", "/ask/", "/ask/1/"]
    paths += [f"/contacts/where/?layer={layer}" for layer in LAYERS]
    paths += [f"/contacts/?status={status}" for status in STATUSES]
    return Counter(
        f"{path} {piece.strip()}"
        for path in paths
        for line in browser.lines(path)
        for piece in PIECE.findall(line)
        if "@example.org" not in piece
    )
