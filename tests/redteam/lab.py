"""What an attack gets: the installation, what attackers know, and how many targets and accounts it has."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .browser import Browser
from .installation import Installation
from .outcomes import Outcome
from .world import Row, World, born

# Rows of a first import.
BOOK: Final = 10_000


@dataclass(frozen=True)
class Lab:
    """One run of the red team on one installation."""

    house: Installation
    number: int

    @property
    def world(self) -> World:
        """Return what attackers know."""
        return self.house.world

    def targets(self, salt: str, most: int = 1_000_000) -> list[Row]:
        """Return the targets of an attack."""
        return self.world.targets(min(self.number, most), salt)

    def outcome(
        self, attack: str, accounts: int, hits: Sequence[bool], guessed: Sequence[bool] = (), note: str = ""
    ) -> Outcome:
        """Return the outcome of an attack: which targets are learned, and which the best guess gets right (none)."""
        return Outcome.judged(attack, self.world.roll, accounts, hits, guessed or [False] * len(hits), note)

    def uploads(self, browsers: Sequence[Browser], rows: Sequence[Row], header: Sequence[str]) -> list[Row]:
        """Share rows among accounts, a book each; return what their exports say of them."""
        books = [rows[at :: len(browsers)][:BOOK] for at in range(len(browsers))]

        def upload(browser: Browser, book: Sequence[Row]) -> list[Row]:
            browser.upload(book, header)
            return browser.contacts()

        found = self.house.each(lambda pair: upload(*pair), list(zip(browsers, books, strict=True)))
        return [row for book in found for row in book]

    def look_ups(self, browsers: Sequence[Browser], queries: Iterable[Row]) -> list[bool]:
        """Look people up, three a day and account; return which are "registered", in order."""
        queries = list(queries)
        found: list[bool] = []
        a_day = 3 * len(browsers)
        for start in range(0, len(queries), a_day):
            if start:
                self.house.pass_days(1)
            today = queries[start : start + a_day]
            shares = [today[at :: len(browsers)] for at in range(len(browsers))]
            pairs = list(zip(browsers, shares, strict=True))
            # All are started before the first answer is awaited: answers appear on a tick.
            urls = self.house.each(lambda pair: [pair[0].look_up(query) for query in pair[1]], pairs)
            asked = list(zip(browsers, urls, strict=True))
            answers = self.house.each(lambda pair: [bool(url) and pair[0].answer(url) for url in pair[1]], asked)
            found += [answers[at % len(browsers)][at // len(browsers)] for at in range(len(today))]
        return found


def as_query(row: Row, **changed: str) -> Row:
    """Return what somebody types who knows everything of a voter but what is changed."""
    return row | {"born": born(row)} | changed


Attack = Callable[[Lab], Iterable[Outcome]]
