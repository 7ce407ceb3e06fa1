"""The full-text table beside the documents, one dialect a database: FTS5, PostgreSQL's tsvector, or plain text.

All of them hold the folded words of apps.sitesearch.tokens, and terms are letters and digits only: what a person
typed never reaches an engine's syntax, and it is a parameter on top of that.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .tokens import Term

# A word in a title weighs as much as ten in the text.
TITLE_WEIGHT = 10
# PostgreSQL counts no place in a text beyond this one.
LAST_PLACE = 16383


class IndexedText(NamedTuple):
    """A document's number and its folded words."""

    number: int
    title: list[str]
    text: list[str]


class Match(NamedTuple):
    """A condition and an order (the best first), each with its parameters."""

    where: str
    order: str
    where_values: list[str]
    order_values: list[str]


class Dialect(ABC):
    """How one kind of table is filled and asked."""

    insert: ClassVar[str]

    def fill(self, rows: Sequence[IndexedText]) -> None:
        """Put rows in place of those of the same numbers; inside the caller's transaction."""
        self.empty([row.number for row in rows])
        with connection.cursor() as cursor:
            cursor.executemany(self.insert, [self.values(row) for row in rows])

    def empty(self, numbers: Sequence[int]) -> None:
        """Drop rows by their numbers."""
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM sitesearch_text WHERE rowid = %s", [(number,) for number in numbers])

    @abstractmethod
    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return what `insert` takes."""

    @abstractmethod
    def match(self, terms: Sequence[Term]) -> Match:
        """Return what finds the documents that hold all terms."""


class Plain(Dialect):
    """A table of words, read from end to end: for a SQLite that was built without FTS5."""

    insert = "INSERT INTO sitesearch_text (rowid, title, text) VALUES (%s, %s, %s)"

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return words with blanks around each."""
        return row.number, f" {' '.join(row.title)} ", f" {' '.join(row.text)} "

    def match(self, terms: Sequence[Term]) -> Match:
        """Look for each term; documents with the first one in their title come first."""
        patterns = [f"% {term.text}{'' if term.prefix else ' '}%" for term in terms]
        where = " AND ".join("sitesearch_text.title || sitesearch_text.text LIKE %s" for _ in terms)
        return Match(where, "sitesearch_text.title NOT LIKE %s", patterns, patterns[:1])


class Fts5(Dialect):
    """SQLite's own full text."""

    insert = Plain.insert

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return words with blanks between."""
        return row.number, " ".join(row.title), " ".join(row.text)

    def match(self, terms: Sequence[Term]) -> Match:
        """Ask for each term as a quoted string."""
        asked = " ".join(f'"{term.text}"{"*" if term.prefix else ""}' for term in terms)
        return Match("sitesearch_text MATCH %s", f"bm25(sitesearch_text, {TITLE_WEIGHT}.0, 1.0)", [asked], [])


class Tsvector(Dialect):
    """PostgreSQL's full text; lexemes and places are ours, so its parser and its dictionaries have no say."""

    insert = "INSERT INTO sitesearch_text (rowid, words) VALUES (%s, %s::tsvector)"

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return the words as lexemes with their places, A for the title and D for the text."""
        weights = ["A"] * len(row.title) + ["D"] * len(row.text)
        places = enumerate(zip([*row.title, *row.text], weights, strict=True), start=1)
        return row.number, " ".join(f"'{word}':{min(place, LAST_PLACE)}{weight}" for place, (word, weight) in places)

    def match(self, terms: Sequence[Term]) -> Match:
        """Ask for each term as a quoted lexeme; the weights are D, C, B, A."""
        asked = " & ".join(f"'{term.text}'{':*' if term.prefix else ''}" for term in terms)
        rank = f"ts_rank('{{{1 / TITLE_WEIGHT},0,0,1}}', sitesearch_text.words, %s::tsquery) DESC"
        return Match("sitesearch_text.words @@ %s::tsquery", rank, [asked], [asked])


def dialect() -> Dialect:
    """Return the dialect of the table that the migration made."""
    if connection.vendor == "postgresql":
        return Tsvector()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'sitesearch_text'")
        return Fts5() if "fts5" in cursor.fetchone()[0].lower() else Plain()


FTS5_TABLE = (
    "CREATE VIRTUAL TABLE sitesearch_text USING fts5"
    "(title, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4')"
)
PLAIN_TABLE = "CREATE TABLE sitesearch_text (rowid INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL)"
POSTGRESQL_TABLE = (
    "CREATE TABLE sitesearch_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX sitesearch_text_words ON sitesearch_text USING GIN (words)",
)


def create_table(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the full-text table; called by the migration. SQLite without FTS5 gets a plain table."""
    if editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL_TABLE:
            editor.execute(statement)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        fts5 = cursor.fetchone()[0]
    editor.execute(FTS5_TABLE if fts5 else PLAIN_TABLE)


def drop_table(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the full-text table."""
    editor.execute("DROP TABLE sitesearch_text")
